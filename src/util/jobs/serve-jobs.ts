import { parentPort } from 'node:worker_threads';
import { Channel } from '../channel.ts';
import { deferred } from '../deferred.ts';
import { EngineError } from '../errors.ts';
import { type FromWorker, INPUTS_AHEAD, type JobFailure, OUTPUTS_AHEAD, type ToWorker } from './protocol.ts';

export interface JobContext {
  readonly signal: AbortSignal;
  /** What the caller feeds while the job runs; ends when the caller's iterable ends, throws when cancelled. */
  readonly feed: AsyncIterable<unknown>;
}

export type JobHandler = (input: never, context: JobContext) => AsyncIterable<unknown> | Iterable<unknown>;

/** An output whose buffers are moved to the reader rather than copied. Worker threads only. */
export class Transferred {
  readonly value: unknown;
  readonly buffers: readonly ArrayBuffer[];

  constructor(value: unknown, buffers: readonly ArrayBuffer[]) {
    this.value = value;
    this.buffers = buffers;
  }
}

/** Runs in the worker: answers the `JobPool` that started it, one generator a job. */
export function serveJobs(handlers: Readonly<Record<string, JobHandler>>): void {
  const jobs = new Map<number, RunningJob>();
  const port = workerPort((message) => {
    if (message.type === 'ping') {
      port.post({ type: 'pong' });
    } else if (message.type === 'start') {
      const job = new RunningJob(message.job, port.post);
      jobs.set(message.job, job);
      void job.run(handlers[message.method], message.input).finally(() => jobs.delete(message.job));
    } else {
      jobs.get(message.job)?.receive(message);
    }
  });
  port.post({ type: 'ready' });
}

type Post = (message: FromWorker, buffers?: readonly ArrayBuffer[]) => void;

class RunningJob {
  readonly #id: number;
  readonly #post: Post;
  readonly #abort = new AbortController();
  readonly #fed = new Channel<{ readonly value: unknown }>(INPUTS_AHEAD);
  #credit = OUTPUTS_AHEAD;
  #pulled = deferred();

  constructor(id: number, post: Post) {
    this.#id = id;
    this.#post = post;
  }

  receive(message: Exclude<ToWorker, { type: 'start' | 'ping' }>): void {
    switch (message.type) {
      case 'feed':
        this.#fed.post({ value: message.value });
        return;
      case 'feed-end':
        this.#fed.close();
        return;
      case 'pull':
        this.#credit += 1;
        this.#pulled.resolve();
        return;
      case 'cancel':
        this.#abort.abort();
        this.#fed.discard(() => true);
        this.#fed.fail(this.#abort.signal.reason);
        this.#pulled.resolve();
        this.#post({ type: 'cancelling', job: this.#id });
        return;
    }
  }

  async run(handler: JobHandler | undefined, input: unknown): Promise<void> {
    try {
      if (!handler) throw new Error('The worker has no such method.');
      const context = { signal: this.#abort.signal, feed: this.#feed() };
      // Both ends of a job are ours and typed by the pool; the channel between them is not.
      for await (const output of handler(input as never, context)) {
        this.#send(output);
        await this.#room();
        if (this.#abort.signal.aborted) break;
      }
      this.#post({ type: 'end', job: this.#id });
    } catch (error) {
      this.#post({ type: 'end', job: this.#id, failure: toFailure(error) });
    }
  }

  #send(output: unknown): void {
    if (output instanceof Transferred) {
      this.#post({ type: 'output', job: this.#id, value: output.value }, output.buffers);
    } else {
      this.#post({ type: 'output', job: this.#id, value: output });
    }
  }

  async #room(): Promise<void> {
    this.#credit -= 1;
    await messagesRead();
    while (this.#credit <= 0 && !this.#abort.signal.aborted) {
      this.#pulled = deferred();
      await this.#pulled.promise;
    }
  }

  async *#feed(): AsyncGenerator<unknown> {
    for await (const { value } of this.#fed) {
      this.#post({ type: 'want', job: this.#id });
      await messagesRead();
      this.#abort.signal.throwIfAborted();
      yield value;
    }
  }
}

/** Messages are read between macrotasks, so a cancel is seen only if the job lets one pass. */
function messagesRead(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function toFailure(error: unknown): JobFailure {
  if (error instanceof EngineError)
    return { message: error.message, reason: error.reason, stack: error.stack };
  if (error instanceof Error) return { message: error.message, reason: 'failed', stack: error.stack };
  return { message: String(error), reason: 'failed' };
}

function workerPort(onMessage: (message: ToWorker) => void): { readonly post: Post } {
  if (parentPort) {
    const port = parentPort;
    port.on('message', onMessage);
    return { post: (message, buffers = []) => port.postMessage(message, [...buffers]) };
  }
  process.on('message', (message) => onMessage(message as ToWorker));
  process.on('disconnect', () => process.exit(0));
  return { post: (message) => void process.send?.(message) };
}
