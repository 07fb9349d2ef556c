import { expect, test } from 'vitest';
import { nextResponse, type ResponseInput, type ResponseState } from './response-machine.ts';

const IDLE: ResponseState = { phase: 'idle' };
const CLOSED: ResponseState = { phase: 'closed' };
const ACTIVE: ResponseState = { phase: 'active', responseId: 'a', isWanted: false };
const WANTED: ResponseState = { phase: 'active', responseId: 'a', isWanted: true };
const NEXT: ResponseState = { phase: 'active', responseId: 'b', isWanted: false };

const DONE = { status: { type: 'completed' }, usage: undefined } as const;
const CREATE: ResponseInput = { type: 'create', responseId: 'b' };
const ANSWER: ResponseInput = { type: 'answer', responseId: 'b' };
const CANCEL: ResponseInput = { type: 'cancel', reason: 'client-cancelled' };
const SPEECH: ResponseInput = { type: 'cancel', reason: 'turn-detected' };
const TOLD: ResponseInput = { type: 'told', responseId: 'a', nextResponseId: 'b', ...DONE };
const STALE: ResponseInput = { type: 'told', responseId: 'z', nextResponseId: 'b', ...DONE };
const CLOSE: ResponseInput = { type: 'close' };

const RUN = { type: 'run', responseId: 'b' };
const END = { type: 'end', responseId: 'a', ...DONE };
const CUT = { type: 'cut', responseId: 'a', reason: 'client-cancelled' };
const CUT_BY_SPEECH = { type: 'cut', responseId: 'a', reason: 'turn-detected' };
const REFUSE = { type: 'refuse-create', activeId: 'a' };

test.each([
  ['idle', IDLE, CREATE, NEXT, [RUN]],
  ['idle', IDLE, ANSWER, NEXT, [RUN]],
  ['idle', IDLE, CANCEL, IDLE, [{ type: 'refuse-cancel' }]],
  ['idle', IDLE, SPEECH, IDLE, []],
  ['idle', IDLE, TOLD, IDLE, []],
  ['idle', IDLE, STALE, IDLE, []],
  ['idle', IDLE, CLOSE, CLOSED, []],
  ['active', ACTIVE, CREATE, ACTIVE, [REFUSE]],
  ['active', ACTIVE, ANSWER, WANTED, []],
  ['active', ACTIVE, CANCEL, IDLE, [CUT]],
  ['active', ACTIVE, SPEECH, IDLE, [CUT_BY_SPEECH]],
  ['active', ACTIVE, TOLD, IDLE, [END]],
  ['active', ACTIVE, STALE, ACTIVE, []],
  ['active', ACTIVE, CLOSE, CLOSED, [CUT]],
  ['wanted', WANTED, CREATE, WANTED, [REFUSE]],
  ['wanted', WANTED, ANSWER, WANTED, []],
  ['wanted', WANTED, CANCEL, IDLE, [CUT]],
  ['wanted', WANTED, SPEECH, IDLE, [CUT_BY_SPEECH]],
  ['wanted', WANTED, TOLD, NEXT, [END, RUN]],
  ['wanted', WANTED, STALE, WANTED, []],
  ['wanted', WANTED, CLOSE, CLOSED, [CUT]],
  ...[CREATE, ANSWER, CANCEL, SPEECH, TOLD, STALE, CLOSE].map(
    (input) => ['closed', CLOSED, input, CLOSED, []] as const,
  ),
] as const)('%s: %j, %j', (_name, state, input, next, effects) => {
  expect(nextResponse(state, input)).toEqual({ state: next, effects });
});
