import { joinSamples, SAMPLE_RATE } from '../audio/pcm.ts';
import { connect } from './connection.ts';
import { activeResponse } from './conversation.ts';
import type { EventRecord } from './record.ts';
import { toSession } from './session-object.ts';
import { IDLE_SESSION, record, type SessionState } from './session-state.ts';
import type { RealtimeSettings } from './settings.ts';
import { wireDecoder, wireEncoder } from './wire-audio.ts';
import { previewName, textOf, type WireEvent } from './wire-event.ts';

/** How one deployment answered a recorded question. */
export interface RecordedTurn {
  readonly state: SessionState;
  /** What it said, 24 kHz. */
  readonly answer: Int16Array<ArrayBuffer>;
}

export interface RecordedTurnOptions {
  readonly settings: RealtimeSettings;
  readonly secret: string | undefined;
  /** Told as the turn goes on. */
  readonly onProgress: (turn: RecordedTurn) => void;
  readonly signal: AbortSignal;
}

/** A tenth of a second: small beside what servers take at once. */
const CHUNK_SAMPLES = SAMPLE_RATE / 10;

/**
 * Asks a deployment one recorded question in a session of its own, and resolves with its answer. The recording
 * is the turn, whatever turn detection is set, so that deployments are asked alike.
 * @throws {Error} that says why no answer came; `AbortError` when `signal` says so.
 */
export async function askRecorded(
  question: Int16Array,
  { settings, secret, onProgress, signal }: RecordedTurnOptions,
): Promise<RecordedTurn> {
  const manual: RealtimeSettings = {
    ...settings,
    turnDetection: { ...settings.turnDetection, type: 'none' },
  };
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const heard: Int16Array[] = [];
  const startedAt = performance.now();
  let state = IDLE_SESSION;
  const turn = (): RecordedTurn => ({ state, answer: joinSamples(heard) });
  const decoder = wireDecoder(settings.outputFormat);
  const connection = connect({
    settings,
    secret,
    now: () => performance.now() - startedAt,
    onRecord: (happened) => {
      state = record(state, happened);
      if (happened.direction === 'client') return;
      const { event } = happened;
      if (previewName(event.type) === 'response.audio.delta')
        heard.push(decoder.decode(textOf(event, 'delta')));
      else onProgress(turn());
      react(happened);
    },
    onDrop: ({ reason, code }) => reject(new Error(reason || `The session ended with code ${code}.`)),
  });
  const react = ({ event }: EventRecord): void => {
    if (event.type === 'session.created') ask(question, manual, (sent) => connection.send(sent));
    if (isOver(state, event)) resolve();
    if (event.type === 'error') reject(new Error(textOf(event['error'], 'message')));
  };
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort);
  try {
    await promise;
    return turn();
  } finally {
    signal.removeEventListener('abort', onAbort);
    connection.close();
  }
}

function ask(question: Int16Array, settings: RealtimeSettings, send: (event: WireEvent) => void): void {
  const encoder = wireEncoder(settings.inputFormat);
  send({ type: 'session.update', session: toSession(settings) });
  for (let at = 0; at < question.length; at += CHUNK_SAMPLES) {
    const audio = encoder.encode(question.subarray(at, at + CHUNK_SAMPLES));
    send({ type: 'input_audio_buffer.append', audio });
  }
  send({ type: 'input_audio_buffer.commit' });
  send({ type: 'response.create' });
}

/** The answer has ended and the question has been written down, if it is to be. */
function isOver({ conversation, timeline }: SessionState, event: WireEvent): boolean {
  const hasAnswered = conversation.responses.length > 0 && !activeResponse(conversation);
  const isWritten = conversation.items.every(
    (item) => item.type !== 'message' || item.state === 'done' || item.state === 'unwritten',
  );
  return hasAnswered && isWritten && timeline.turns.length > 0 && event.type !== 'response.created';
}
