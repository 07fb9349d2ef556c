import { expect, test } from 'vitest';
import { FakeJobs } from '../../src/engines/fake/fake-behaviour.ts';
import { fakeRecognizer } from '../../src/engines/fake/fake-recognizer.ts';
import { SESSION_LIMITS } from '../../src/realtime/session-limits.ts';
import { Rig, SERVER_VAD, settle, silence } from './rig.ts';
import { TestResponder } from './test-responder.ts';
import { VirtualClock } from './virtual-clock.ts';

const REPLY = new TestResponder({ words: ['Hello', ' there.'] });
const TRANSCRIPTION = { model: 'fake', language: undefined, prompt: undefined };

test('a spoken turn is announced, committed, heard and answered, in this order', async () => {
  await using rig = new Rig({ responder: REPLY, config: { transcription: TRANSCRIPTION } });
  await rig.say('How are you?');
  await rig.readUntil('response-end');
  expect(rig.types().filter((type, index, all) => type !== all[index - 1])).toEqual([
    'session-start',
    'speech-start',
    'speech-end',
    'audio-committed',
    'item-added',
    'transcription-delta',
    'transcription-end',
    'response-start',
    'output-item-start',
    'output-part-start',
    'output-transcript-delta',
    'output-audio-delta',
    'output-part-end',
    'output-item-end',
    'response-end',
  ]);
  expect(rig.of('transcription-end')[0]?.transcript).toBe('How are you?');
  const { itemId } = rig.of('speech-start')[0] ?? {};
  for (const type of ['speech-end', 'audio-committed', 'transcription-end'] as const)
    expect(rig.of(type)[0]?.itemId).toBe(itemId);
});

test('deltas of a transcript add up to it, also what was heard before the turn had an item', async () => {
  await using rig = new Rig({ responder: REPLY, config: { transcription: TRANSCRIPTION } });
  for (const word of ['one ', 'two ', 'three']) await rig.say(word, 0);
  await rig.say('', 300);
  const end = await rig.readUntil('transcription-end');
  const deltas = rig.of('transcription-delta').map(({ delta }) => delta);
  expect(deltas.join('')).toBe('one two three');
  expect(end).toMatchObject({ transcript: 'one two three' });
});

test('a client that asks for the words in the midst of a turn is told all of them', async () => {
  await using rig = new Rig({ responder: REPLY, hasCaptions: true });
  await rig.say('one two ', 0);
  await settle();
  await rig.send({ type: 'session-update', changes: { transcription: TRANSCRIPTION } });
  await rig.say('three');
  await rig.readUntil('transcription-end');
  const deltas = rig.of('transcription-delta').map(({ delta }) => delta);
  expect(deltas.join('')).toBe('one two three');
});

test('a conversation that is full takes no turn and no response, and says so', async () => {
  const limits = { ...SESSION_LIMITS, items: 1 };
  await using rig = new Rig({ responder: REPLY, limits, config: { transcription: TRANSCRIPTION } });
  await rig.write('Hi.', 'mine');
  await rig.say('How are you?');
  await rig.send({ type: 'response-create', options: {} }, 'mine');
  await rig.send({ type: 'item-delete', itemId: 'mine' });
  await rig.readUntil('item-deleted');
  const full = { code: 'invalid_value', message: 'The conversation is full: it holds 1 items. Delete some.' };
  expect(rig.of('problem')).toMatchObject([
    { problem: { ...full, eventId: null } },
    { problem: { ...full, eventId: 'mine' } },
  ]);
  expect([...rig.of('audio-committed'), ...rig.of('response-start')]).toEqual([]);
  await rig.send({ type: 'response-create', options: {} });
  await rig.readUntil('response-end');
});

test('noise that is taken for a turn has an item and gets no answer', async () => {
  const responder = new TestResponder({ words: ['Hello.'] });
  await using rig = new Rig({ responder });
  await rig.send({
    type: 'audio-append',
    bytes: Uint8Array.from(silence(200), (_, index) => (index % 7) * 9),
  });
  await rig.send({ type: 'audio-append', bytes: silence(300) });
  await rig.readUntil('item-added');
  await rig.write('Still there?');
  await rig.send({ type: 'response-create', options: {} });
  await rig.readUntil('response-end');
  expect(responder.requests.map(({ conversation }) => conversation.items.length)).toEqual([1]);
});

test('without create_response a turn is committed and not answered', async () => {
  await using rig = new Rig({
    responder: REPLY,
    config: { turnDetection: { ...SERVER_VAD, createResponse: false } },
  });
  await rig.say('How are you?');
  await rig.readUntil('item-added');
  await settle();
  await rig.write('x');
  await rig.readUntil('item-added');
  expect(rig.of('response-start')).toEqual([]);
});

test('without interrupt_response a reply goes on under speech, and the turn is answered behind it', async () => {
  const responder = new TestResponder({ words: ['Hello.'] });
  await using rig = new Rig({
    responder,
    config: { turnDetection: { ...SERVER_VAD, interruptResponse: false } },
  });
  await rig.send({ type: 'response-create', options: {} });
  await settle();
  await rig.say('Wait.');
  await settle();
  await rig.readUntil('response-end');
  await rig.readUntil('response-end');
  expect(rig.of('response-end').map(({ response }) => response.status.type)).toEqual([
    'completed',
    'completed',
  ]);
});

test('a turn whose words come while the user speaks again is answered with the next, not over it', async () => {
  const clock = new VirtualClock();
  const responder = new TestResponder({ words: ['Hello.'] });
  const recognizer = fakeRecognizer({ clock, behaviour: () => ({ delayMs: 10 }) });
  await using rig = new Rig({ responder, recognizer, clock });
  await rig.say('One.');
  await rig.readUntil('item-added');
  await rig.say('Two.', 0);
  await rig.readUntil('speech-start');
  for (let step = 0; step < 20; step += 1) {
    clock.advance(10);
    await settle(2);
  }
  expect(responder.requests).toHaveLength(0);
  await rig.say('', 300);
  await settle();
  for (let step = 0; step < 20; step += 1) {
    clock.advance(10);
    await settle(2);
  }
  await rig.readUntil('response-end');
  expect(responder.requests.map(({ conversation }) => conversation.items.length)).toEqual([2]);
});

test('a turn that noise follows is answered once the noise is known for what it is', async () => {
  const clock = new VirtualClock();
  const responder = new TestResponder({ words: ['Hello.'] });
  const recognizer = fakeRecognizer({ clock, behaviour: () => ({ delayMs: 10 }) });
  await using rig = new Rig({ responder, recognizer, clock });
  await rig.say('One.');
  const hum = Uint8Array.from(silence(200), (_, index) => (index % 7) * 9);
  await rig.send({ type: 'audio-append', bytes: hum });
  await rig.readUntil((event) => event.type === 'speech-start' && rig.of('speech-start').length === 2);
  for (let step = 0; step < 20; step += 1) {
    clock.advance(10);
    await settle(2);
  }
  expect(responder.requests).toHaveLength(0);
  await rig.say('', 300);
  await rig.readUntil('response-end');
  expect(responder.requests).toHaveLength(1);
});

test('a turn that the client ends starts no response', async () => {
  await using rig = new Rig({ responder: REPLY, config: { turnDetection: undefined } });
  await rig.say('How are you?', 0);
  await rig.send({ type: 'audio-commit' });
  await rig.readUntil('item-added');
  await settle();
  await rig.send({ type: 'item-retrieve', itemId: rig.of('item-added')[0]?.item.id ?? '' });
  expect(await rig.readUntil('item-retrieved')).toMatchObject({
    item: { content: [{ kind: 'audio', transcript: 'How are you?' }] },
  });
  expect(rig.of('response-start')).toEqual([]);
});

test('a commit of less than 100 ms is refused in the words of the service', async () => {
  await using rig = new Rig({ responder: REPLY, config: { turnDetection: undefined } });
  await rig.send({ type: 'audio-append', bytes: silence(99) });
  await rig.send({ type: 'audio-commit' }, 'event_7');
  expect(await rig.readUntil('problem')).toMatchObject({
    problem: {
      code: 'input_audio_buffer_commit_empty',
      message:
        'Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer only has 99.00ms of audio.',
      eventId: 'event_7',
    },
  });
});

test('a commit that crosses the end of speech is no mistake, though audio came in between; a second is', async () => {
  await using rig = new Rig({ responder: REPLY });
  await rig.say('Hi.', 200);
  await rig.send({ type: 'audio-append', bytes: silence(20) });
  await rig.send({ type: 'audio-commit' });
  await rig.send({ type: 'audio-commit' });
  await rig.readUntil('problem');
  await rig.write('end', 'item_end');
  await rig.readUntil((event) => event.type === 'item-added' && event.item.id === 'item_end');
  expect(rig.of('problem')).toHaveLength(1);
});

test('after a clear, audio begins with a whole sample again', async () => {
  await using rig = new Rig({ responder: REPLY, config: { turnDetection: undefined } });
  await rig.send({ type: 'audio-append', bytes: silence(100).subarray(1) });
  await rig.send({ type: 'audio-clear' });
  await rig.say('Clear.', 0);
  await rig.send({ type: 'audio-commit' });
  await rig.readUntil('item-added');
  await settle();
  await rig.send({ type: 'item-retrieve', itemId: rig.of('item-added')[0]?.item.id ?? '' });
  expect(await rig.readUntil('item-retrieved')).toMatchObject({
    item: { content: [{ transcript: 'Clear.' }] },
  });
});

test('a sample that is cut in two by the frames is put together', async () => {
  await using rig = new Rig({ responder: REPLY, config: { turnDetection: undefined } });
  const bytes = Buffer.alloc(9_600, Uint8Array.of(0x12, 0x34));
  for (let start = 0; start < bytes.length; start += 333)
    await rig.send({ type: 'audio-append', bytes: bytes.subarray(start, start + 333) });
  await rig.send({ type: 'audio-commit' });
  const event = await rig.readUntil('item-added');
  const samples =
    event.type === 'item-added' && event.item.kind === 'message' && event.item.content[0]?.kind === 'audio'
      ? event.item.content[0].clip.chunks.flatMap((chunk) => [...chunk.samples])
      : [];
  expect(samples).toHaveLength(4_800);
  expect(new Set(samples)).toEqual(new Set([0x3412]));
});

test('turning detection on ends what was being heard for the client', async () => {
  const jobs = new FakeJobs();
  const clock = new VirtualClock();
  await using rig = new Rig({ responder: REPLY, jobs, clock, config: { turnDetection: undefined } });
  await rig.say('One.', 0);
  await settle();
  expect(jobs.running).toBe(1);
  await rig.send({ type: 'session-update', changes: { turnDetection: SERVER_VAD } });
  await rig.readUntil('session-updated');
  await settle();
  expect(jobs.running).toBe(0);
});

const IDLE = { ...SERVER_VAD, idleTimeoutMs: 5_000 };

test('silence after a reply, once it has been played, is a turn that is answered', async () => {
  const responder = new TestResponder({ words: ['Hello.'], msPerWord: 1_000 });
  await using rig = new Rig({ responder, config: { turnDetection: IDLE } });
  await rig.send({ type: 'response-create', options: {} });
  await rig.readUntil('response-end');
  rig.clock.advance(5_999);
  expect(rig.clock.pending).toBe(1);
  rig.clock.advance(1);
  await rig.readUntil('idle-timeout');
  await rig.readUntil('response-end');
  expect(responder.requests).toHaveLength(2);
});

test('a reply that speech has interrupted starts no count of silence', async () => {
  const clock = new VirtualClock();
  const responder = new TestResponder({ words: ['Hello.'] });
  await using rig = new Rig({ responder, clock, config: { turnDetection: IDLE } });
  await rig.send({ type: 'response-create', options: {} });
  await rig.readUntil('output-item-start');
  await rig.say('Wait.', 0);
  await rig.readUntil('speech-start');
  expect(clock.pending).toBe(0);
});

test('a client that turns the idle timeout off is not timed out', async () => {
  await using rig = new Rig({ responder: REPLY, config: { turnDetection: IDLE } });
  await rig.send({ type: 'response-create', options: {} });
  await rig.readUntil('response-end');
  await rig.send({ type: 'session-update', changes: { turnDetection: undefined } });
  await rig.readUntil('session-updated');
  expect(rig.clock.pending).toBe(0);
});
