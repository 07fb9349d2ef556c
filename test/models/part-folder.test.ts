import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takePartFolder } from '../../src/server/models/part-folder.ts';

const ROUNDS = 100;

let models: string;

beforeEach(async () => {
  models = await mkdtemp(join(tmpdir(), 'samtal-parts-'));
});

afterEach(async () => await rm(models, { recursive: true, force: true }));

async function layOutClaim(name: string): Promise<void> {
  const folder = join(models, `.claim-${name}`);
  await mkdir(folder);
  const owner = {
    pid: process.pid,
    startedAt: null,
    host: hostname(),
    instance: 'of a process that is gone',
  };
  await writeFile(join(folder, 'owner-x.json'), JSON.stringify(owner));
}

test.each([
  ['was given back', async () => {}],
  ['a process that is gone has left', layOutClaim],
])('of many that take at once what %s, one has it', async (_name, layOut) => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const name = `model-${round}`;
    await layOut(name);
    const taken = await Promise.allSettled(
      Array.from({ length: 8 }, async () => await takePartFolder(models, name)),
    );
    const owners = taken.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
    expect(owners).toHaveLength(1);
    for (const owner of owners) await owner.release();
  }
});

test('who gives a folder back does not give back that of the next', async () => {
  const one = await takePartFolder(models, 'model');
  await one.release();
  const next = await takePartFolder(models, 'model');
  await one.release();
  await expect(takePartFolder(models, 'model')).rejects.toMatchObject({ reason: 'busy' });
  await next.release();
});
