import { setTimeout } from 'node:timers/promises';
import type { ModelEntry, ModelFile } from './catalog.ts';
import { type Figures, figuresOf } from './figures.ts';
import { type LockedFigures, lockPath, readLock } from './figures-lock.ts';
import type { Hub } from './hub.ts';
import { HubFault } from './hub-fault.ts';
import { ModelError } from './model-error.ts';

/** A file of a model, with what has to come for it. */
export interface WantedFile {
  readonly file: ModelFile;
  readonly figures: Figures;
}

export interface SettleOptions {
  readonly hub: Hub;
  readonly signal: AbortSignal;
}

const MOST_TRIES = 4;

/**
 * Size and digest of every file of a model, asked of the hub where nobody else states them.
 * @throws {ModelError} `offline` or `refused` when they can not be had; the reason of `signal`.
 */
export async function settleFigures(
  modelsDirectory: string,
  { name, files }: ModelEntry,
  options: SettleOptions,
): Promise<readonly WantedFile[]> {
  const lock = await readLock(modelsDirectory, name);
  const wanted: WantedFile[] = [];
  const known = { lock, lockFile: lockPath(modelsDirectory, name) };
  for (const file of files) wanted.push({ file, figures: await settle(file, known, options) });
  return wanted;
}

interface Known {
  readonly lock: LockedFigures;
  readonly lockFile: string;
}

async function settle(file: ModelFile, known: Known, { hub, signal }: SettleOptions): Promise<Figures> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await figuresOf(file, { ...known, hub, signal });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof HubFault)) throw error;
      if (!error.isPassing || tries === MOST_TRIES) throw untold(file, error);
      await setTimeout(error.retryAfterMs ?? hub.retryMs * 2 ** (tries - 1), undefined, { signal });
    }
  }
}

function untold({ url }: ModelFile, fault: HubFault): ModelError {
  const remedy = 'Behind a proxy, set HTTPS_PROXY; for a mirror or a folder, SAMTAL_HUB.';
  const message = `What ${url} has to be could not be asked: ${fault.message}. ${remedy}`;
  return new ModelError(fault.isPassing ? 'offline' : 'refused', message, fault);
}
