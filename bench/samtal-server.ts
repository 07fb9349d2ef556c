import { forkServer } from './forked-server.ts';

export type Question = 'key' | 'memory' | 'watch loop' | 'loop delay';

/** In bytes, after a forced collection. */
export interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
}

/** What a timer of 1 ms waits, so that an idle loop has a little more than 1. */
export interface LoopDelay {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** How long the language model of the deployment `slow` takes for each word. */
export const SLOW_WORD_MS = 40;

/**
 * The whole server in a process of its own. Its deployments: `real` hears with pocketsphinx and speaks with
 * flite; `slow` speaks what is written slowly; `fake` has no engine that computes. Their language models are
 * fakes that repeat the last message.
 */
export interface SamtalServer extends AsyncDisposable {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** @throws when the answer is not a success. */
  post(path: string, body: string | Uint8Array<ArrayBuffer> | FormData): Promise<Response>;
  memory(): Promise<Memory>;
  watchLoop(): Promise<void>;
  /** Since `watchLoop`. */
  loopDelay(): Promise<LoopDelay>;
}

export async function startSamtal(): Promise<SamtalServer> {
  const server = await forkServer('./samtal-child.ts');
  const ask = async (question: Question): Promise<unknown> => await server.ask(question);
  const key = String(await ask('key'));
  const json = { 'content-type': 'application/json' };
  return {
    url: server.url,
    headers: { 'api-key': key, ...json },
    post: async (path, body) => {
      const headers = { 'api-key': key, ...(body instanceof FormData ? {} : json) };
      const response = await fetch(new URL(path, server.url), { method: 'POST', headers, body });
      if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
      return response;
    },
    // The child answers each question with the shape that is declared here.
    memory: async () => (await ask('memory')) as Memory,
    watchLoop: async () => {
      await ask('watch loop');
    },
    loopDelay: async () => (await ask('loop delay')) as LoopDelay,
    [Symbol.asyncDispose]: async () => await server[Symbol.asyncDispose](),
  };
}
