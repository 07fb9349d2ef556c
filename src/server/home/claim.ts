import { open, rm, stat } from 'node:fs/promises';
import { isErrno } from '../../util/errno.ts';
import { newId } from '../../util/ids.ts';
import type { Home } from './paths.ts';
import { ensurePrivateDirectory, readIfPresent, writePrivateFile } from './private-file.ts';
import { findRunningServer, isProcessAlive } from './running.ts';

/** The right of one server to write in its home. */
export interface HomeClaim {
  /** For `healthAnswer`. */
  readonly instance: string;
  /** Tells the other commands where the server answers; call it once the port is open. */
  announce(address: { readonly url: string; readonly port: number }): Promise<void>;
  /** Gives the home back. May be called twice. */
  release(): Promise<void>;
}

/** Another server uses the home; the message says what to do. */
export class HomeInUseError extends Error {
  override readonly name = 'HomeInUseError';
}

/** How long a server may take from its claim to its open port. */
const STARTING_MS = 60_000;

const claimedHere = new Set<string>();

/**
 * Takes the home for this server. What a crashed server left behind is cleared away.
 * @throws {HomeInUseError} while another server runs on it.
 */
export async function claimHome(home: Home, server: { readonly version: string }): Promise<HomeClaim> {
  await ensurePrivateDirectory(home.directory);
  await takeClaimFile(home);
  claimedHere.add(home.claimFile);
  const instance = newId('server_');
  return {
    instance,
    async announce({ url, port }) {
      const startedAt = new Date().toISOString();
      const record = { instance, url, port, pid: process.pid, startedAt, version: server.version };
      await writePrivateFile(home.runningFile, `${JSON.stringify(record, null, 2)}\n`);
    },
    async release() {
      if (!claimedHere.delete(home.claimFile)) return;
      await rm(home.runningFile, { force: true });
      await rm(home.claimFile, { force: true });
    },
  };
}

async function takeClaimFile(home: Home): Promise<void> {
  if (await createClaimFile(home.claimFile)) return;
  await refuseIfHeld(home);
  await rm(home.runningFile, { force: true });
  await rm(home.claimFile, { force: true });
  if (!(await createClaimFile(home.claimFile))) {
    throw new HomeInUseError(`another server has just started with the home ${home.directory}; use that one`);
  }
}

/** False when it exists already; creating is the one step that two servers can not both make. */
async function createClaimFile(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(`${process.pid}\n`);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  }
}

async function refuseIfHeld(home: Home): Promise<void> {
  const running = await findRunningServer(home);
  if (running) {
    throw new HomeInUseError(
      `a server with the home ${home.directory} answers at ${running.url} already (process ${running.pid}). ` +
        'Use that one, stop it, or give this one a home of its own with SAMTAL_HOME',
    );
  }
  if (await isStarting(home)) {
    throw new HomeInUseError(
      `a server with the home ${home.directory} is starting or stopping. Try again in a moment; ` +
        `if none is, delete ${home.claimFile}`,
    );
  }
}

/**
 * A process number alone proves nothing: after a restart it belongs to another program, in a container
 * even to this one. So a claim without an answering server counts only while it is fresh.
 */
async function isStarting(home: Home): Promise<boolean> {
  if (claimedHere.has(home.claimFile)) return true;
  const claim = await readIfPresent(home.claimFile);
  if (claim === undefined) return false;
  const pid = Number.parseInt(claim, 10);
  if (pid === process.pid || (pid > 0 && !isProcessAlive(pid))) return false;
  const { mtimeMs } = await stat(home.claimFile);
  return Date.now() - mtimeMs < STARTING_MS;
}
