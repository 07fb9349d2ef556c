import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { childProcesses } from '../../support/child-processes.ts';
import { findEnginePackage } from '../../support/engine-package.ts';
import { endlessModel, sayingModel } from '../../support/gguf/sayings.ts';
import { ask, reply, TinyLlamas } from '../../support/tiny-llama.ts';

const runtime = await findEnginePackage('llama processes', 'node-llama-cpp');

const SENTENCE = 'Every good talk begins with someone who listens.';
const SILENCE_MS = 3_000;
/** The silence and a quarter, the start of a child with its model, and what a machine with other work adds. */
const BACK_WITHIN_MS = 15_000;

let llamas: TinyLlamas;
beforeEach(async () => {
  llamas = await TinyLlamas.open(runtime ?? '');
});
afterEach(async () => await llamas[Symbol.asyncDispose]());

function child(): number {
  const [id = 0, ...others] = childProcesses('llama-child');
  expect(others).toEqual([]);
  return id;
}

describe.runIf(runtime !== undefined)('twenty replies at once', () => {
  test('are written two at a time by one process, and each is whole', { timeout: 60_000 }, async () => {
    const model = await llamas.run(sayingModel(), { sessions: 2, waiting: 18 });
    const replies = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => await reply(model, ask(`Question ${index}`))),
    );
    expect(replies.map(({ text }) => text)).toEqual(Array.from({ length: 20 }, () => SENTENCE));
    await expect.poll(() => model.status).toMatchObject({ running: 0, waiting: 0, capacity: 2 });
  });

  test('leave no room for one more than may wait', async () => {
    const model = await llamas.run(endlessModel(), { sessions: 1, waiting: 1 });
    const leave = new AbortController();
    const running = [1, 2].map(async () => await reply(model, ask('Go on'), leave.signal));
    await expect(reply(model, ask('Go on'))).rejects.toMatchObject({ reason: 'busy' });
    leave.abort(new Error('enough'));
    for (const each of running) await expect(each).rejects.toThrow('enough');
  });
});

describe.runIf(runtime !== undefined)('a reply that nobody wants any more', () => {
  test('makes room within a token', async () => {
    const model = await llamas.run(endlessModel(), { sessions: 1, contextTokens: 8_000 });
    const replies = model
      .generate(ask('Go on'), { signal: new AbortController().signal })
      [Symbol.asyncIterator]();
    await replies.next();
    await replies.return?.();
    const { finish } = await reply(model, ask('Go on', { maxOutputTokens: 1 }));
    expect(finish.usage.outputTokens).toBe(1);
  });

  test('makes room while its prompt is still being read', async () => {
    const model = await llamas.run(sayingModel(), { sessions: 1, contextTokens: 8_000 });
    await model.warm();
    const leave = new AbortController();
    const long = reply(model, ask('x'.repeat(7_000)), leave.signal);
    await expect.poll(() => model.status.running).toBe(1);
    leave.abort(new Error('enough'));
    await expect(long).rejects.toThrow('enough');
    const { text, finish } = await reply(model, ask('x'.repeat(7_000)));
    expect(text).toBe(SENTENCE);
    expect(finish.usage.cachedInputTokens).toBeLessThan(7_000);
  });
});

describe.runIf(runtime !== undefined && process.platform === 'linux').each([
  ['killed', 'SIGKILL'],
  ['frozen', 'SIGSTOP'],
] as const)('a process that is %s', (_name, harm) => {
  test('fails what it was writing once, and answers again', { timeout: 60_000 }, async () => {
    const model = await llamas.run(endlessModel(), { sessions: 2, waiting: 18, silenceMs: SILENCE_MS });
    await model.warm();
    const first = child();
    const signal = new AbortController().signal;
    const request = ask('Go on', { maxOutputTokens: 4_000 });
    const writing = [1, 2].map(
      (): AsyncIterator<unknown> => model.generate(request, { signal })[Symbol.asyncIterator](),
    );
    await Promise.all(writing.map(async (each) => await each.next()));
    const waiting = Array.from(
      { length: 6 },
      async () => await reply(model, ask('Go on', { maxOutputTokens: 4 })),
    );
    const started = performance.now();
    process.kill(first, harm);
    for (const each of writing)
      await expect(toEnd(each)).rejects.toMatchObject({
        name: 'EngineError',
        reason: 'unavailable',
        retryAfterSeconds: 1,
      });
    for (const { text } of await Promise.all(waiting)) expect(text).toBe('On and on and');
    expect(performance.now() - started).toBeLessThan(BACK_WITHIN_MS);
    expect(child()).not.toBe(first);
    await expect.poll(() => model.status).toMatchObject({ running: 0, waiting: 0, trouble: undefined });
  });
});

test.runIf(runtime !== undefined && process.platform === 'linux')(
  'an engine that is closed leaves no process',
  async () => {
    const model = await llamas.run(sayingModel());
    await model.warm();
    expect(child()).toBeGreaterThan(0);
    await model[Symbol.asyncDispose]();
    expect(childProcesses('llama-child')).toEqual([]);
  },
);

async function toEnd(events: AsyncIterator<unknown>): Promise<void> {
  while (!(await events.next()).done);
}
