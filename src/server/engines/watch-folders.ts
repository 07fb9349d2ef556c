import { type FSWatcher, watch } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import type { Clock } from '../../util/clock.ts';

export interface WatchOptions {
  readonly clock: Clock;
  /** Awaited before it is called again. */
  readonly onChange: () => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** What is renamed into a folder often comes with more: a model with the package that runs it. */
const QUIET_MS = 500;

/**
 * Calls `onChange` when something has come into one of the folders or has gone from it, and then nothing more for
 * half a second. Makes the folders that are not there.
 */
export async function watchFolders(
  folders: readonly string[],
  options: WatchOptions,
): Promise<AsyncDisposable> {
  await Promise.all(folders.map(async (folder) => await mkdir(folder, { recursive: true })));
  return new FolderWatch(folders, options);
}

class FolderWatch implements AsyncDisposable {
  readonly #options: WatchOptions;
  readonly #watchers: readonly FSWatcher[];
  #cancelWait = (): void => {};
  #running = Promise.resolve();
  #isOver = false;

  constructor(folders: readonly string[], options: WatchOptions) {
    this.#options = options;
    this.#watchers = folders.map((folder) =>
      watch(folder, { persistent: false }, () => this.#wait()).on('error', options.onError),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.#cancelWait();
    for (const watcher of this.#watchers) watcher.close();
    await this.#running;
  }

  #wait(): void {
    this.#cancelWait();
    if (this.#isOver) return;
    this.#cancelWait = this.#options.clock.after(QUIET_MS, () => {
      this.#running = this.#running.then(async () => await this.#tell());
    });
  }

  async #tell(): Promise<void> {
    if (this.#isOver) return;
    try {
      await this.#options.onChange();
    } catch (error) {
      this.#options.onError(error);
    }
  }
}
