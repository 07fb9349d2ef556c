import { execFile } from 'node:child_process';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { LoopBatch } from './loop-batch.ts';

test('work is done in its order, after what else there is to do in this turn of the loop', async () => {
  const batch = new LoopBatch();
  const done: string[] = [];
  batch.add(() => done.push('first'));
  batch.add(() => done.push('second'));
  await Promise.resolve();
  done.push('else');
  await setImmediate();
  expect(done).toEqual(['else', 'first', 'second']);
});

test('work that comes while work is done is for the next turn', async () => {
  const batch = new LoopBatch();
  const done: string[] = [];
  batch.add(() => {
    batch.add(() => done.push('later'));
    done.push('now');
  });
  await setImmediate();
  expect(done).toEqual(['now']);
  await setImmediate();
  expect(done).toEqual(['now', 'later']);
});

test('work that fails is an uncaught exception of its own and does not keep back what stands behind it', async () => {
  const script = `
    import { LoopBatch } from ${JSON.stringify(new URL('./loop-batch.ts', import.meta.url))};
    process.on('uncaughtException', (error) => console.log('uncaught', error.message));
    const batch = new LoopBatch();
    batch.add(() => { throw new Error('broken'); });
    batch.add(() => console.log('done'));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  expect(stdout.trim().split('\n')).toEqual(['done', 'uncaught broken']);
});
