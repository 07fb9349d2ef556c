import type { EventRecord, SessionRecord } from './record.ts';
import type { AudioFormat } from './settings.ts';
import { durationMs } from './wire-audio.ts';
import {
  fieldOf,
  itemIdOf,
  numberOf,
  previewName,
  responseIdOf,
  textOf,
  type WireEvent,
} from './wire-event.ts';

/** The steps of a turn, in their order. */
export const STAGES = [
  'speechEnd',
  'endpoint',
  'transcript',
  'firstToken',
  'firstAudio',
  'firstHeard',
] as const;
export type Stage = (typeof STAGES)[number];

/** When a step was, and whose clock says so. */
export interface StageTime {
  readonly atMs: number;
  /** `server` is a mark of the server's own; `page` is when the event came here, the network included. */
  readonly source: 'server' | 'page';
}

export interface Turn {
  readonly id: number;
  /** The user's item; `undefined` for a response that nobody spoke before. */
  readonly itemId: string | undefined;
  readonly responseId: string | undefined;
  readonly outputItemIds: readonly string[];
  readonly stages: Readonly<Partial<Record<Stage, StageTime>>>;
}

export interface Timeline {
  readonly turns: readonly Turn[];
  /** When each stretch of the input was sent, to find when a moment in it was spoken. */
  readonly sent: readonly { readonly inputMs: number; readonly atMs: number }[];
  readonly inputFormat: AudioFormat;
  /** Silence that the server waits for before it ends a turn, where it waits a fixed time. */
  readonly silenceMs: number | undefined;
  /** How far the page's clock is ahead of the server's; the least that was seen, as the network only adds. */
  readonly clockLeadMs: number | undefined;
}

export const EMPTY_TIMELINE: Timeline = {
  turns: [],
  sent: [],
  inputFormat: 'pcm16',
  silenceMs: undefined,
  clockLeadMs: undefined,
};

/** Turns that are kept; beyond them the oldest go. */
const KEPT_TURNS = 1_000;
/** 40 s of chunks of 40 ms; a turn's end lies within them. */
const KEPT_SENT = 1_000;

const MARKS: Readonly<Record<string, Stage>> = {
  speech_end: 'speechEnd',
  endpoint: 'endpoint',
  transcript: 'transcript',
  first_token: 'firstToken',
  first_audio: 'firstAudio',
};

/** The turns after one more thing that happened. */
export function trace(timeline: Timeline, record: SessionRecord): Timeline {
  if (record.direction === 'loudspeaker') {
    const { itemId, atMs } = record;
    return stamp(timeline, (turn) => turn.outputItemIds.includes(itemId), { stage: 'firstHeard', atMs });
  }
  return record.direction === 'client' ? traceClient(timeline, record) : traceServer(timeline, record);
}

function traceClient(timeline: Timeline, { event, atMs }: EventRecord): Timeline {
  switch (event.type) {
    case 'input_audio_buffer.append': {
      const before = timeline.sent.at(-1)?.inputMs ?? 0;
      const inputMs = before + durationMs(textOf(event, 'audio'), timeline.inputFormat);
      return { ...timeline, sent: [...timeline.sent.slice(-KEPT_SENT + 1), { inputMs, atMs }] };
    }
    case 'input_audio_buffer.commit':
      return addTurn(timeline, undefined, { speechEnd: page(atMs), endpoint: page(atMs) });
    case 'conversation.item.create':
      return textOf(event['item'], 'type') === 'message'
        ? addTurn(timeline, textOf(event['item'], 'id') || undefined, { endpoint: page(atMs) })
        : timeline;
    default:
      return timeline;
  }
}

function traceServer(timeline: Timeline, { event, atMs }: EventRecord): Timeline {
  switch (previewName(event.type)) {
    case 'session.created':
    case 'session.updated':
      return readSession(timeline, event);
    case 'input_audio_buffer.speech_stopped':
      return addTurn(timeline, itemIdOf(event), {
        ...speechEnd(timeline, event),
        endpoint: page(atMs),
      });
    case 'input_audio_buffer.committed':
      return nameTurn(timeline, itemIdOf(event));
    case 'conversation.item.input_audio_transcription.completed':
      return stamp(timeline, (turn) => turn.itemId === itemIdOf(event), { stage: 'transcript', atMs });
    case 'response.created':
      return joinResponse(timeline, responseIdOf(event));
    case 'response.output_item.added':
      return joinOutput(timeline, event);
    case 'response.text.delta':
    case 'response.audio_transcript.delta':
    case 'response.function_call_arguments.delta':
      return stamp(timeline, (turn) => turn.responseId === responseIdOf(event), {
        stage: 'firstToken',
        atMs,
      });
    case 'response.audio.delta':
      return stamp(timeline, (turn) => turn.responseId === responseIdOf(event), {
        stage: 'firstAudio',
        atMs,
      });
    case 'samtal.mark':
      return readMark(timeline, event, atMs);
    default:
      return timeline;
  }
}

function page(atMs: number): StageTime {
  return { atMs, source: 'page' };
}

function readSession(timeline: Timeline, { session }: WireEvent): Timeline {
  const input = fieldOf(fieldOf(session, 'audio'), 'input');
  const format = textOf(session, 'input_audio_format') || textOf(fieldOf(input, 'format'), 'type');
  const detection = fieldOf(session, 'turn_detection') ?? fieldOf(input, 'turn_detection');
  return {
    ...timeline,
    inputFormat: /pcm16|audio\/pcm$/.test(format) || format === '' ? 'pcm16' : 'g711_ulaw',
    silenceMs: numberOf(detection, 'silence_duration_ms'),
  };
}

/** The server tells where in the input the turn ended, the silence that it waited for included. */
function speechEnd({ sent, silenceMs }: Timeline, event: WireEvent): Turn['stages'] {
  const audioEndMs = numberOf(event, 'audio_end_ms');
  if (audioEndMs === undefined || silenceMs === undefined) return {};
  const spokenAt = sent.find(({ inputMs }) => inputMs >= audioEndMs - silenceMs)?.atMs;
  return spokenAt === undefined ? {} : { speechEnd: page(spokenAt) };
}

function addTurn(timeline: Timeline, itemId: string | undefined, stages: Turn['stages']): Timeline {
  const id = (timeline.turns.at(-1)?.id ?? 0) + 1;
  const turn: Turn = { id, itemId, responseId: undefined, outputItemIds: [], stages };
  return { ...timeline, turns: [...timeline.turns.slice(-KEPT_TURNS + 1), turn] };
}

/** A turn that the page ended learns the id of its item when the server has made it. */
function nameTurn(timeline: Timeline, itemId: string): Timeline {
  const last = timeline.turns.at(-1);
  if (!last || last.itemId !== undefined || last.responseId !== undefined) return timeline;
  return { ...timeline, turns: timeline.turns.with(-1, { ...last, itemId }) };
}

/** A response belongs to the last turn, or, if that has one, such as after a tool's answer, is a turn itself. */
function joinResponse(timeline: Timeline, responseId: string): Timeline {
  const last = timeline.turns.at(-1);
  if (last && last.responseId === undefined) {
    return { ...timeline, turns: timeline.turns.with(-1, { ...last, responseId }) };
  }
  const added = addTurn(timeline, undefined, {});
  return joinResponse(added, responseId);
}

function joinOutput(timeline: Timeline, event: WireEvent): Timeline {
  return change(
    timeline,
    (turn) => turn.responseId === responseIdOf(event),
    (turn) => ({ ...turn, outputItemIds: [...turn.outputItemIds, itemIdOf(event)] }),
  );
}

function readMark(timeline: Timeline, event: WireEvent, receivedMs: number): Timeline {
  const serverMs = numberOf(event, 'at_ms');
  if (serverMs === undefined) return timeline;
  const clockLeadMs = Math.min(timeline.clockLeadMs ?? Infinity, receivedMs - serverMs);
  const stage = MARKS[textOf(event, 'mark')];
  const known = moveServerTimes(timeline, clockLeadMs);
  if (!stage) return known;
  const [itemId, responseId] = [textOf(event, 'item_id'), textOf(event, 'response_id')];
  const isMeant = (turn: Turn): boolean =>
    (responseId !== '' && turn.responseId === responseId) || (itemId !== '' && turn.itemId === itemId);
  return change(known, isMeant, (turn) => {
    if (turn.stages[stage]?.source === 'server') return turn;
    const time: StageTime = { atMs: serverMs + clockLeadMs, source: 'server' };
    return { ...turn, stages: { ...turn.stages, [stage]: time } };
  });
}

/** A mark that came with less delay says better how the clocks stand; the ones before move with it. */
function moveServerTimes(timeline: Timeline, clockLeadMs: number): Timeline {
  const byMs = clockLeadMs - (timeline.clockLeadMs ?? clockLeadMs);
  if (byMs === 0) return { ...timeline, clockLeadMs };
  const turns = timeline.turns.map((turn) => ({ ...turn, stages: moved(turn.stages, byMs) }));
  return { ...timeline, clockLeadMs, turns };
}

function moved(stages: Turn['stages'], byMs: number): Turn['stages'] {
  const times = Object.entries(stages).map(([stage, time]) => [
    stage,
    time.source === 'server' ? { ...time, atMs: time.atMs + byMs } : time,
  ]);
  return Object.fromEntries(times) as Turn['stages'];
}

/** Only the first of its kind counts. */
function stamp(
  timeline: Timeline,
  isMeant: (turn: Turn) => boolean,
  { stage, atMs }: { readonly stage: Stage; readonly atMs: number },
): Timeline {
  return change(timeline, isMeant, (turn) =>
    turn.stages[stage] ? turn : { ...turn, stages: { ...turn.stages, [stage]: page(atMs) } },
  );
}

function change(timeline: Timeline, isMeant: (turn: Turn) => boolean, next: (turn: Turn) => Turn): Timeline {
  const index = timeline.turns.findLastIndex(isMeant);
  const turn = timeline.turns[index];
  if (!turn) return timeline;
  const changed = next(turn);
  return changed === turn ? timeline : { ...timeline, turns: timeline.turns.with(index, changed) };
}
