import { expect, test } from 'vitest';
import { cascade } from '../../src/conversation/cascade.ts';
import type { FakeBehaviour } from '../../src/engines/fake/fake-behaviour.ts';
import { FakeJobs } from '../../src/engines/fake/fake-behaviour.ts';
import { fakeDetector } from '../../src/engines/fake/fake-detector.ts';
import { fakeLanguageModel } from '../../src/engines/fake/fake-language-model.ts';
import { fakeRecognizer } from '../../src/engines/fake/fake-recognizer.ts';
import { fakeSynthesizer } from '../../src/engines/fake/fake-synthesizer.ts';
import type { SessionConfig } from '../../src/realtime/session-config.ts';
import { Rig, settle } from './rig.ts';
import { TestResponder } from './test-responder.ts';
import { VirtualClock } from './virtual-clock.ts';

const CAPTIONED: Partial<SessionConfig> = {
  transcription: { model: 'fake', language: undefined, prompt: undefined },
};
const KINDS = ['busy', 'unavailable', 'failed', 'hang'] as const;
/** Before any output, after the first, and in the midst of them. */
const MOMENTS = [0, 1, 3];
const CASES = KINDS.flatMap((kind) => MOMENTS.map((after) => ({ kind, after })));

const CODES = {
  busy: 'rate_limit_exceeded',
  unavailable: 'server_error',
  failed: 'server_error',
  hang: 'server_error',
};

/** Lets time go by until what hangs is given up. */
async function outlast(rig: Rig): Promise<void> {
  for (let round = 0; round < 6; round += 1) {
    await settle(4);
    rig.clock.advance(31_000);
  }
  await settle(4);
}

/** The first job goes wrong, and those behind it go well. */
function once(fault: NonNullable<FakeBehaviour['fault']>): () => FakeBehaviour {
  let jobs = 0;
  return () => (jobs++ === 0 ? { fault } : {});
}

function engines(
  rigJobs: FakeJobs,
  faulty: 'model' | 'synthesizer',
  fault: NonNullable<FakeBehaviour['fault']>,
) {
  const jobs = rigJobs;
  const behaviour = once(fault);
  let ids = 0;
  return cascade({
    recognizer: fakeRecognizer({ jobs }),
    languageModel: fakeLanguageModel({
      jobs,
      reply: () => ({ text: 'One two three. Four five six. Seven.' }),
      ...(faulty === 'model' ? { behaviour } : {}),
    }),
    synthesizer: fakeSynthesizer({ jobs, ...(faulty === 'synthesizer' ? { behaviour } : {}) }),
    newId: (prefix) => `${prefix}r${++ids}`,
  });
}

test.each(
  (['model', 'synthesizer'] as const).flatMap((faulty) => CASES.map((fault) => ({ faulty, ...fault }))),
)(
  'a $faulty that is $kind after $after outputs fails one response, and the next is made',
  async ({ faulty, kind, after }) => {
    const jobs = new FakeJobs();
    const rig = new Rig({ responder: engines(jobs, faulty, { kind, after }), jobs });
    const reading = rig.readAll();
    await rig.send({ type: 'response-create', options: {} });
    await settle(20);
    if (kind === 'hang') await outlast(rig);
    expect(rig.of('response-end')).toMatchObject([
      { response: { status: { type: 'failed', code: CODES[kind] } } },
    ]);
    for (const item of rig.of('response-end')[0]?.response.output ?? [])
      expect(item.status).toBe('incomplete');
    await rig.send({ type: 'response-create', options: {} });
    await settle(50);
    expect(rig.of('response-end')[1]?.response.status.type).toBe('completed');
    await rig[Symbol.asyncDispose]();
    await reading;
    expect(jobs.running).toBe(0);
    expect(rig.clock.pending).toBe(0);
  },
);

test.each(CASES.filter(({ after }) => after < 3))(
  'a recognizer that is $kind after $after outputs fails one transcript, and the next turn is heard',
  async ({ kind, after }) => {
    const clock = new VirtualClock();
    const jobs = new FakeJobs();
    const recognizer = fakeRecognizer({ clock, jobs, behaviour: once({ kind, after }) });
    const responder = new TestResponder({ words: ['Yes.'] }, { jobs, clock });
    const rig = new Rig({ responder, recognizer, clock, jobs, config: CAPTIONED });
    const reading = rig.readAll();
    await rig.say('One two');
    await settle(20);
    if (kind === 'hang') await outlast(rig);
    expect(rig.of('transcription-failed')).toHaveLength(1);
    // The responder may hear what the session could not, so the turn is handed to it.
    expect(rig.of('response-end')).toHaveLength(1);
    await rig.say('Three');
    await settle(20);
    expect(rig.of('transcription-end')).toMatchObject([{ transcript: 'Three' }]);
    expect(rig.of('response-end')).toHaveLength(2);
    await rig[Symbol.asyncDispose]();
    await reading;
    expect(jobs.running).toBe(0);
    expect(clock.pending).toBe(0);
  },
);

test('what brings the recognizer down fails one response, and the next does without it', async () => {
  const jobs = new FakeJobs();
  const recognizer = fakeRecognizer({ jobs, behaviour: () => ({ fault: { after: 0, kind: 'failed' } }) });
  const responder = cascade({
    recognizer,
    languageModel: fakeLanguageModel({ jobs, reply: () => ({ text: 'Yes.' }) }),
    synthesizer: fakeSynthesizer({ jobs }),
    newId: (prefix) => `${prefix}r`,
  });
  await using rig = new Rig({ responder, recognizer, jobs });
  await rig.say('One two');
  await rig.readResponses(1);
  await rig.write('Are you there?');
  await rig.send({ type: 'response-create', options: {} });
  await rig.readResponses(2);
  expect(rig.of('response-end').map(({ response }) => response.status.type)).toEqual(['failed', 'completed']);
});

test('without a recognizer a spoken turn gets one failed response that names the remedy', async () => {
  const responder = cascade({
    recognizer: undefined,
    languageModel: fakeLanguageModel(),
    synthesizer: fakeSynthesizer(),
    newId: (prefix) => `${prefix}r`,
  });
  await using rig = new Rig({ responder, recognizer: undefined, config: CAPTIONED });
  await rig.say('One two');
  await rig.readResponses(1);
  expect(rig.of('transcription-failed')[0]?.message).toContain('samtal doctor');
  expect(rig.of('response-end')[0]?.response.status).toMatchObject({ type: 'failed' });
});

test('a response that waits for the words of a turn is cancelled at once, and so is its session', async () => {
  const clock = new VirtualClock();
  const hung = fakeRecognizer({ clock, behaviour: () => ({ fault: { after: 0, kind: 'hang' } }) });
  const responder = new TestResponder({ words: ['Yes.'] });
  const rig = new Rig({ responder, recognizer: hung, clock, config: { turnDetection: undefined } });
  const reading = rig.readAll();
  await rig.say('One', 0);
  await rig.send({ type: 'audio-commit' });
  await rig.send({ type: 'response-create', options: {} });
  await rig.send({ type: 'response-cancel', responseId: undefined });
  await settle();
  expect(rig.of('response-end')).toHaveLength(1);
  await rig.send({ type: 'response-create', options: {} });
  await settle();
  await rig[Symbol.asyncDispose]();
  await reading;
  expect(responder.requests).toHaveLength(0);
  expect(rig.of('response-end')).toHaveLength(2);
});

test('a detector that fails is told of once, and turns are found again when it works', async () => {
  let opened = 0;
  const behaviour = (): FakeBehaviour => (opened++ < 2 ? { fault: { after: 3, kind: 'failed' } } : {});
  await using rig = new Rig({
    responder: new TestResponder({ words: ['Yes.'] }),
    detector: fakeDetector({ behaviour }),
  });
  await rig.say('One two', 0);
  await rig.say('One two', 0);
  await rig.say('One two');
  await rig.readUntil('speech-end');
  expect(rig.of('problem')).toMatchObject([{ problem: { code: 'server_error' } }]);
});

test('a detector that hangs holds up nothing when its session ends', async () => {
  const behaviour = (): FakeBehaviour => ({ fault: { after: 3, kind: 'hang' } });
  const jobs = new FakeJobs();
  const rig = new Rig({ responder: new TestResponder(), detector: fakeDetector({ behaviour, jobs }), jobs });
  await rig.say('One two');
  await settle();
  await rig[Symbol.asyncDispose]();
  expect(jobs.running).toBe(0);
});

test('a session that is closed while it waits for its idle timeout leaves no timer', async () => {
  const turnDetection = {
    type: 'server-vad',
    threshold: 0.5,
    prefixPaddingMs: 300,
    silenceDurationMs: 200,
    idleTimeoutMs: 5_000,
    createResponse: true,
    interruptResponse: true,
  } as const;
  const rig = new Rig({ responder: new TestResponder({ words: ['Yes.'] }), config: { turnDetection } });
  await rig.send({ type: 'response-create', options: {} });
  await rig.readUntil('output-item-start');
  await rig[Symbol.asyncDispose]();
  expect(rig.clock.pending).toBe(0);
  await rig[Symbol.asyncDispose]();
});
