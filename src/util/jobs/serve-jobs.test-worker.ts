/** The worker that the tests of the job pool run, as a thread and as a child process. */
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { EngineError } from '../errors.ts';
import { type JobContext, serveJobs, Transferred } from './serve-jobs.ts';

let made = 0;

serveJobs({
  *count({ to }: { readonly to: number }) {
    for (let number = 1; number <= to; number += 1) {
      made = number;
      yield number;
    }
  },
  *made() {
    yield made;
  },
  async *echo(_input: unknown, { feed }: JobContext) {
    for await (const value of feed) yield value;
  },
  async *untilCancelled(_input: unknown, { signal }: JobContext) {
    yield 'begun';
    await once(signal, 'abort');
  },
  async *deaf() {
    yield 'begun';
    await new Promise(() => {});
  },
  async *frozen(_input: unknown, { signal }: JobContext) {
    signal.addEventListener('abort', () => {
      for (;;);
    });
    yield 'begun';
    await new Promise(() => {});
  },
  /** Shows no life once it has begun. */
  *hung() {
    yield 'begun';
    for (;;);
  },
  mute(): never {
    for (;;);
  },
  /** Brings its worker down unless the file is there. */
  *dieOnce({ file }: { readonly file: string }) {
    if (!existsSync(file)) {
      writeFileSync(file, '');
      process.exit(4);
    }
    yield 'survived';
  },
  die() {
    return process.exit(5);
  },
  async *hog({ mebibytes }: { readonly mebibytes: number }) {
    const kept: number[][] = [];
    for (let index = 0; index < mebibytes; index += 1) kept.push(new Array(2 ** 17).fill(index + 0.5));
    yield 'begun';
    await new Promise(() => {});
    yield kept.length;
  },
  *crash() {
    yield 'begun';
    process.exit(3);
  },
  unsupported() {
    throw new EngineError('tester', 'unsupported', 'No such thing.');
  },
  *bytes({ buffer }: { readonly buffer: ArrayBuffer }) {
    const moved = new Uint8Array(buffer).map((byte) => byte + 1);
    yield new Transferred(moved, [moved.buffer]);
    yield moved.byteLength;
  },
});
