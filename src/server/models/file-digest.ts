import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Digest, Figures } from './figures.ts';

/** SHA-256 of what goes through, and the digest that is expected of it where that is another. */
export class FileDigest {
  readonly #expected: Digest;
  readonly #sha256 = createHash('sha256');
  readonly #gitBlob: Hash | undefined;

  constructor({ bytes, digest }: Figures) {
    this.#expected = digest;
    // gitformat-pack: the object of a file is hashed with its type and length in front.
    if (digest.algorithm === 'git-blob') this.#gitBlob = createHash('sha1').update(`blob ${bytes}\0`);
  }

  update(chunk: Uint8Array): void {
    this.#sha256.update(chunk);
    this.#gitBlob?.update(chunk);
  }

  async updateFrom(path: string, signal: AbortSignal): Promise<void> {
    for await (const chunk of createReadStream(path, { signal })) this.update(chunk);
  }

  /** SHA-256 in hexadecimal, and whether the digest is the expected one. Call it once. */
  end(): { readonly sha256: string; readonly isExpected: boolean } {
    const sha256 = this.#sha256.digest('hex');
    const found = this.#gitBlob?.digest('hex') ?? sha256;
    return { sha256, isExpected: found === this.#expected.value };
  }
}
