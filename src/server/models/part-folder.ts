import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { claimPull, type PullClaim } from './pull-claim.ts';
import { removeLeftovers } from './remove-whole.ts';
import { throwExplained } from './room.ts';

/** Where a model is put together; nobody else works in it until it is given back. */
export interface PartFolder {
  readonly directory: string;
  /** Gives it back; what is in it stays for the next. */
  release(): Promise<void>;
}

/**
 * Takes the folder for the parts of a model, with what an earlier pull has left in it.
 * @throws {ModelError} `busy` while somebody else has it, `no-room`; what else the disk says.
 */
export async function takePartFolder(modelsDirectory: string, name: string): Promise<PartFolder> {
  const directory = partFolder(modelsDirectory, name);
  let claim: PullClaim | undefined;
  try {
    await mkdir(modelsDirectory, { recursive: true });
    await removeLeftovers(modelsDirectory);
    claim = await claimPull(modelsDirectory, name);
    await mkdir(directory, { recursive: true });
    return { directory, release: claim.release };
  } catch (error) {
    await claim?.release();
    return throwExplained(modelsDirectory, error);
  }
}

export function partFolder(modelsDirectory: string, name: string): string {
  return join(modelsDirectory, `.part-${name}`);
}

/** Where the file of a model is that comes at this place in the catalogue. */
export function downloadPath({ directory }: PartFolder, index: number): string {
  return join(directory, `${index}.download`);
}
