import { expect, test } from 'vitest';
import { ResponseLedger } from './response-ledger.ts';
import type { ResponseProgress } from './session-event.ts';

const responseId = 'resp_1';
const place = { itemId: 'a', outputIndex: 0 };
const message = { kind: 'message', id: 'a', status: 'in-progress', content: [] } as const;
const call = {
  kind: 'function-call',
  id: 'b',
  status: 'in-progress',
  callId: 'call_1',
  name: 'get_weather',
  arguments: '',
} as const;

const START: ResponseProgress = {
  type: 'output-item-start',
  responseId,
  item: message,
  outputIndex: 0,
  previousItemId: null,
};
const PART: ResponseProgress = { type: 'output-part-start', responseId, part: 'audio', ...place };
const DELTA: ResponseProgress = { type: 'output-transcript-delta', responseId, delta: 'Hello.', ...place };
const AUDIO: ResponseProgress = {
  type: 'output-audio-delta',
  responseId,
  audio: { bytes: new Uint8Array(4_800), samples: new Int16Array(2_400), durationMs: 100 },
  ...place,
};
const PART_END: ResponseProgress = {
  type: 'output-part-end',
  responseId,
  part: 'audio',
  text: 'Hello.',
  ...place,
};
const CALL: ResponseProgress = {
  type: 'output-item-start',
  responseId,
  item: call,
  outputIndex: 1,
  previousItemId: 'a',
};

function ledgerOf(...events: readonly ResponseProgress[]): ResponseLedger {
  const ledger = new ResponseLedger();
  for (const event of events) ledger.note(event);
  return ledger;
}

test.each([
  ['nothing', [], []],
  ['an item', [START], ['output-item-end']],
  ['a part', [START, PART], ['output-part-end', 'output-item-end']],
  ['a part that has ended', [START, PART, DELTA, PART_END], ['output-item-end']],
  ['a call', [CALL], ['output-arguments-end', 'output-item-end']],
  [
    'a message and a call',
    [START, PART, PART_END, CALL],
    ['output-item-end', 'output-arguments-end', 'output-item-end'],
  ],
] as const)('a cut that finds %s begun ends just that, and nothing twice', (_name, events, ends) => {
  const ledger = ledgerOf(...events);
  expect(ledger.cut(responseId).map(({ type }) => type)).toEqual(ends);
  expect(ledger.cut(responseId)).toEqual([]);
});

test('what was told of an item is its output, incomplete once it is cut', () => {
  const ledger = ledgerOf(START, PART, DELTA, AUDIO);
  ledger.mark('a', { text: 'Hello.', endMs: 90 });
  ledger.cut(responseId);
  expect(ledger.output).toEqual([
    { kind: 'message', id: 'a', status: 'incomplete', content: [{ kind: 'audio', text: 'Hello.' }] },
  ]);
  expect(ledger.spoken('a')).toMatchObject({
    transcript: 'Hello.',
    durationMs: 100,
    marks: [{ text: 'Hello.', endMs: 90 }],
  });
});

test('an item that is no speech has spoken nothing', () => {
  const ledger = ledgerOf(START, CALL);
  expect([ledger.spoken('a'), ledger.spoken('b'), ledger.spoken('c')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
