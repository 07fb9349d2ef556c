import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readIfPresent, writePrivateFile } from '../home/private-file.ts';
import { FOLDER_FIGURES } from './ask-hub.ts';
import type { ModelEntry } from './catalog.ts';
import { downloadFile } from './download-file.ts';
import { hubPath } from './hub-path.ts';
import { downloadPath, takePartFolder } from './part-folder.ts';
import type { PullModelOptions } from './pull-model.ts';
import { removeWhole } from './remove-whole.ts';
import { throwExplained } from './room.ts';
import { settleFigures } from './settle-figures.ts';

/**
 * Downloads the files of a model to a folder that is a hub from then on (`SAMTAL_HUB`), here or on a machine without
 * a network. They lie below the host that they come from, and `samtal/figures.json` tells their digests.
 * @throws {ModelError}; the reason of `signal`.
 */
export async function fillFolder(
  folder: string,
  entry: ModelEntry,
  { hub, signal, onProgress }: PullModelOptions,
): Promise<void> {
  const part = await takePartFolder(folder, entry.name);
  try {
    const wanted = await settleFigures(folder, entry, { hub, signal });
    const totalBytes = wanted.reduce((total, { figures }) => total + figures.bytes, 0);
    let before = 0;
    for (const [index, { file, figures }] of wanted.entries()) {
      const done = before;
      const tell = (bytes: number): void =>
        onProgress?.({ step: 'download', bytes: done + bytes, totalBytes });
      const path = downloadPath(part, index);
      const sha256 = await downloadFile({ url: file.url, figures, path }, { hub, signal, onProgress: tell });
      const target = join(folder, hubPath(file.url));
      await mkdir(dirname(target), { recursive: true });
      await rename(path, target);
      await addFigures(folder, file.url, { bytes: figures.bytes, sha256 });
      before += figures.bytes;
    }
    await removeWhole(folder, part.directory);
  } catch (error) {
    signal.throwIfAborted();
    throwExplained(folder, error);
  } finally {
    await part.release();
  }
}

async function addFigures(folder: string, url: string, figures: object): Promise<void> {
  const path = join(folder, hubPath(FOLDER_FIGURES));
  const known: unknown = JSON.parse((await readIfPresent(path)) ?? '{}');
  const all = { ...(typeof known === 'object' ? known : {}), [url]: figures };
  await writePrivateFile(path, `${JSON.stringify(all, null, 2)}\n`);
}
