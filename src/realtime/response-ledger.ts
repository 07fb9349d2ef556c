import type { AudioChunk } from '../audio/chunk.ts';
import { SPEECH_SAMPLE_RATE } from '../conversation/speech.ts';
import type { OutputItem, OutputPlace, OutputStatus, ResponseProgress } from './session-event.ts';
import type { SpokenMark, SpokenReply } from './spoken-text.ts';

/** A spoken item as far as it was told: what it said, when, and the audio itself. */
export interface SpokenItem extends SpokenReply {
  readonly chunks: readonly AudioChunk[];
  readonly durationMs: number;
}

interface ToldItem {
  readonly start: OutputItem;
  readonly outputIndex: number;
  part: 'text' | 'audio' | undefined;
  /** Whether the end of its part, or of its arguments, has been told. */
  isTextEnded: boolean;
  text: string;
  durationMs: number;
  readonly marks: SpokenMark[];
  readonly chunks: AudioChunk[];
  status: OutputStatus;
}

/**
 * What a response has told its client, as opposed to what was made for it. When a reply is cut short, this
 * is the part that was said, so it is the part that is remembered.
 */
export class ResponseLedger {
  readonly #items = new Map<string, ToldItem>();

  /** What the client has of the response so far. */
  get output(): readonly OutputItem[] {
    return [...this.#items.values()].map(toOutputItem);
  }

  note(event: ResponseProgress): void {
    if (event.type === 'output-item-start') {
      const { item, outputIndex } = event;
      this.#items.set(item.id, { ...EMPTY, start: item, outputIndex, marks: [], chunks: [] });
      return;
    }
    const item = this.#items.get('itemId' in event ? event.itemId : event.item.id);
    if (item) apply(item, event);
  }

  mark(itemId: string, mark: SpokenMark): void {
    this.#items.get(itemId)?.marks.push(mark);
  }

  item(itemId: string): OutputItem | undefined {
    const item = this.#items.get(itemId);
    return item && toOutputItem(item);
  }

  spoken(itemId: string): SpokenItem | undefined {
    const item = this.#items.get(itemId);
    if (item?.part !== 'audio') return undefined;
    return { transcript: item.text, marks: item.marks, chunks: item.chunks, durationMs: item.durationMs };
  }

  /** Ends every item that was begun and not ended, as far as it got: what is still to be told of it. */
  cut(responseId: string): readonly ResponseProgress[] {
    return [...this.#items.values()]
      .filter((item) => item.status === 'in-progress')
      .flatMap((item) => {
        item.status = 'incomplete';
        return endOf(item, responseId);
      });
  }
}

const EMPTY = {
  part: undefined,
  isTextEnded: false,
  text: '',
  durationMs: 0,
  status: 'in-progress',
} as const;

type ItemProgress = Exclude<ResponseProgress, { type: 'output-item-start' }>;

function apply(item: ToldItem, event: ItemProgress): void {
  switch (event.type) {
    case 'output-part-start':
      item.part = event.part;
      return;
    case 'output-text-delta':
    case 'output-transcript-delta':
    case 'output-arguments-delta':
      item.text += event.delta;
      return;
    case 'output-audio-delta':
      item.chunks.push({ samples: event.audio.samples, sampleRate: SPEECH_SAMPLE_RATE });
      item.durationMs += event.audio.durationMs;
      return;
    case 'output-item-end':
      item.status = event.item.status;
      return;
    case 'output-part-end':
    case 'output-arguments-end':
      item.isTextEnded = true;
      return;
  }
}

function endOf(item: ToldItem, responseId: string): readonly ResponseProgress[] {
  const { outputIndex } = item;
  return [
    ...textEndOf(item, responseId),
    { type: 'output-item-end', responseId, item: toOutputItem(item), outputIndex, previousItemId: undefined },
  ];
}

function textEndOf(item: ToldItem, responseId: string): readonly ResponseProgress[] {
  const { start, part, text, outputIndex } = item;
  const place: OutputPlace = { itemId: start.id, outputIndex };
  if (item.isTextEnded) return [];
  if (start.kind === 'function-call') {
    const { callId, name } = start;
    // The arguments end as well where a response is cut (OpenAI reference, `function_call_arguments.done`).
    return [{ type: 'output-arguments-end', responseId, callId, name, arguments: text, ...place }];
  }
  return part === undefined ? [] : [{ type: 'output-part-end', responseId, part, text, ...place }];
}

function toOutputItem(item: ToldItem): OutputItem {
  const { start, status, text, part } = item;
  if (start.kind === 'function-call') return { ...start, status, arguments: text };
  return { ...start, status, content: part === undefined ? [] : [{ kind: part, text }] };
}
