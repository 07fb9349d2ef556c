import { cutPosition } from './cut-text.ts';
import { type CallItem, type Item, type MessageItem, newMessage } from './item.ts';
import type { EventRecord } from './record.ts';
import type { AudioFormat } from './settings.ts';
import { readUsage, type Usage } from './usage.ts';
import { durationMs } from './wire-audio.ts';
import { fieldOf, itemIdOf, listOf, numberOf, previewName, textOf, type WireEvent } from './wire-event.ts';

/** A response as it was told. */
export interface ResponseState {
  readonly id: string;
  /** `in_progress`, or how it ended. */
  readonly status: string;
  /** Why it did not complete. */
  readonly reason: string | undefined;
  readonly usage: Usage | undefined;
}

export interface RateLimit {
  readonly name: string;
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
}

/** What the server refused or failed at, in its own words. */
export interface Fault {
  readonly message: string;
  readonly code: string;
  readonly param: string;
}

/** What the events of a session add up to; of items and responses the latest. */
export interface ConversationState {
  readonly items: readonly Item[];
  readonly responses: readonly ResponseState[];
  readonly rateLimits: readonly RateLimit[];
  /** The last one. */
  readonly fault: Fault | undefined;
  readonly isUserSpeaking: boolean;
  readonly outputFormat: AudioFormat;
  readonly isTranscribed: boolean;
  /** What the server says the session is. */
  readonly session: unknown;
}

export const EMPTY_CONVERSATION: ConversationState = {
  items: [],
  responses: [],
  rateLimits: [],
  fault: undefined,
  isUserSpeaking: false,
  outputFormat: 'pcm16',
  isTranscribed: false,
  session: undefined,
};

/** Items that are kept, and responses; beyond them the oldest go. */
const KEPT = 1_000;

/** The response that is being given, if one is. */
export function activeResponse({ responses }: ConversationState): ResponseState | undefined {
  return responses.findLast(({ status }) => status === 'in_progress');
}

/** The conversation after one more event; the same object when nothing in it changed. */
export function converse(state: ConversationState, { direction, event }: EventRecord): ConversationState {
  const change =
    direction === 'client' ? CLIENT_CHANGES[event.type] : SERVER_CHANGES[previewName(event.type)];
  return change ? bounded(change(state, event)) : state;
}

function bounded(state: ConversationState): ConversationState {
  const { items, responses } = state;
  if (items.length <= KEPT && responses.length <= KEPT) return state;
  return { ...state, items: items.slice(-KEPT), responses: responses.slice(-KEPT) };
}

type Change = (state: ConversationState, event: WireEvent) => ConversationState;

const CLIENT_CHANGES: Readonly<Record<string, Change>> = {
  'conversation.item.truncate': (state, event) =>
    changeMessage(state, itemIdOf(event), (item) => {
      const cutAt = cutPosition(item, numberOf(event, 'audio_end_ms') ?? 0);
      return { ...item, cutAt: cutAt < item.text.length ? cutAt : undefined, state: 'done' };
    }),
};

const SERVER_CHANGES: Readonly<Record<string, Change>> = {
  'session.created': readSession,
  'session.updated': readSession,
  error: (state, event) => ({ ...state, fault: readFault(event['error']) }),
  'input_audio_buffer.speech_started': (state, event) =>
    upsert({ ...state, isUserSpeaking: true }, itemIdOf(event), () => ({
      ...newMessage(itemIdOf(event), 'user'),
      isSpoken: true,
      state: 'listening',
    })),
  'input_audio_buffer.speech_stopped': (state, event) =>
    changeMessage({ ...state, isUserSpeaking: false }, itemIdOf(event), (item) =>
      item.state === 'listening' ? { ...item, state: unheardState(state) } : item,
    ),
  'input_audio_buffer.cleared': (state) => ({
    ...state,
    isUserSpeaking: false,
    items: state.items.filter((item) => item.type !== 'message' || item.state !== 'listening'),
  }),
  'conversation.item.created': (state, event) => placeItem(state, event),
  'conversation.item.done': (state, event) => readItem(state, event['item']),
  'conversation.item.retrieved': (state, event) => readItem(state, event['item']),
  'conversation.item.deleted': (state, event) => ({
    ...state,
    items: state.items.filter(({ id }) => id !== itemIdOf(event)),
  }),
  'conversation.item.input_audio_transcription.delta': (state, event) =>
    changeMessage(state, itemIdOf(event), (item) => ({ ...item, text: item.text + textOf(event, 'delta') })),
  'conversation.item.input_audio_transcription.completed': (state, event) =>
    changeMessage(state, itemIdOf(event), (item) => ({
      ...item,
      text: textOf(event, 'transcript'),
      state: 'done',
    })),
  'conversation.item.input_audio_transcription.failed': (state, event) =>
    changeMessage(state, itemIdOf(event), (item) => ({
      ...item,
      state: 'done',
      fault: textOf(event['error'], 'message'),
    })),
  'response.created': readResponse,
  'response.done': readResponse,
  'response.output_item.added': (state, event) => readItem(state, event['item']),
  'response.output_item.done': (state, event) => readItem(state, event['item']),
  'response.text.delta': addWords,
  'response.audio_transcript.delta': addWords,
  'response.audio.delta': (state, event) =>
    changeMessage(state, itemIdOf(event), (item) => ({
      ...item,
      isSpoken: true,
      audioMs: item.audioMs + durationMs(textOf(event, 'delta'), state.outputFormat),
    })),
  'response.function_call_arguments.delta': (state, event) =>
    changeCall(state, itemIdOf(event), (call) => ({
      ...call,
      arguments: call.arguments + textOf(event, 'delta'),
    })),
  'response.function_call_arguments.done': (state, event) =>
    changeCall(state, itemIdOf(event), (call) => ({
      ...call,
      name: textOf(event, 'name') || call.name,
      arguments: textOf(event, 'arguments'),
    })),
  'rate_limits.updated': (state, event) => ({
    ...state,
    rateLimits: listOf(event, 'rate_limits').map((limit) => ({
      name: textOf(limit, 'name'),
      limit: numberOf(limit, 'limit') ?? 0,
      remaining: numberOf(limit, 'remaining') ?? 0,
      resetSeconds: numberOf(limit, 'reset_seconds') ?? 0,
    })),
  }),
};

function unheardState({ isTranscribed }: ConversationState): MessageItem['state'] {
  return isTranscribed ? 'transcribing' : 'unwritten';
}

function addWords(state: ConversationState, event: WireEvent): ConversationState {
  return changeMessage(state, itemIdOf(event), (item) => ({
    ...item,
    text: item.text + textOf(event, 'delta'),
    marks: [...item.marks, { textLength: item.text.length, audioMs: item.audioMs }],
  }));
}

function readSession(state: ConversationState, event: WireEvent): ConversationState {
  const { session } = event;
  const audio = fieldOf(session, 'audio');
  const format = fieldOf(fieldOf(audio, 'output'), 'format');
  const transcription = fieldOf(fieldOf(audio, 'input'), 'transcription');
  return {
    ...state,
    session,
    isTranscribed: Boolean(transcription ?? fieldOf(session, 'input_audio_transcription')),
    outputFormat: toFormat(textOf(session, 'output_audio_format') || textOf(format, 'type')),
  };
}

function toFormat(name: string): AudioFormat {
  if (/ulaw|pcmu/.test(name)) return 'g711_ulaw';
  return /alaw|pcma/.test(name) ? 'g711_alaw' : 'pcm16';
}

function readResponse(state: ConversationState, { response }: WireEvent): ConversationState {
  const details = fieldOf(response, 'status_details');
  const error = fieldOf(details, 'error');
  const read: ResponseState = {
    id: textOf(response, 'id'),
    status: textOf(response, 'status'),
    reason: textOf(error, 'message') || textOf(details, 'reason') || undefined,
    usage: readUsage(fieldOf(response, 'usage')),
  };
  const others = state.responses.filter(({ id }) => id !== read.id);
  const next = { ...state, responses: [...others, read] };
  return read.status === 'failed' ? { ...next, fault: readFault(error) } : next;
}

function readFault(error: unknown): Fault {
  return {
    message: textOf(error, 'message'),
    code: textOf(error, 'code'),
    param: textOf(error, 'param'),
  };
}

/** A new item stands behind the one that it is told to follow. */
function placeItem(state: ConversationState, event: WireEvent): ConversationState {
  const next = readItem(state, event['item']);
  const id = itemIdOf(event);
  const item = next.items.find((one) => one.id === id);
  const previousId = textOf(event, 'previous_item_id');
  const others = next.items.filter((one) => one.id !== id);
  const previous = others.findIndex((one) => one.id === previousId);
  if (!item || previous === -1) return next;
  return { ...next, items: others.toSpliced(previous + 1, 0, item) };
}

function readItem(state: ConversationState, item: unknown): ConversationState {
  const id = textOf(item, 'id');
  switch (textOf(item, 'type')) {
    case 'message':
      return upsert(state, id, (known) =>
        readMessage(item, known?.type === 'message' ? known : undefined, state),
      );
    case 'function_call':
      return upsert(state, id, (known) => readCall(item, known?.type === 'call' ? known : undefined));
    case 'function_call_output':
      return {
        ...state,
        items: state.items.map((one) =>
          one.type === 'call' && one.callId === textOf(item, 'call_id')
            ? { ...one, output: textOf(item, 'output') }
            : one,
        ),
      };
    default:
      return state;
  }
}

function readMessage(item: unknown, known: MessageItem | undefined, state: ConversationState): MessageItem {
  const role = textOf(item, 'role');
  const before =
    known ?? newMessage(textOf(item, 'id'), role === 'user' || role === 'system' ? role : 'assistant');
  const parts = listOf(item, 'content');
  const text = parts.map((part) => textOf(part, 'text') || textOf(part, 'transcript')).join('');
  const isSpoken = before.isSpoken || parts.some((part) => /audio/.test(textOf(part, 'type')));
  const status = textOf(item, 'status');
  const isUnheard = role === 'assistant' && isSpoken && before.audioMs === 0 && status === 'incomplete';
  return {
    ...before,
    cutAt: isUnheard ? 0 : before.cutAt,
    text: before.cutAt === undefined && text !== '' ? text : before.text,
    isSpoken,
    state: stateOf({ ...before, isSpoken, text: text || before.text }, status, state),
  };
}

function stateOf(item: MessageItem, status: string, conversation: ConversationState): MessageItem['state'] {
  if (item.role === 'assistant') return status === 'in_progress' ? 'speaking' : 'done';
  return item.isSpoken && item.text === '' && item.fault === undefined
    ? unheardState(conversation)
    : item.state;
}

function readCall(item: unknown, known: CallItem | undefined): CallItem {
  return {
    type: 'call',
    id: textOf(item, 'id'),
    callId: textOf(item, 'call_id'),
    name: textOf(item, 'name') || (known?.name ?? ''),
    arguments: textOf(item, 'arguments') || (known?.arguments ?? ''),
    output: known?.output,
    isComplete: textOf(item, 'status') === 'completed',
  };
}

function upsert(
  state: ConversationState,
  id: string,
  change: (known: Item | undefined) => Item,
): ConversationState {
  const index = state.items.findIndex((item) => item.id === id);
  if (index === -1) return { ...state, items: [...state.items, change(undefined)] };
  return { ...state, items: state.items.with(index, change(state.items[index])) };
}

function changeMessage(
  state: ConversationState,
  id: string,
  change: (item: MessageItem) => MessageItem,
): ConversationState {
  return changeItem(state, id, (item) => (item.type === 'message' ? change(item) : item));
}

function changeCall(
  state: ConversationState,
  id: string,
  change: (item: CallItem) => CallItem,
): ConversationState {
  return changeItem(state, id, (item) => (item.type === 'call' ? change(item) : item));
}

function changeItem(state: ConversationState, id: string, change: (item: Item) => Item): ConversationState {
  const index = state.items.findIndex((item) => item.id === id);
  const known = state.items[index];
  return known ? { ...state, items: state.items.with(index, change(known)) } : state;
}
