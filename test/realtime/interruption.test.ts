import { expect, test } from 'vitest';
import { fakeRecognizer } from '../../src/engines/fake/fake-recognizer.ts';
import { SESSION_LIMITS } from '../../src/realtime/session-limits.ts';
import { Rig, settle, userText } from './rig.ts';
import { TestResponder } from './test-responder.ts';

const WORDS = ['One', ' two', ' three', ' four', ' five', ' six.'];

test('speech cuts a reply short: it is told, then the items of the reply end, and then the reply', async () => {
  await using rig = new Rig({ responder: new TestResponder({ words: WORDS, msPerWord: 100 }) });
  await rig.send({ type: 'response-create', options: {} });
  await rig.readUntil('output-audio-delta');
  const before = rig.told.length;
  await rig.say('Wait.', 0);
  await rig.readUntil('response-end');
  expect(rig.types().slice(before)).toEqual([
    'speech-start',
    'output-part-end',
    'output-item-end',
    'response-end',
  ]);
  expect(rig.of('response-end')[0]?.response).toMatchObject({
    status: { type: 'cancelled', reason: 'turn-detected' },
    output: [{ status: 'incomplete', content: [{ kind: 'audio', text: 'One two three four five six.' }] }],
  });
});

test('of a reply that was cut, the model reads the words that had sounded', async () => {
  const responder = new TestResponder({ words: WORDS, msPerWord: 100 });
  await using rig = new Rig({ responder });
  await rig.send({ type: 'response-create', options: {} });
  await rig.readUntil('output-audio-delta');
  await rig.readUntil('output-audio-delta');
  await rig.send({ type: 'response-cancel', responseId: undefined });
  await rig.readUntil('response-end');
  await rig.send({ type: 'response-create', options: {} });
  await rig.readUntil('response-end');
  expect(responder.requests[1]?.conversation.items).toMatchObject([
    { role: 'assistant', status: 'incomplete', content: [{ transcript: 'One two ' }] },
  ]);
});

test('a reply of which nothing had sounded is not read by the model', async () => {
  const responder = new TestResponder({ words: WORDS, msPerWord: 100 });
  await using rig = new Rig({ responder });
  await rig.send({ type: 'response-create', options: {} });
  await rig.readUntil('output-part-start');
  await rig.send({ type: 'response-cancel', responseId: undefined });
  await rig.readUntil('response-end');
  await rig.send({ type: 'response-create', options: {} });
  await rig.readUntil('response-end');
  expect(responder.requests[1]?.conversation.items).toEqual([]);
});

test.each(['output-part-start', 'output-audio-delta', 'output-part-end', 'output-item-end'] as const)(
  'a cancel right behind %s ends once what was begun',
  async (type) => {
    await using rig = new Rig({ responder: new TestResponder({ words: WORDS, msPerWord: 100 }) });
    await rig.send({ type: 'response-create', options: {} });
    await rig.readUntil(type);
    await rig.send({ type: 'response-cancel', responseId: undefined });
    await rig.readUntil('response-end');
    expect(rig.of('output-part-end')).toHaveLength(1);
    expect(rig.of('output-item-end')).toHaveLength(1);
  },
);

test('the arguments of a call that is cut end as far as they came', async () => {
  await using rig = new Rig({ responder: new TestResponder({ callArguments: ['{"city":', '"Oslo"}'] }) });
  await rig.send({ type: 'response-create', options: {} });
  await rig.readUntil('output-arguments-delta');
  await rig.send({ type: 'response-cancel', responseId: undefined });
  await rig.readUntil('response-end');
  expect(rig.of('output-arguments-end')).toMatchObject([{ arguments: '{"city":', name: 'get_weather' }]);
});

test('a cancel of a response that has ended leaves the live one alone, and is refused only once it is stale', async () => {
  await using rig = new Rig({ responder: new TestResponder({ words: WORDS }) });
  await rig.send({ type: 'response-create', options: {} });
  const first = await rig.readUntil('response-end');
  await rig.send({ type: 'response-create', options: {} });
  await rig.readUntil('output-item-start');
  const responseId = first.type === 'response-end' ? first.response.id : '';
  await rig.send({ type: 'response-cancel', responseId });
  await rig.readUntil('response-end');
  expect(rig.of('response-end').map(({ response }) => response.status.type)).toEqual([
    'completed',
    'completed',
  ]);
});

test('a cancel that crosses the end of its response is no mistake; one more is', async () => {
  await using rig = new Rig({ responder: new TestResponder({ words: WORDS }) });
  await rig.send({ type: 'response-create', options: {} });
  await rig.readUntil('response-end');
  await rig.send({ type: 'response-cancel', responseId: undefined }, 'event_1');
  await rig.send({ type: 'response-cancel', responseId: undefined }, 'event_2');
  expect(await rig.readUntil('problem')).toMatchObject({
    problem: { code: 'response_cancel_not_active', eventId: 'event_2' },
  });
});

test('a response that was refused leaves nothing behind for the next', async () => {
  const responder = new TestResponder({ words: WORDS });
  await using rig = new Rig({ responder });
  await rig.send({ type: 'response-create', options: {} });
  await rig.readUntil('output-item-start');
  await rig.send(
    { type: 'response-create', options: { instructions: 'Be rude.', modality: 'text' } },
    'event_5',
  );
  expect(await rig.readUntil('problem')).toMatchObject({
    problem: { code: 'conversation_already_has_active_response', eventId: 'event_5' },
  });
  await rig.readUntil('response-end');
  await rig.say('Hello.');
  await rig.readUntil('response-end');
  expect(responder.requests.map(({ instructions }) => instructions)).toEqual(['Be brief.', 'Be brief.']);
});

test('an item that comes while a reply begins is told before the reply stands behind it', async () => {
  const responder = new TestResponder({ words: WORDS });
  await using rig = new Rig({ responder });
  await rig.send({ type: 'response-create', options: {} });
  await rig.readUntil('response-start');
  await settle();
  // The reply's item is taken from the queue in the moment in which the other is made.
  const next = rig.read();
  await rig.write('Hello', 'item_x');
  await next;
  await rig.readUntil('response-end');
  expect(rig.checker.liveResponses).toBe(0);
});

test('a response reads the conversation and the configuration as they were at its start', async () => {
  const responder = new TestResponder({ words: WORDS });
  const recognizer = fakeRecognizer();
  await using rig = new Rig({ responder, recognizer });
  await rig.write('First');
  await rig.send({ type: 'response-create', options: {} });
  await rig.write('Second');
  await rig.send({ type: 'session-update', changes: { instructions: 'Be long.' } });
  await rig.readUntil('response-end');
  expect(responder.requests[0]).toMatchObject({ instructions: 'Be brief.' });
  expect(responder.requests[0]?.conversation.items).toMatchObject([{ content: [{ text: 'First' }] }]);
  expect(rig.of('response-end')[0]?.response.config.instructions).toBe('Be brief.');
});

test('out-of-band responses run beside the live one and leave the conversation as it is', async () => {
  const responder = new TestResponder({ words: WORDS });
  await using rig = new Rig({ responder });
  await rig.write('Hello', 'item_a');
  await rig.send({ type: 'response-create', options: {} });
  const metadata = { topic: 'mood' };
  const input = [
    { type: 'reference', itemId: 'item_a' },
    { type: 'item', item: userText('And you?', 'item_b') },
  ] as const;
  await rig.send({
    type: 'response-create',
    options: { isOutOfBand: true, modality: 'text', metadata, input },
  });
  await rig.readUntil('response-end');
  await rig.readUntil('response-end');
  const beside = rig.of('response-end').find(({ response }) => response.conversationId === null)?.response;
  expect(beside).toMatchObject({ status: { type: 'completed' }, metadata: { topic: 'mood' } });
  const requested = responder.requests.find(({ modality }) => modality === 'text');
  expect(requested?.conversation.items.map(({ id }) => id)).toEqual(['item_a', 'item_b']);
  await rig.send({ type: 'item-retrieve', itemId: beside?.output[0]?.id ?? '' });
  expect(await rig.readUntil('problem')).toMatchObject({
    problem: { code: 'item_retrieve_invalid_item_id' },
  });
});

test('a fifth response beside the conversation is refused, and a cancel ends the one that it names', async () => {
  const responder = new TestResponder(
    { words: WORDS },
    { behaviour: () => ({ fault: { after: 0, kind: 'hang' } }) },
  );
  await using rig = new Rig({ responder });
  for (let count = 0; count < 5; count += 1)
    await rig.send({ type: 'response-create', options: { isOutOfBand: true } });
  expect(await rig.readUntil('problem')).toMatchObject({ problem: { code: 'rate_limit_exceeded' } });
  const [, second] = rig.of('response-start');
  await rig.send({ type: 'response-cancel', responseId: second?.response.id });
  expect(await rig.readUntil('response-end')).toMatchObject({ response: { id: second?.response.id } });
  expect(rig.checker.liveResponses).toBe(3);
});

test('a slow reader stops the reply within a few events, and a reader that never reads grows nothing', async () => {
  const words = Array.from({ length: 500 }, () => ' word');
  const responder = new TestResponder({ words });
  await using rig = new Rig({ responder });
  await rig.send({ type: 'response-create', options: {} });
  await settle(50);
  expect(responder.made).toBeLessThan(20);
  for (let read = 0; read < 100; read += 1) await rig.read();
  await settle(50);
  expect(responder.made).toBeLessThan(120);
});

test('commands wait while their answers are not read, and so do reports', async () => {
  const limits = { ...SESSION_LIMITS, controlEventsAhead: 4, commandsAhead: 4 };
  await using rig = new Rig({ responder: new TestResponder(), limits });
  let received = 0;
  const client = (async () => {
    for (let count = 0; count < 100; count += 1) {
      await rig.send({ type: 'audio-clear' });
      received += 1;
    }
  })();
  await settle(50);
  expect(received).toBeLessThan(14);
  let isReported = false;
  const problem = { code: 'invalid_json', message: 'What?', param: null, eventId: null } as const;
  const report = rig.session.report(problem).then(() => {
    isReported = true;
  });
  await settle();
  expect(isReported).toBe(false);
  for (let read = 0; read < 102; read += 1) await rig.read();
  await client;
  await report;
  expect(rig.of('audio-cleared')).toHaveLength(100);
});
