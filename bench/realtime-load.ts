import { forkServer } from './forked-server.ts';

export interface OpenSessions {
  readonly type: 'open';
  /** `ws:` */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly sessions: number;
  /** Base64 of 20 ms each, for ever repeated: what is said, and then silence. */
  readonly frames: readonly string[];
  /** What each session sends first. */
  readonly greeting: object;
  /** After this frame a session asks for a response to the turn that has ended. */
  readonly askAfter: number;
}

export type LoadQuestion =
  | OpenSessions
  | { readonly type: 'stream'; readonly seconds: number }
  | { readonly type: 'close' };

/** What came of streaming for a while. */
export interface Streamed {
  /** From each request for a response to its first audio. */
  readonly delaysMs: readonly number[];
  /** How late the load itself sent its frames, p99: a part of the delays that is not the server's. */
  readonly lateMs: number;
}

/** Sessions that speak in real time, from a process of their own. */
export interface RealtimeLoad extends AsyncDisposable {
  open(sessions: Omit<OpenSessions, 'type'>): Promise<void>;
  /** They speak from when they are open on; this tells of the next `seconds`. */
  stream(seconds: number): Promise<Streamed>;
  close(): Promise<void>;
}

export async function startLoad(): Promise<RealtimeLoad> {
  const child = await forkServer('./realtime-load-child.ts');
  const ask = async (question: LoadQuestion): Promise<unknown> => await child.ask(question);
  return {
    open: async (sessions) => {
      await ask({ type: 'open', ...sessions });
    },
    // The child answers with the shape that is declared here.
    stream: async (seconds) => (await ask({ type: 'stream', seconds })) as Streamed,
    close: async () => {
      await ask({ type: 'close' });
    },
    [Symbol.asyncDispose]: async () => await child[Symbol.asyncDispose](),
  };
}
