import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { FakeJobs } from '../../src/engines/fake/fake-behaviour.ts';
import { fakeRecognizer } from '../../src/engines/fake/fake-recognizer.ts';
import { Rig, settle } from './rig.ts';
import { TestResponder } from './test-responder.ts';

const core = resolve(import.meta.dirname, '../../src/realtime');
const sources = readdirSync(core)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => ({ file, text: readFileSync(join(core, file), 'utf8') }));

test('the core reads no clock and sets no timer but through Clock', () => {
  expect(sources.length).toBeGreaterThan(15);
  const wrong = sources.filter(({ text }) =>
    /Date\.now|new Date|performance\.|setTimeout|setInterval|AbortSignal\.timeout|systemClock/.test(text),
  );
  expect(wrong.map(({ file }) => file)).toEqual([]);
});

test('session state changes in synchronous code: only audio, reading and the end are awaited', () => {
  const session = sources.find(({ file }) => file === 'session.ts')?.text ?? '';
  const awaited = [...session.matchAll(/await (?:using )?([^;\n]+);/g)].map(([, what]) => what);
  expect(awaited).toEqual([
    'this.#outbox.calm(signal)',
    'this.#inbox.write(command, signal)',
    'unlessAborted(updated.promise, signal)',
    'this.#outbox.calm(this.#closing.signal).catch(() => {})',
    'this.#running',
    'responded',
    'this.#turns[Symbol.asyncDispose]()',
    'this.#turns.append(command.bytes)',
  ]);
});

test('engines are shared: what one session breaks off leaves another alone', async () => {
  const jobs = new FakeJobs();
  const recognizer = fakeRecognizer({ jobs });
  const responder = new TestResponder({ words: ['Yes.'] }, { jobs });
  const one = new Rig({ responder, recognizer, jobs });
  await using other = new Rig({ responder, recognizer, jobs });
  await one.say('One', 0);
  await other.say('Two', 0);
  await settle();
  await one[Symbol.asyncDispose]();
  await other.say('', 300);
  await other.readResponses(1);
  expect(other.of('response-end')[0]?.response.status).toEqual({ type: 'completed' });
});

test('a session may end in the midst of audio, and more than once', async () => {
  const jobs = new FakeJobs();
  const rig = new Rig({ responder: new TestResponder({ words: ['Yes.'] }), jobs });
  const reading = rig.readAll();
  const said = rig.say('A rather long thing to say in one go', 300);
  await Promise.all([rig[Symbol.asyncDispose](), rig[Symbol.asyncDispose]()]);
  await rig[Symbol.asyncDispose]();
  await said.catch(() => {});
  await reading;
  expect(jobs.running).toBe(0);
  await expect(rig.send({ type: 'audio-clear' })).rejects.toThrow();
});
