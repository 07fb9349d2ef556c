import { join } from 'node:path';
import { z } from 'zod';
import { readIfPresent, writePrivateFile } from '../home/private-file.ts';
import { ModelError } from './model-error.ts';

const lockSchema = z.record(z.string(), z.object({ bytes: z.number(), sha256: z.string() }));

/** By public address. */
export type LockedFigures = Readonly<z.infer<typeof lockSchema>>;

/**
 * What a hub said of the files of a model that no public source states, when they were first pulled. It stays when
 * the model is removed, and nothing else is taken for them from then on.
 * @throws {ModelError} `wrong-bytes` for a file that can not be read.
 */
export async function readLock(modelsDirectory: string, name: string): Promise<LockedFigures> {
  const path = lockPath(modelsDirectory, name);
  const text = await readIfPresent(path);
  if (text === undefined) return {};
  const parsed = lockSchema.safeParse(parse(text));
  if (parsed.success) return parsed.data;
  throw new ModelError('wrong-bytes', `${path} is damaged. Delete it to trust what the hub says now.`);
}

export async function writeLock(modelsDirectory: string, name: string, lock: LockedFigures): Promise<void> {
  await writePrivateFile(lockPath(modelsDirectory, name), `${JSON.stringify(lock, null, 2)}\n`);
}

export function lockPath(modelsDirectory: string, name: string): string {
  return join(modelsDirectory, '.locked', `${name}.json`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
