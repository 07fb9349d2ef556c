import assert from 'node:assert/strict';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cascade } from '../../src/conversation/cascade.ts';
import { fakeLanguageModel } from '../../src/engines/fake/fake-language-model.ts';
import { fakeSynthesizer } from '../../src/engines/fake/fake-synthesizer.ts';
import { Rig } from './rig.ts';
import { TestResponder } from './test-responder.ts';

const WORDS = ['One', ' two', ' three,', ' four', ' five.', ' Six', ' seven.'];
const moments = fc.record({
  by: fc.constantFrom('cancel', 'speech'),
  /** Events read before, and turns of the event loop after the last of them. */
  reads: fc.nat(24),
  turns: fc.nat(12),
  msPerWord: fc.constantFrom(30, 60, 120, 240),
  truncateMs: fc.option(fc.nat(400)),
});

test('in 10,000 interruptions no audio follows the end, and what is remembered was told', {
  timeout: 300_000,
}, async () => {
  let cuts = 0;
  const property = fc.asyncProperty(moments, async ({ by, reads, turns, msPerWord, truncateMs }) => {
    const responder = new TestResponder({ words: WORDS, msPerWord });
    await using rig = new Rig({ responder });
    await rig.send({ type: 'response-create', options: {} });
    for (let read = 0; read < reads && rig.of('response-end').length === 0; read += 1) await rig.read();
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    if (by === 'cancel') await rig.send({ type: 'response-cancel', responseId: undefined });
    else await rig.say('ab', 0);
    await rig.readResponses(1);
    const { response } = rig.of('response-end')[0] ?? assert.fail();
    if (response.status.type === 'cancelled') cuts += 1;
    const [item] = response.output;
    if (item && truncateMs !== null)
      await rig.send({ type: 'item-truncate', itemId: item.id, contentIndex: 0, audioEndMs: truncateMs });
    await rig.send({ type: 'audio-clear' });
    await rig.send({ type: 'response-create', options: {} });
    await rig.readResponses(2);
    checkMemory(rig, responder, response.id);
  });
  await fc.assert(property, { numRuns: 10_000 });
  expect(cuts).toBeGreaterThan(3_000);
});

function checkMemory(rig: Rig, responder: TestResponder, responseId: string): void {
  const end = rig.told.findIndex(
    (event) => event.type === 'response-end' && event.response.id === responseId,
  );
  const late = rig.told
    .slice(end + 1)
    .filter((event) => 'responseId' in event && event.responseId === responseId);
  assert.deepEqual(late, [], 'something of the response follows its end');
  const told = rig.of('output-transcript-delta').filter((event) => event.responseId === responseId);
  const transcript = told.map(({ delta }) => delta).join('');
  const remembered = responder.requests[1]?.conversation.items ?? assert.fail();
  assert.ok(remembered.length <= 1);
  for (const item of remembered) {
    const part = item.kind === 'message' ? item.content[0] : undefined;
    assert.ok(
      part?.kind === 'audio' && transcript.startsWith(part.transcript ?? '?'),
      'words that were not told',
    );
  }
}

test('a cut speech of real pieces is remembered word by word, and its engines stop at once', async () => {
  const text = 'The first sentence is quite short. The second one goes on for a good while longer than it.';
  const languageModel = fakeLanguageModel({ reply: () => ({ text }) });
  let ids = 0;
  const newId = (prefix: string): string => `${prefix}r${++ids}`;
  const responder = cascade({ recognizer: undefined, languageModel, synthesizer: fakeSynthesizer(), newId });
  await using rig = new Rig({ responder });
  await rig.send({ type: 'response-create', options: {} });
  await rig.readUntil(() => rig.of('output-audio-delta').length === 9);
  await rig.say('Stop', 0);
  await rig.readUntil('response-end');
  const spokenMs = rig.of('output-audio-delta').reduce((ms, { audio }) => ms + audio.durationMs, 0);
  expect(spokenMs).toBe(2_750);
  const itemId = rig.of('output-item-start')[0]?.item.id ?? '';
  await rig.send({ type: 'item-retrieve', itemId });
  expect(await rig.readUntil('item-retrieved')).toMatchObject({
    item: {
      status: 'incomplete',
      content: [{ transcript: 'The first sentence is quite short. The second ' }],
    },
  });
});
