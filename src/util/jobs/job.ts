import { OVER, unlessAborted } from '../abort.ts';
import { Channel } from '../channel.ts';
import { deferred } from '../deferred.ts';
import { EngineError } from '../errors.ts';
import type { RunOptions } from './job-pool.ts';
import type { JobPort } from './job-port.ts';
import { type FromJob, INPUTS_AHEAD, type JobFailure, OUTPUTS_AHEAD } from './protocol.ts';

export interface JobOptions {
  readonly id: number;
  readonly engine: string;
  readonly port: JobPort;
  readonly graceMs: number;
  /** Called when the job goes on `graceMs` after its cancel; `isFrozen` when the worker has not even read it. */
  readonly onStuck: (isFrozen: boolean) => void;
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
  #cancelIsRead = false;

  constructor(options: JobOptions) {
    this.id = options.id;
    this.#options = options;
  }

  /** Resolves when the worker has let go of the job, which may be after the caller has. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  receive(message: FromJob): void {
    switch (message.type) {
      case 'output':
        this.#outputs.post({ value: message.value });
        return;
      case 'want':
        this.#feedCredit += 1;
        this.#wanted.resolve();
        return;
      case 'cancelling':
        this.#cancelIsRead = true;
        return;
      case 'end':
        if (message.failure) this.fail(toEngineError(this.#options.engine, message.failure));
        else this.#finish();
        return;
    }
  }

  fail(error: unknown): void {
    this.#outputs.fail(error);
    this.#finish();
  }

  async *outputs(method: string, input: unknown, options: RunOptions): AsyncGenerator<unknown, void, void> {
    this.#start(method, input, options.transfer);
    const feeding = options.feed ? this.#feed(options.feed) : Promise.resolve();
    const onAbort = (): void => {
      this.#outputs.fail(options.signal.reason);
      this.#cancel();
    };
    options.signal.addEventListener('abort', onAbort, { once: true });
    if (options.signal.aborted) onAbort();
    try {
      for await (const { value } of this.#outputs) {
        options.signal.throwIfAborted();
        this.#options.port.post({ type: 'pull', job: this.id });
        yield value;
      }
    } finally {
      options.signal.removeEventListener('abort', onAbort);
      this.#cancel();
      await feeding;
    }
  }

  #start(method: string, input: unknown, transfer: readonly ArrayBuffer[] = []): void {
    try {
      this.#options.port.post({ type: 'start', job: this.id, method, input }, transfer);
    } catch (error) {
      // The input can not be cloned: the worker has never heard of the job, so nothing else would end it.
      this.fail(error);
    }
  }

  async #feed(source: AsyncIterable<unknown>): Promise<void> {
    const { port } = this.#options;
    let iterator: AsyncIterator<unknown> | undefined;
    try {
      iterator = source[Symbol.asyncIterator]();
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
      // Not awaited: a generator that waits for its next item returns only after it has come.
      void iterator?.return?.().catch(() => {});
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
    this.#stop.abort(OVER);
    this.#options.port.post({ type: 'cancel', job: this.id });
    const timer = setTimeout(() => this.#options.onStuck(!this.#cancelIsRead), this.#options.graceMs);
    void this.#ended.promise.then(() => clearTimeout(timer));
  }

  #finish(): void {
    this.#outputs.close();
    this.#stop.abort(OVER);
    this.#ended.resolve();
  }
}

function toEngineError(engine: string, failure: JobFailure): EngineError {
  return new EngineError(engine, failure.reason, failure.message, failure.stack);
}
