import { forkServer } from './forked-server.ts';

export type RealtimeQuestion = 'key' | 'cpu';

/** Something that takes sessions, in a process of its own. */
export interface RealtimeServer extends AsyncDisposable {
  /** Where a session opens, `ws:`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The milliseconds that all cores have spent on the process since it began. */
  cpuMs(): Promise<number>;
}

/** The whole server, with instant engines and the WebRTC detector of voice activity. */
export async function startRealtime(): Promise<RealtimeServer> {
  const server = await forkServer('./realtime-child.ts');
  const question: RealtimeQuestion = 'key';
  const headers = { 'api-key': String(await server.ask(question)) };
  return toRealtimeServer(server, '/openai/v1/realtime?model=talk', headers);
}

/** The least that could take the same frames. */
export async function startFloor(): Promise<RealtimeServer> {
  return toRealtimeServer(await forkServer('./realtime-floor-child.ts'), '/', {});
}

/** Of this process. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function toRealtimeServer(
  server: Awaited<ReturnType<typeof forkServer>>,
  path: string,
  headers: Readonly<Record<string, string>>,
): RealtimeServer {
  const question: RealtimeQuestion = 'cpu';
  return {
    url: new URL(path, server.url).href.replace(/^http/, 'ws'),
    headers,
    cpuMs: async () => Number(await server.ask(question)),
    [Symbol.asyncDispose]: async () => await server[Symbol.asyncDispose](),
  };
}
