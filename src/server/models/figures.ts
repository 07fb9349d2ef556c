import { askHub } from './ask-hub.ts';
import type { ModelFile } from './catalog.ts';
import type { LockedFigures } from './figures-lock.ts';
import type { Hub } from './hub.ts';
import { ModelError } from './model-error.ts';

export interface Digest {
  /** `git-blob` is SHA-1 over a header with the length, and then the bytes. */
  readonly algorithm: 'sha256' | 'git-blob';
  /** In hexadecimal. */
  readonly value: string;
}

/** What has to come for a file. */
export interface Figures {
  readonly bytes: number;
  readonly digest: Digest;
  /** Who says so, for messages, and what to do when something else comes. */
  readonly from: string;
  readonly remedy: string;
}

interface FiguresOptions {
  readonly hub: Hub;
  readonly lock: LockedFigures;
  /** The file that the lock was read from. */
  readonly lockFile: string;
  readonly signal: AbortSignal;
}

/**
 * Size and digest of a file before a byte of it is downloaded: those of the catalogue, else those that the first
 * pull has locked, else those that the hub itself tells.
 * @throws {ModelError} `refused` where nobody tells them; {HubFault} when the hub can not be asked.
 */
export async function figuresOf(file: ModelFile, options: FiguresOptions): Promise<Figures> {
  const { hub, lock, lockFile, signal } = options;
  const locked = lock[file.url];
  const sha256 = file.sha256 ?? locked?.sha256;
  const bytes = file.bytes ?? locked?.bytes;
  const source = file.sha256 === null && locked ? lockedBy(lockFile) : CATALOGUE;
  if (sha256 !== undefined && bytes !== undefined) {
    return { bytes, digest: { algorithm: 'sha256', value: sha256 }, ...source };
  }
  const told = await askHub(file.url, { hub, signal });
  const size = bytes ?? told.bytes;
  const digest = sha256 === undefined ? told.digest : ({ algorithm: 'sha256', value: sha256 } as const);
  if (size === undefined || digest === undefined) throw untold(file.url, hub);
  return { bytes: size, digest, ...(sha256 === undefined ? THE_HUB : source) };
}

const CATALOGUE = {
  from: 'the catalogue',
  remedy: 'The hub may have replaced the file, which a newer version of Samtal may know.',
} as const;

const THE_HUB = { from: 'the hub', remedy: 'Pull again, or from another hub: SAMTAL_HUB.' } as const;

function lockedBy(lockFile: string): Pick<Figures, 'from' | 'remedy'> {
  return {
    from: 'the first pull on this machine',
    remedy: `To trust what the hub says now, delete ${lockFile}.`,
  };
}

function untold(url: string, { title }: Hub): ModelError {
  return new ModelError(
    'refused',
    `${title} tells no size and digest for ${url}, and nobody else does, so that what comes could not be checked. Pull from the public hubs: unset SAMTAL_HUB.`,
  );
}
