import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type Deferred, deferred } from '../deferred.ts';
import { JobPool, type JobPoolOptions } from './job-pool.ts';
import { besideModule, childSpawner, type JobSpawner, threadSpawner } from './job-port.ts';
import type { FromWorker } from './protocol.ts';

const WORKER = besideModule('serve-jobs.test-worker', import.meta.url);
const SPAWNERS = { thread: threadSpawner(WORKER), child: childSpawner(WORKER) };
const { signal } = new AbortController();
const INTERRUPTED = { name: 'EngineError', reason: 'unavailable', retryAfterSeconds: 1 };

const pools: JobPool[] = [];
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool[Symbol.asyncDispose]()));
});

function poolOf(options: Partial<JobPoolOptions> & Pick<JobPoolOptions, 'spawn'>): JobPool {
  const pool = new JobPool({ name: 'tester', workers: 1, waiting: 0, silenceMs: 400, ...options });
  pools.push(pool);
  return pool;
}

async function all(pool: JobPool, method: string, input?: unknown): Promise<unknown[]> {
  return await Array.fromAsync(pool.run(method, input, { signal }));
}

async function begin(pool: JobPool, method: string, input?: unknown): Promise<AsyncGenerator<unknown>> {
  const outputs = pool.run(method, input, { signal });
  expect(await outputs.next()).toEqual({ done: false, value: 'begun' });
  return outputs;
}

/** A spawner that tells how often it was used, and when a worker has sent `count` messages of one type. */
function observed(spawn: JobSpawner): {
  readonly spawn: JobSpawner;
  readonly spawned: () => number;
  readonly seen: (type: FromWorker['type'], count: number) => Promise<void>;
} {
  const counts = new Map<string, number>();
  const awaited: { readonly type: string; readonly count: number; readonly reached: Deferred<void> }[] = [];
  let spawned = 0;
  return {
    spawned: () => spawned,
    seen: (type, count) => {
      const reached = deferred();
      awaited.push({ type, count: (counts.get(type) ?? 0) + count, reached });
      return reached.promise;
    },
    spawn: ({ onMessage, onExit }) => {
      spawned += 1;
      return spawn({
        onExit,
        onMessage: (message) => {
          counts.set(message.type, (counts.get(message.type) ?? 0) + 1);
          for (const { type, count, reached } of awaited) {
            if ((counts.get(type) ?? 0) >= count) reached.resolve();
          }
          onMessage(message);
        },
      });
    },
  };
}

describe.each(Object.entries(SPAWNERS))('a %s', (_name, spawn) => {
  test('that shows no life is killed: its job is interrupted and the next one served', async () => {
    const pool = poolOf({ spawn, waiting: 1 });
    const hung = await begin(pool, 'hung');
    const waiting = all(pool, 'made');
    await expect(hung.next()).rejects.toMatchObject({
      ...INTERRUPTED,
      cause: { message: 'A worker of tester was ended: it showed no life for 0.4 s.' },
    });
    expect(await waiting).toEqual([0]);
    expect(pool.status).toMatchObject({ running: 0, waiting: 0, trouble: undefined });
  });

  test('that only waits, for its reader or for what it is fed, is left alone', async () => {
    const { spawn: spy, spawned, seen } = observed(spawn);
    const pool = poolOf({ spawn: spy, jobsPerWorker: 2 });
    const more = deferred();
    async function* feed(): AsyncGenerator<string> {
      yield 'before';
      await more.promise;
      yield 'after';
    }
    const echo = pool.run('echo', undefined, { signal, feed: feed() });
    await echo.next();
    const unread = pool.run('count', { to: 100 }, { signal });
    await unread.next();
    // Four answers are the whole time that it may be silent.
    await seen('pong', 10);
    more.resolve();
    expect(await Array.fromAsync(echo)).toEqual(['after']);
    expect(await Array.fromAsync(unread)).toHaveLength(99);
    expect(spawned()).toBe(1);
  });

  test('that dies before its job has said anything costs the job nothing but time', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'die-once-'));
    try {
      const pool = poolOf({ spawn });
      expect(await all(pool, 'dieOnce', { file: join(folder, 'died') })).toEqual(['survived']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('is given a job that brings it down once more and no more often', async () => {
    const { spawn: spy, spawned } = observed(spawn);
    const pool = poolOf({ spawn: spy });
    await expect(all(pool, 'die')).rejects.toMatchObject(INTERRUPTED);
    expect(spawned()).toBe(2);
  });

  test('that is fed is not given its job again, for what it was fed is gone', async () => {
    async function* feed(): AsyncGenerator<string> {
      yield 'heard once';
    }
    const { spawn: spy, spawned } = observed(spawn);
    const pool = poolOf({ spawn: spy });
    const outcome = Array.fromAsync(pool.run('die', undefined, { signal, feed: feed() }));
    await expect(outcome).rejects.toMatchObject(INTERRUPTED);
    expect(spawned()).toBe(1);
  });

  test('of a warm pool is replaced before it is missed', async () => {
    const { spawn: spy, spawned, seen } = observed(spawn);
    const pool = poolOf({ spawn: spy });
    await pool.warm();
    const ready = seen('ready', 1);
    await expect((await begin(pool, 'crash')).next()).rejects.toMatchObject(INTERRUPTED);
    await ready;
    expect(spawned()).toBe(2);
  });
});

test('workers that can not be started are told as trouble, and not tried with every request', async () => {
  const { spawn, spawned } = observed(threadSpawner(new URL('data:text/javascript,process.exit(7)')));
  const pool = poolOf({ spawn, waiting: 1 });
  await expect(all(pool, 'made')).rejects.toMatchObject(INTERRUPTED);
  expect([spawned(), pool.status.trouble]).toEqual([2, undefined]);
  await expect(all(pool, 'made')).rejects.toMatchObject(INTERRUPTED);
  expect(pool.status.trouble).toMatch(/^tester has ended 3 times in a row .* exit code 7/);
  await expect(all(pool, 'made')).rejects.toMatchObject(INTERRUPTED);
  expect(spawned()).toBe(3);
});

test('who waits while workers can not be started waits for the one that can', async () => {
  const dying = threadSpawner(new URL('data:text/javascript,process.exit(7)'));
  let left = 3;
  const { spawn, spawned } = observed((events) => {
    left -= 1;
    return (left < 0 ? SPAWNERS.thread : dying)(events);
  });
  const pool = poolOf({ spawn, waiting: 1 });
  const [first, second] = await Promise.allSettled([all(pool, 'made'), all(pool, 'made')]);
  // Two of the three were its own.
  expect(first).toMatchObject({ status: 'rejected', reason: INTERRUPTED });
  expect(second).toEqual({ status: 'fulfilled', value: [0] });
  expect([spawned(), pool.status.trouble]).toEqual([4, undefined]);
});

test('a worker that does not become ready in its time is killed', async () => {
  const endless = threadSpawner(new URL('data:text/javascript,for(;;);'));
  const pool = poolOf({ spawn: endless, startMs: 100 });
  await expect(pool.warm()).rejects.toMatchObject({
    ...INTERRUPTED,
    cause: { message: 'A worker of tester was ended: it showed no life for 0.1 s.' },
  });
});

test('a job that hangs without a word holds its caller for two silences at most', async () => {
  const { spawn, spawned } = observed(SPAWNERS.thread);
  await expect(all(poolOf({ spawn }), 'mute')).rejects.toMatchObject(INTERRUPTED);
  expect(spawned()).toBe(2);
});

test.runIf(process.platform === 'linux')('a child that takes too much memory is killed', async () => {
  const pool = poolOf({ spawn: SPAWNERS.child, memoryLimitBytes: 300 * 2 ** 20 });
  await expect(all(pool, 'hog', { mebibytes: 300 })).rejects.toMatchObject({
    ...INTERRUPTED,
    cause: { message: expect.stringMatching(/it took \d+ MiB of memory, more than 300 MiB/) },
  });
});

test('a thread that takes too much memory ends', async () => {
  const pool = poolOf({ spawn: threadSpawner(WORKER, { heapMiB: 64 }) });
  await expect(all(pool, 'hog', { mebibytes: 200 })).rejects.toMatchObject({
    ...INTERRUPTED,
    cause: { message: expect.stringMatching(/memory limit/) },
  });
});
