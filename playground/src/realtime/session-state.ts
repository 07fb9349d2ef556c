import type { Drop } from './connection.ts';
import { type ConversationState, converse, EMPTY_CONVERSATION } from './conversation.ts';
import { type EventLog, logEvent, withoutAudio } from './event-log.ts';
import type { SessionRecord } from './record.ts';
import { EMPTY_TIMELINE, type Timeline, trace } from './timeline.ts';

/** Everything that the page shows of a session. */
export interface SessionState {
  readonly phase: 'idle' | 'connecting' | 'live';
  /** Why the last session ended; `undefined` while one runs and when somebody here ended it. */
  readonly drop: Drop | undefined;
  readonly microphone: 'off' | 'opening' | 'on';
  /** The name of what `getUserMedia` threw. */
  readonly microphoneFault: string | undefined;
  /** Whether the button to talk is held. */
  readonly isTalking: boolean;
  readonly isPlaying: boolean;
  readonly conversation: ConversationState;
  readonly log: EventLog;
  readonly timeline: Timeline;
}

export const IDLE_SESSION: SessionState = {
  phase: 'idle',
  drop: undefined,
  microphone: 'off',
  microphoneFault: undefined,
  isTalking: false,
  isPlaying: false,
  conversation: EMPTY_CONVERSATION,
  log: [],
  timeline: EMPTY_TIMELINE,
};

/** The state after something that happened on the wire or in the loudspeaker. */
export function record(state: SessionState, happened: SessionRecord): SessionState {
  const timeline = trace(state.timeline, happened);
  if (happened.direction === 'loudspeaker') return { ...state, timeline };
  return {
    ...state,
    timeline,
    conversation: converse(state.conversation, happened),
    log: logEvent(state.log, withoutAudio(happened)),
  };
}
