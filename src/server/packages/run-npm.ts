import { spawn } from 'node:child_process';
import { isErrno } from '../../util/errno.ts';
import { PackageError, type PackageErrorReason } from './package-error.ts';

/**
 * No script of a package is run. The folder is laid out as the catalogue expects, whatever the user's own settings
 * are; registry, proxy and credentials are theirs.
 */
const ARGUMENTS = [
  'ci',
  '--prefix=.',
  '--ignore-scripts',
  '--install-strategy=hoisted',
  '--no-bin-links',
  '--no-audit',
  '--no-fund',
  '--no-dry-run',
  '--json',
  '--fetch-retries=2',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=5000',
] as const;

/** Far more than npm says about one fault. */
const MOST_OUTPUT = 1_000_000;

/**
 * Lets npm install what the lockfile in `folder` pins.
 * @throws {PackageError} for whatever npm can not do; the reason of `signal` when that is aborted.
 */
export async function installLocked(folder: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { code, output } = await run(folder, signal);
  signal.throwIfAborted();
  if (code !== 0) throw toPackageError(output);
}

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

async function run(cwd: string, signal: AbortSignal): Promise<Ended> {
  return await new Promise((resolve, reject) => {
    // On Windows npm is a script for the command interpreter; no argument needs quotes.
    const shell = process.platform === 'win32';
    const child = spawn('npm', ARGUMENTS, { cwd, shell, stdio: ['ignore', 'pipe', 'ignore'] });
    const onAbort = (): void => void child.kill();
    signal.addEventListener('abort', onAbort, { once: true });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (output.length < MOST_OUTPUT) output += text;
    });
    child.on('error', (error) => {
      signal.removeEventListener('abort', onAbort);
      reject(isErrno(error, 'ENOENT') ? noNpm(error) : error);
    });
    child.on('close', (code) => {
      signal.removeEventListener('abort', onAbort);
      resolve({ code, output });
    });
  });
}

function noNpm(cause: Error): PackageError {
  const remedy = 'It comes with Node.js: install that from https://nodejs.org, and pull again.';
  return new PackageError(
    'no-npm',
    `Packages are pulled by the program npm, which is not on PATH. ${remedy}`,
    cause,
  );
}

/** What npm itself can meet. */
type NpmFault = Exclude<PackageErrorReason, 'foreign' | 'no-npm'>;

interface Fault {
  readonly code: string;
  readonly summary: string;
}

function toPackageError(output: string): PackageError {
  const { code, summary } = readFault(output);
  const reason = REASONS[code] ?? 'failed';
  const told = `${summary.replace(/\.$/, '')}${code ? ` (${code})` : ''}`;
  return new PackageError(reason, `npm could not get the package: ${told}. ${REMEDIES[reason]}`);
}

/** npm with `--json` tells its fault as `{"error": {"code", "summary", "detail"}}`. */
function readFault(output: string): Fault {
  const unknown = { code: '', summary: 'it ended without saying why' };
  try {
    const told: unknown = JSON.parse(output);
    const error = typeof told === 'object' && told && 'error' in told ? told.error : undefined;
    if (typeof error !== 'object' || error === null) return unknown;
    const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
    const summary = 'summary' in error && typeof error.summary === 'string' ? error.summary : unknown.summary;
    return { code, summary };
  } catch {
    return unknown;
  }
}

const REASONS: Readonly<Record<string, NpmFault>> = {
  ENOTFOUND: 'offline',
  EAI_AGAIN: 'offline',
  ECONNREFUSED: 'offline',
  ECONNRESET: 'offline',
  ENETUNREACH: 'offline',
  EHOSTUNREACH: 'offline',
  ETIMEDOUT: 'offline',
  ERR_SOCKET_TIMEOUT: 'offline',
  /** The user has told npm to stay offline. */
  ENOTCACHED: 'offline',
  ENOSPC: 'no-room',
  EINTEGRITY: 'wrong-bytes',
  E401: 'refused',
  E403: 'refused',
  E404: 'refused',
  ETARGET: 'refused',
};

const REMEDIES: Readonly<Record<NpmFault, string>> = {
  'no-room': 'Make room on the disk, and pull again.',
  offline:
    'Connect this machine to the registry, by npm config set proxy or npm config set registry if need be, and pull again.',
  refused: 'Ask who runs the registry, or set another by npm config set registry, and pull again.',
  'wrong-bytes':
    'What came is not the package that was checked for this version of Samtal. Clear what npm keeps by npm cache clean --force, or set another registry, and pull again.',
  failed: 'npm keeps a log in the folder that npm config get cache tells.',
};
