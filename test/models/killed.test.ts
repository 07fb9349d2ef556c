import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { randomNumbers } from '../../src/util/random-numbers.ts';
import { bytesOf } from './entries.ts';
import { FakeHub, sha256 } from './fake-hub.ts';
import { layOutPackage } from './installed-package.ts';
import { serveModel, unpinnedModel } from './unpinned-model.ts';

const SAMTAL = resolve(import.meta.dirname, '../../bin/samtal.js');
const KILLS = 100;
const WEIGHTS = bytesOf(4_000_000);
/** What comes in the longest wait is a fifteenth of the file. */
const PACE = { pieceBytes: 4_096, pauseMs: 1 };
const LONGEST_WAIT_MS = 60;
/** Of each killed run: what the hub has sent and the process has not yet written. */
const LOST_BYTES = 250_000;

let hub: FakeHub;
let home: string;

beforeEach(async () => {
  hub = await FakeHub.start();
  home = await mkdtemp(join(tmpdir(), 'samtal-killed-'));
});

afterEach(async () => {
  await hub[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

/** Runs the command until it ends, or is killed so long after it has asked for the file. */
async function pull(name: string, killAfterMs?: number): Promise<number | null> {
  const env = { PATH: process.env['PATH'], SAMTAL_HOME: home, SAMTAL_HUB: hub.url };
  const child = spawn(process.execPath, [SAMTAL, 'pull', '--yes', name], { env, stdio: 'ignore' });
  let timer: NodeJS.Timeout | undefined;
  if (killAfterMs !== undefined) {
    hub.onceAsked('.gguf', () => {
      timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    });
  }
  const [code] = (await once(child, 'exit')) as [number | null];
  clearTimeout(timer);
  hub.behave();
  return code;
}

test('killed at 100 moments of a download, the command goes on each time and ends with the right bytes', async () => {
  const entry = unpinnedModel();
  serveModel(hub, entry, WEIGHTS);
  await layOutPackage(home, entry.package);
  hub.pace = PACE;
  const random = randomNumbers(2026);
  const model = join(home, 'models', entry.name, entry.files[0]?.path ?? '');
  let whole = 0;
  for (let kills = 0; kills < KILLS; ) {
    const code = await pull(entry.name, random() * LONGEST_WAIT_MS);
    if (code === null) {
      kills += 1;
      continue;
    }
    expect(code).toBe(0);
    expect(sha256(await readFile(model))).toBe(sha256(WEIGHTS));
    await rm(dirname(model), { recursive: true });
    whole += 1;
  }
  hub.pace = undefined;
  expect(await pull(entry.name)).toBe(0);
  expect(sha256(await readFile(model))).toBe(sha256(WEIGHTS));
  expect(await readdir(join(home, 'models'))).toEqual(['.locked', entry.name]);
  // No run lasts for more than a fifteenth of the file, so that none is ever whole unless each goes on from the last.
  expect(whole).toBeGreaterThanOrEqual(1);
  expect(hub.servedBytes).toBeLessThan((whole + 1) * WEIGHTS.length + KILLS * LOST_BYTES);
  const files = hub.servedBytes / WEIGHTS.length;
  console.info(
    `${KILLS} kills, ${whole + 1} whole downloads, and the bytes of ${files.toFixed(2)} were served.`,
  );
}, 300_000);
