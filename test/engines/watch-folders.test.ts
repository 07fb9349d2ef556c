import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { watchFolders } from '../../src/server/engines/watch-folders.ts';
import { VirtualClock } from '../realtime/virtual-clock.ts';

/** Tells whether something has been seen, as that begins a wait. */
class CountingClock extends VirtualClock {
  asked = 0;

  override after(ms: number, callback: () => void): () => void {
    this.asked += 1;
    return super.after(ms, callback);
  }
}

let home: string;
let folder: string;
let clock: CountingClock;
let changes: number;
let watching: AsyncDisposable;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'samtal-watch-'));
  folder = join(home, 'models');
  clock = new CountingClock();
  changes = 0;
  watching = await watchFolders([folder], {
    clock,
    onChange: async () => {
      changes += 1;
    },
    onError: (error) => {
      throw error;
    },
  });
});
afterEach(async () => {
  await watching[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
});

/** Something has been seen, and is waited with. */
async function seen(): Promise<void> {
  await expect.poll(() => clock.pending).toBeGreaterThan(0);
}

async function tellAfter(ms: number, count: number): Promise<void> {
  clock.advance(ms);
  await expect.poll(() => changes).toBe(count);
}

test('what comes into a folder is told once it has been quiet for half a second', async () => {
  await mkdir(join(folder, 'one'));
  await seen();
  clock.advance(499);
  expect(changes).toBe(0);
  await tellAfter(1, 1);
  expect(clock.pending).toBe(0);
});

test('a folder that is removed and made again is watched as before', async () => {
  await rm(folder, { recursive: true });
  await seen();
  await tellAfter(500, 1);
  await mkdir(folder, { recursive: true });
  await mkdir(join(folder, 'one'));
  await seen();
  await tellAfter(500, 2);
});

test('a folder that takes the place of another is watched instead', async () => {
  await mkdir(join(home, 'other'));
  await rename(folder, join(home, 'old'));
  await rename(join(home, 'other'), folder);
  await seen();
  await tellAfter(500, 1);
  await mkdir(join(folder, 'one'));
  await seen();
  await tellAfter(500, 2);
});

test('where something changes all the time, that is told after five seconds', async () => {
  for (let passed = 0; passed < 5_000; passed += 250) {
    expect(changes).toBe(0);
    const { asked } = clock;
    await mkdir(join(folder, `${passed}`));
    await expect.poll(() => clock.asked).toBeGreaterThan(asked);
    clock.advance(250);
  }
  await expect.poll(() => changes).toBe(1);
});
