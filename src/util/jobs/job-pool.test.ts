import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { deferred } from '../deferred.ts';
import { JobPool, type JobPoolOptions } from './job-pool.ts';
import { besideModule, childSpawner, threadSpawner } from './job-port.ts';

const WORKER = besideModule('serve-jobs.test-worker', import.meta.url);
const SPAWNERS = { thread: threadSpawner(WORKER), child: childSpawner(WORKER) };
const { signal } = new AbortController();

const pools: JobPool[] = [];
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool[Symbol.asyncDispose]()));
});

function poolOf(options: Partial<JobPoolOptions> = {}): JobPool {
  const pool = new JobPool({ name: 'tester', spawn: SPAWNERS.thread, workers: 1, waiting: 0, ...options });
  pools.push(pool);
  return pool;
}

async function begin(pool: JobPool, method: string, abort?: AbortSignal): Promise<AsyncGenerator<unknown>> {
  const outputs = pool.run(method, undefined, { signal: abort ?? signal });
  expect(await outputs.next()).toEqual({ done: false, value: 'begun' });
  return outputs;
}

async function one(pool: JobPool, method = 'made'): Promise<unknown> {
  const [output] = await Array.fromAsync(pool.run(method, undefined, { signal }));
  return output;
}

describe.each(Object.entries(SPAWNERS))('jobs on a %s', (_name, spawn) => {
  test('outputs arrive in order', async () => {
    const outputs = poolOf({ spawn }).run('count', { to: 10 }, { signal });
    expect(await Array.fromAsync(outputs)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('a slow reader slows the job', async () => {
    const pool = poolOf({ spawn, jobsPerWorker: 2 });
    const outputs = pool.run('count', { to: 1_000 }, { signal });
    await outputs.next();
    // A hundred round trips give the counting job all the time it could use.
    for (let trip = 0; trip < 100; trip += 1) expect(await one(pool)).toBeLessThan(10);
    expect(await Array.fromAsync(outputs)).toHaveLength(999);
  });

  test('what is fed comes out, and the feed is read no faster than the job reads it', async () => {
    let fed = 0;
    async function* source(): AsyncGenerator<number> {
      while (fed < 200) yield ++fed;
    }
    const pool = poolOf({ spawn, jobsPerWorker: 2 });
    const outputs = pool.run('echo', undefined, { signal, feed: source() });
    await outputs.next();
    for (let trip = 0; trip < 20; trip += 1) await one(pool);
    expect(fed).toBeLessThan(30);
    expect(await Array.fromAsync(outputs)).toHaveLength(199);
  });

  test('an error of the source reaches the reader and frees the place', async () => {
    async function* source(): AsyncGenerator<number> {
      yield 1;
      throw new RangeError('the microphone is gone');
    }
    const pool = poolOf({ spawn, waiting: 1 });
    const outputs = pool.run('echo', undefined, { signal, feed: source() });
    await expect(Array.fromAsync(outputs)).rejects.toThrow(new RangeError('the microphone is gone'));
    expect(await one(pool)).toBe(0);
  });

  test('an engine error keeps its reason across the border', async () => {
    await expect(one(poolOf({ spawn }), 'unsupported')).rejects.toMatchObject({
      name: 'EngineError',
      reason: 'unsupported',
      message: 'No such thing.',
    });
  });

  test('input that can not be cloned fails its job and frees the place', async () => {
    const pool = poolOf({ spawn, waiting: 1 });
    const outputs = pool.run('count', { to: () => 3 }, { signal });
    await expect(Array.fromAsync(outputs)).rejects.toThrow('could not be cloned');
    expect(await one(pool)).toBe(0);
  });

  test('aborting rejects with the reason and lets the next job run', async () => {
    const abort = new AbortController();
    const pool = poolOf({ spawn, waiting: 1 });
    const outputs = await begin(pool, 'untilCancelled', abort.signal);
    const next = outputs.next();
    abort.abort(new Error('barge-in'));
    await expect(next).rejects.toThrow('barge-in');
    expect(await one(pool)).toBe(0);
  });

  test('aborting cancels the job even when nobody reads its outputs', async () => {
    const abort = new AbortController();
    const pool = poolOf({ spawn, waiting: 1 });
    await begin(pool, 'untilCancelled', abort.signal);
    abort.abort();
    expect(await one(pool)).toBe(0);
  });

  test('leaving the loop cancels the job', async () => {
    const pool = poolOf({ spawn, waiting: 1 });
    const outputs = await begin(pool, 'untilCancelled');
    await outputs.return(undefined);
    expect(await one(pool)).toBe(0);
  });

  test('a crash fails the jobs of its worker and no others, and the worker is replaced', async () => {
    const pool = poolOf({ spawn, workers: 2, jobsPerWorker: 2, waiting: 2 });
    const neighbour = await begin(pool, 'untilCancelled');
    const more = deferred<void>();
    async function* source(): AsyncGenerator<string> {
      yield 'before';
      await more.promise;
      yield 'after';
    }
    const bystander = pool.run('echo', undefined, { signal, feed: source() });
    await bystander.next();
    const crashing = await begin(pool, 'crash');
    const failure = {
      name: 'EngineError',
      reason: 'unavailable',
      message: 'tester broke off and is being started again. Please retry in 1 s.',
      cause: { message: 'A worker of tester ended: exit code 3.' },
    };
    await expect(crashing.next()).rejects.toMatchObject(failure);
    await expect(neighbour.next()).rejects.toMatchObject(failure);
    more.resolve();
    expect(await Array.fromAsync(bystander)).toEqual(['after']);
    expect(await Promise.all([one(pool), one(pool), one(pool), one(pool)])).toEqual([0, 0, 0, 0]);
  });

  test('a frozen worker is killed when the grace of its cancelled job is over', async () => {
    const pool = poolOf({ spawn, waiting: 1, cancelGraceMs: 50 });
    const frozen = await begin(pool, 'frozen');
    await frozen.return(undefined);
    expect(await one(pool)).toBe(0);
  });

  test('a job that ignores its cancel costs its worker the place but not the job beside it', async () => {
    const pool = poolOf({ spawn, jobsPerWorker: 2, waiting: 1, cancelGraceMs: 20 });
    const more = deferred();
    async function* source(): AsyncGenerator<string> {
      yield 'begun';
      await more.promise;
      yield 'still here';
    }
    const bystander = pool.run('echo', undefined, { signal, feed: source() });
    await bystander.next();
    await (await begin(pool, 'deaf')).return(undefined);
    // Served by the replacement, which starts only once the first worker has been given up.
    expect(await one(pool)).toBe(0);
    more.resolve();
    expect(await Array.fromAsync(bystander)).toEqual(['still here']);
  });

  test('disposal fails what runs and what waits, and nothing runs after it', async () => {
    const pool = poolOf({ spawn, waiting: 1 });
    const running = await begin(pool, 'untilCancelled');
    const waiting = one(pool);
    const outcomes = Promise.allSettled([running.next(), waiting]);
    await pool[Symbol.asyncDispose]();
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { reason: 'unavailable' } });
    }
    await expect(one(pool)).rejects.toMatchObject({ reason: 'unavailable' });
    await expect(pool.warm()).rejects.toMatchObject({ reason: 'unavailable' });
  });

  test('a pool that was warmed and used lets its process end', async () => {
    const kind = spawn === SPAWNERS.thread ? 'threadSpawner' : 'childSpawner';
    const source = `
      import { JobPool } from '${new URL('./job-pool.ts', import.meta.url).href}';
      import { ${kind} } from '${new URL('./job-port.ts', import.meta.url).href}';
      const spawn = ${kind}(new URL('${WORKER.href}'));
      const pool = new JobPool({ name: 'tester', spawn, workers: 2, waiting: 0 });
      await pool.warm();
      const { signal } = new AbortController();
      for await (const number of pool.run('count', { to: 3 }, { signal })) console.log(number);`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', source]);
    expect(stdout).toBe('1\n2\n3\n');
  });
});

test('one request more than may wait is refused as busy', async () => {
  const pool = poolOf({ waiting: 1 });
  const running = await begin(pool, 'untilCancelled');
  const waiting = one(pool);
  expect(pool.status).toMatchObject({ running: 1, waiting: 1, capacity: 1 });
  await expect(one(pool)).rejects.toMatchObject({ reason: 'busy' });
  await running.return(undefined);
  expect(await waiting).toBe(0);
  expect(pool.status).toMatchObject({ running: 0, waiting: 0, capacity: 1 });
});

test('requests are served in the order they came', async () => {
  const pool = poolOf({ waiting: 5 });
  const running = await begin(pool, 'untilCancelled');
  const served: number[] = [];
  const waiting = [1, 2, 3, 4, 5].map(async (number) => {
    await one(pool);
    served.push(number);
  });
  await running.return(undefined);
  await Promise.all(waiting);
  expect(served).toEqual([1, 2, 3, 4, 5]);
});

test('a request that gives up while it waits leaves its turn to the next', async () => {
  const pool = poolOf({ waiting: 2 });
  const running = await begin(pool, 'untilCancelled');
  const abort = new AbortController();
  const givingUp = Array.fromAsync(pool.run('made', undefined, { signal: abort.signal }));
  const patient = one(pool);
  abort.abort(new Error('gone'));
  await expect(givingUp).rejects.toThrow('gone');
  await running.return(undefined);
  expect(await patient).toBe(0);
  expect(pool.status).toMatchObject({ running: 0, waiting: 0, capacity: 1 });
});

test('a request that gives up in the moment it is served gives its place back', async () => {
  const abort = new AbortController();
  const pool = poolOf({
    waiting: 1,
    spawn: ({ onMessage, onExit }) =>
      SPAWNERS.thread({
        onExit,
        onMessage: (message) => {
          if (message.type === 'end') abort.abort(new Error('gone'));
          onMessage(message);
        },
      }),
  });
  const running = await begin(pool, 'untilCancelled');
  const givingUp = Array.fromAsync(pool.run('made', undefined, { signal: abort.signal }));
  const outcome = expect(givingUp).rejects.toThrow('gone');
  await running.return(undefined);
  await outcome;
  expect(await one(pool)).toBe(0);
  expect(pool.status).toMatchObject({ running: 0, waiting: 0, capacity: 1 });
});

test('a request that gives up while its worker starts gives its place back', async () => {
  const abort = new AbortController();
  const pool = poolOf({ waiting: 0 });
  const givingUp = Array.fromAsync(pool.run('made', undefined, { signal: abort.signal }));
  abort.abort(new Error('gone'));
  await expect(givingUp).rejects.toThrow('gone');
  expect(await one(pool)).toBe(0);
});

test('a frozen worker takes the jobs beside the frozen one with it', async () => {
  const pool = poolOf({ jobsPerWorker: 2, cancelGraceMs: 50 });
  const neighbour = await begin(pool, 'untilCancelled');
  await (await begin(pool, 'frozen')).return(undefined);
  await expect(neighbour.next()).rejects.toMatchObject({ reason: 'unavailable', retryAfterSeconds: 1 });
});

test('a cancelled job that waits for its feed is told so, long before the grace is over', async () => {
  const pool = poolOf({ jobsPerWorker: 2, waiting: 1, cancelGraceMs: 60_000 });
  async function* source(): AsyncGenerator<string> {
    yield 'begun';
    await new Promise(() => {});
  }
  const outputs = pool.run('echo', undefined, { signal, feed: source() });
  await outputs.next();
  // By the time another job has ended, the first one waits for its feed.
  await one(pool);
  await begin(pool, 'untilCancelled');
  await outputs.return(undefined);
  expect(await one(pool)).toBe(0);
});

test('places are not promised twice while workers start', async () => {
  const pool = poolOf({ workers: 2, waiting: 0 });
  const outcomes = await Promise.allSettled([one(pool), one(pool), one(pool)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
});

test('a request whose signal is aborted before it begins takes no place', async () => {
  const pool = poolOf();
  const outputs = pool.run('made', undefined, { signal: AbortSignal.abort(new Error('too late')) });
  await expect(outputs.next()).rejects.toThrow('too late');
  expect(pool.status.running).toBe(0);
});

test('buffers are moved to a thread and back, not copied', async () => {
  const { buffer } = Uint8Array.of(1, 2, 3);
  const pool = poolOf();
  const outputs = await Array.fromAsync(pool.run('bytes', { buffer }, { signal, transfer: [buffer] }));
  expect(outputs).toEqual([Uint8Array.of(2, 3, 4), 0]);
  expect(buffer.byteLength).toBe(0);
});

const run = promisify(execFile);
