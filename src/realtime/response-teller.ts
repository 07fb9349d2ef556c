import type { ItemHeader, ResponseEvent } from '../conversation/responder.ts';
import type { WireAudioFormat } from './session-config.ts';
import type { OutputPart, OutputPlace, ResponseProgress } from './session-event.ts';
import { SpeechChunker } from './speech-chunker.ts';
import type { SpokenMark } from './spoken-text.ts';

/** What of a response stands in the outbox: what the client is told, and marks that only we keep. */
export type Progress =
  | ResponseProgress
  | {
      readonly type: 'mark';
      readonly responseId: string;
      readonly itemId: string;
      readonly mark: SpokenMark;
    };

interface OpenItem {
  readonly header: ItemHeader;
  readonly place: OutputPlace;
  readonly chunker: SpeechChunker;
  text: string;
}

/** Puts a responder's events in their places: output indices, parts begun and ended, speech cut to pieces. */
export class ResponseTeller implements Disposable {
  readonly #responseId: string;
  readonly #format: WireAudioFormat;
  readonly #open = new Map<string, OpenItem>();
  #items = 0;

  constructor(responseId: string, format: WireAudioFormat) {
    this.#responseId = responseId;
    this.#format = format;
  }

  /** Everything that `event` makes to be told, without its end: that is `finish`, which is the session's. */
  async tell(event: Exclude<ResponseEvent, { type: 'finish' }>): Promise<readonly Progress[]> {
    if (event.type === 'item-start') return await this.#start(event.item);
    const item = this.#open.get(event.type === 'item-end' ? event.item.id : event.itemId);
    if (!item) return [];
    return [...this.#continue(item, event)];
  }

  [Symbol.dispose](): void {
    for (const { chunker } of this.#open.values()) chunker[Symbol.dispose]();
  }

  async #start(header: ItemHeader): Promise<readonly Progress[]> {
    const place = { itemId: header.id, outputIndex: this.#items++ };
    this.#open.set(header.id, { header, place, chunker: await SpeechChunker.create(this.#format), text: '' });
    const responseId = this.#responseId;
    const begun = {
      type: 'output-item-start',
      responseId,
      item: toItem(header, 'in-progress', ''),
      outputIndex: place.outputIndex,
      previousItemId: undefined,
    } as const;
    if (header.kind !== 'message') return [begun];
    return [begun, { type: 'output-part-start', responseId, part: header.modality, ...place }];
  }

  *#continue(
    item: OpenItem,
    event: Exclude<ResponseEvent, { type: 'finish' } | { type: 'item-start' }>,
  ): Generator<Progress, void, void> {
    const responseId = this.#responseId;
    const { place } = item;
    switch (event.type) {
      case 'text-delta':
        item.text += event.delta;
        yield { type: 'output-text-delta', responseId, delta: event.delta, ...place };
        return;
      case 'transcript-delta':
        item.text += event.delta;
        yield { type: 'output-transcript-delta', responseId, delta: event.delta, ...place };
        return;
      case 'audio-delta':
        for (const audio of item.chunker.push(event.chunk)) {
          yield { type: 'output-audio-delta', responseId, audio, ...place };
        }
        return;
      case 'spoken':
        yield {
          type: 'mark',
          responseId,
          itemId: place.itemId,
          mark: { text: event.text, endMs: event.endMs },
        };
        return;
      case 'arguments-delta':
        item.text += event.delta;
        yield {
          type: 'output-arguments-delta',
          responseId,
          callId: event.callId,
          delta: event.delta,
          ...place,
        };
        return;
      case 'item-end':
        yield* this.#end(item);
        return;
    }
  }

  *#end(item: OpenItem): Generator<Progress, void, void> {
    const responseId = this.#responseId;
    const { header, place, chunker, text } = item;
    this.#open.delete(header.id);
    for (const audio of chunker.flush()) yield { type: 'output-audio-delta', responseId, audio, ...place };
    chunker[Symbol.dispose]();
    if (header.kind === 'message') {
      yield { type: 'output-part-end', responseId, part: header.modality, text, ...place };
    } else {
      const { callId, name } = header;
      yield { type: 'output-arguments-end', responseId, callId, name, arguments: text, ...place };
    }
    const ended = toItem(header, 'completed', text);
    const { outputIndex } = place;
    yield { type: 'output-item-end', responseId, item: ended, outputIndex, previousItemId: undefined };
  }
}

function toItem(
  header: ItemHeader,
  status: 'in-progress' | 'completed',
  text: string,
): Extract<ResponseProgress, { type: 'output-item-end' }>['item'] {
  if (header.kind === 'function-call') return { ...header, status, arguments: text };
  const part: OutputPart = { kind: header.modality, text };
  return { kind: 'message', id: header.id, status, content: status === 'completed' ? [part] : [] };
}
