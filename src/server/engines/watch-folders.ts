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
/** Where something changes all the time. */
const LONGEST_WAIT_MS = 5_000;

/**
 * Calls `onChange` when something has come into one of the folders or has gone from it, and then nothing more for
 * half a second, or for five seconds something all the time. Makes the folders that are not there, also those that
 * are removed later.
 */
export async function watchFolders(
  folders: readonly string[],
  options: WatchOptions,
): Promise<AsyncDisposable> {
  const watching = new FolderWatch(folders, options);
  await watching.begin();
  return watching;
}

class FolderWatch implements AsyncDisposable {
  readonly #folders: readonly string[];
  readonly #options: WatchOptions;
  #watchers: readonly FSWatcher[] = [];
  #cancelQuiet: (() => void) | undefined;
  #cancelLongest: (() => void) | undefined;
  #running = Promise.resolve();
  #isOver = false;

  constructor(folders: readonly string[], options: WatchOptions) {
    this.#folders = folders;
    this.#options = options;
  }

  /** Watches the folders that are there by those names now: a watcher stays with a folder that is moved or removed. */
  async begin(): Promise<void> {
    await Promise.all(this.#folders.map(async (folder) => await mkdir(folder, { recursive: true })));
    if (this.#isOver) return;
    const before = this.#watchers;
    this.#watchers = this.#folders.map((folder) =>
      watch(folder, { persistent: false }, () => this.#wait()).on('error', this.#options.onError),
    );
    for (const watcher of before) watcher.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.#cancelWaits();
    for (const watcher of this.#watchers) watcher.close();
    await this.#running;
  }

  #wait(): void {
    if (this.#isOver) return;
    const { clock } = this.#options;
    this.#cancelQuiet?.();
    this.#cancelQuiet = clock.after(QUIET_MS, () => this.#run());
    this.#cancelLongest ??= clock.after(LONGEST_WAIT_MS, () => this.#run());
  }

  #cancelWaits(): void {
    this.#cancelQuiet?.();
    this.#cancelLongest?.();
    this.#cancelLongest = undefined;
  }

  #run(): void {
    this.#cancelWaits();
    this.#running = this.#running.then(async () => await this.#tell());
  }

  async #tell(): Promise<void> {
    if (this.#isOver) return;
    try {
      await this.begin();
      await this.#options.onChange();
    } catch (error) {
      this.#options.onError(error);
    }
  }
}
