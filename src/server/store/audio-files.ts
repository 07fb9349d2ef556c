import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrno } from '../../util/errno.ts';

/** Files that appear whole or not at all, spread over 256 folders by the first letters of their names. */
export class AudioFiles {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Returns the new file's name. */
  async write(bytes: Uint8Array): Promise<string> {
    const name = randomUUID();
    const path = this.#pathOf(name);
    const partial = `${path}.part`;
    await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
    try {
      await writeFile(partial, bytes, { flag: 'wx', mode: 0o600 });
      await rename(partial, path);
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
    return name;
  }

  /** Undefined if the file is gone, or not as long as it was: after a power cut it may be cut too. */
  async read(name: string, byteLength: number): Promise<Uint8Array | undefined> {
    try {
      const bytes = await readFile(this.#pathOf(name));
      return bytes.length === byteLength ? bytes : undefined;
    } catch (error) {
      if (isErrno(error, 'ENOENT')) return undefined;
      throw error;
    }
  }

  async remove(name: string): Promise<void> {
    await rm(this.#pathOf(name), { force: true });
  }

  /** Removes what a process left behind that ended between writing a file and noting it. */
  async removeAllBut(known: ReadonlySet<string>): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    for (const entry of await readdir(this.#directory, { recursive: true, withFileTypes: true })) {
      if (entry.isFile() && !known.has(entry.name))
        await rm(join(entry.parentPath, entry.name), { force: true });
    }
  }

  #pathOf(name: string): string {
    return join(this.#directory, name.slice(0, 2), name);
  }
}
