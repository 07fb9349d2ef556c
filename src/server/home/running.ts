import { z } from 'zod';
import { isErrno } from '../../util/errno.ts';
import type { Home } from './paths.ts';
import { readIfPresent } from './private-file.ts';

/** How the commands find the server that runs on this machine. */
export type RunningServer = z.infer<typeof runningServer>;

const runningServer = z.object({
  /** Told apart from another server that got the same port later. */
  instance: z.string(),
  url: z.url(),
  port: z.number().int(),
  pid: z.number().int(),
  /** ISO 8601. */
  startedAt: z.string(),
  version: z.string(),
});

/** Where every server tells who it is, without a key. */
export const HEALTH_PATH = '/health';

/** What `GET /health` answers at least. `findRunningServer` looks for `service` and `instance`. */
export function healthAnswer(server: { readonly instance: string; readonly version: string }) {
  return { status: 'ok', service: 'samtal', version: server.version, instance: server.instance } as const;
}

/**
 * The server of this home, or undefined where none answers: nothing is written, its process is gone, or
 * something else has its port. A leftover file is left for the next server to replace.
 */
export async function findRunningServer(home: Home): Promise<RunningServer | undefined> {
  const server = parseRunning(await readIfPresent(home.runningFile));
  return server && isProcessAlive(server.pid) && (await answers(server)) ? server : undefined;
}

function parseRunning(text: string | undefined): RunningServer | undefined {
  if (text === undefined) return undefined;
  try {
    return runningServer.safeParse(JSON.parse(text)).data;
  } catch {
    // A file that is no JSON was not written by a server: the same as none.
    return undefined;
  }
}

export function isProcessAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to another user.
    return isErrno(error, 'EPERM');
  }
}

const healthBody = z.object({ service: z.literal('samtal'), instance: z.string() });

async function answers(server: RunningServer): Promise<boolean> {
  try {
    const response = await fetch(new URL(HEALTH_PATH, server.url), {
      redirect: 'error',
      signal: AbortSignal.timeout(2000),
    });
    return healthBody.safeParse(await response.json()).data?.instance === server.instance;
  } catch (error) {
    // A server that is only slow has the port still; refused or not JSON means it has not.
    return error instanceof Error && error.name === 'TimeoutError';
  }
}
