import { unlessAborted } from '../abort.ts';
import { Channel } from '../channel.ts';
import { deferred } from '../deferred.ts';
import { EngineError } from '../errors.ts';
import type { RunOptions } from './job-pool.ts';
import type { JobPort } from './job-port.ts';
import { type FromWorker, INPUTS_AHEAD, OUTPUTS_AHEAD } from './protocol.ts';

export interface JobOptions {
  readonly id: number;
  readonly engine: string;
  readonly port: JobPort;
  readonly graceMs: number;
}

/** One job on one worker, seen from the caller's side. */
export class Job {
  readonly id: number;
  readonly #options: JobOptions;
  readonly #outputs = new Channel<{ readonly value: unknown }>(OUTPUTS_AHEAD);
  readonly #ended = deferred();
  readonly #stop = new AbortController();
  #feedCredit = INPUTS_AHEAD;
  #wanted = deferred();

  constructor(options: JobOptions) {
    this.id = options.id;
    this.#options = options;
  }

  /** Resolves when the worker has let go of the job, which may be after the caller has. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  receive(message: Exclude<FromWorker, { type: 'ready' }>): void {
    switch (message.type) {
      case 'output':
        this.#outputs.post({ value: message.value });
        return;
      case 'want':
        this.#feedCredit += 1;
        this.#wanted.resolve();
        return;
      case 'end':
        if (message.failure) this.fail(toEngineError(this.#options.engine, message.failure));
        else this.#finish();
        return;
    }
  }

  fail(error: EngineError): void {
    this.#outputs.fail(error);
    this.#finish();
  }

  async *outputs(method: string, input: unknown, options: RunOptions): AsyncGenerator<unknown, void, void> {
    const { port } = this.#options;
    port.post({ type: 'start', job: this.id, method, input }, options.transfer);
    const feeding = options.feed ? this.#feed(options.feed) : Promise.resolve();
    const onAbort = (): void => this.#outputs.fail(options.signal.reason);
    options.signal.addEventListener('abort', onAbort, { once: true });
    if (options.signal.aborted) onAbort();
    try {
      for await (const { value } of this.#outputs) {
        options.signal.throwIfAborted();
        port.post({ type: 'pull', job: this.id });
        yield value;
      }
    } finally {
      options.signal.removeEventListener('abort', onAbort);
      this.#cancel();
      await feeding;
    }
  }

  async #feed(source: AsyncIterable<unknown>): Promise<void> {
    const { port } = this.#options;
    const iterator = source[Symbol.asyncIterator]();
    try {
      for (;;) {
        const step = await unlessAborted(iterator.next(), this.#stop.signal);
        if (step.done) break;
        await this.#room();
        port.post({ type: 'feed', job: this.id, value: step.value });
      }
      port.post({ type: 'feed-end', job: this.id });
    } catch (error) {
      // When the job has ended first, what its source still had to say is of no use to anybody.
      if (!this.#stop.signal.aborted) this.#outputs.fail(error);
      void iterator.return?.().catch(() => {});
    }
  }

  async #room(): Promise<void> {
    this.#feedCredit -= 1;
    while (this.#feedCredit < 0) {
      this.#wanted = deferred();
      await unlessAborted(this.#wanted.promise, this.#stop.signal);
    }
  }

  #cancel(): void {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    this.#options.port.post({ type: 'cancel', job: this.id });
    const timer = setTimeout(() => this.#options.port.kill(), this.#options.graceMs);
    void this.#ended.promise.then(() => clearTimeout(timer));
  }

  #finish(): void {
    this.#outputs.close();
    this.#stop.abort();
    this.#ended.resolve();
  }
}

function toEngineError(
  engine: string,
  failure: {
    readonly message: string;
    readonly reason: EngineError['reason'];
    readonly stack?: string | undefined;
  },
): EngineError {
  return new EngineError(engine, failure.reason, failure.message, failure.stack);
}
