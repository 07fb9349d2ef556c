import type { ResponseUsage } from '../conversation/responder.ts';
import type { CancelReason, ResponseStatus } from './session-event.ts';

/** Which response writes to the conversation. Pure: effects come back as data for the session to perform. */
export type ResponseState =
  | { readonly phase: 'idle' }
  /** `isWanted`: a turn that ended in the meantime waits to be answered. */
  | { readonly phase: 'active'; readonly responseId: string; readonly isWanted: boolean }
  | { readonly phase: 'closed' };

export type ResponseInput =
  /** The client asks for a response. */
  | { readonly type: 'create'; readonly responseId: string }
  /** A turn has ended, and the session answers turns. */
  | { readonly type: 'answer'; readonly responseId: string }
  | { readonly type: 'cancel'; readonly reason: CancelReason }
  /** The last of a response has been told; another may take its place. */
  | ({
      readonly type: 'told';
      readonly responseId: string;
      readonly nextResponseId: string;
    } & ResponseOutcome)
  | { readonly type: 'close' };

export type ResponseEffect =
  | { readonly type: 'run'; readonly responseId: string }
  /** Stop its engines, take back what is queued, end its items and tell its end. */
  | { readonly type: 'cut'; readonly responseId: string; readonly reason: CancelReason }
  | ({ readonly type: 'end'; readonly responseId: string } & ResponseOutcome)
  | { readonly type: 'refuse-create'; readonly activeId: string }
  | { readonly type: 'refuse-cancel' };

interface ResponseOutcome {
  readonly status: ResponseStatus;
  readonly usage: ResponseUsage | undefined;
}

export interface ResponseStep {
  readonly state: ResponseState;
  readonly effects: readonly ResponseEffect[];
}

const IDLE: ResponseState = { phase: 'idle' };
const CLOSED: ResponseState = { phase: 'closed' };

export function nextResponse(state: ResponseState, input: ResponseInput): ResponseStep {
  switch (state.phase) {
    case 'idle':
      return whileIdle(input);
    case 'active':
      return whileActive(state, input);
    case 'closed':
      return { state, effects: [] };
  }
}

function whileIdle(input: ResponseInput): ResponseStep {
  switch (input.type) {
    case 'create':
    case 'answer':
      return run(input.responseId);
    case 'cancel':
      // Speech that interrupts nothing is no mistake; a client that cancels nothing has made one.
      return { state: IDLE, effects: input.reason === 'client-cancelled' ? [{ type: 'refuse-cancel' }] : [] };
    case 'told':
      // A response that was cut has had its end; what it says afterwards is stale.
      return { state: IDLE, effects: [] };
    case 'close':
      return { state: CLOSED, effects: [] };
  }
}

function whileActive(state: Extract<ResponseState, { phase: 'active' }>, input: ResponseInput): ResponseStep {
  const { responseId } = state;
  switch (input.type) {
    case 'create':
      return { state, effects: [{ type: 'refuse-create', activeId: responseId }] };
    case 'answer':
      return { state: { ...state, isWanted: true }, effects: [] };
    case 'cancel':
      return { state: IDLE, effects: [{ type: 'cut', responseId, reason: input.reason }] };
    case 'told': {
      if (input.responseId !== responseId) return { state, effects: [] };
      const { status, usage } = input;
      const ended = { type: 'end', responseId, status, usage } as const;
      if (!state.isWanted) return { state: IDLE, effects: [ended] };
      const next = run(input.nextResponseId);
      return { state: next.state, effects: [ended, ...next.effects] };
    }
    case 'close':
      return { state: CLOSED, effects: [{ type: 'cut', responseId, reason: 'client-cancelled' }] };
  }
}

function run(responseId: string): ResponseStep {
  return { state: { phase: 'active', responseId, isWanted: false }, effects: [{ type: 'run', responseId }] };
}
