import { toPcmBytes } from '../../audio/pcm-bytes.ts';
import type { ItemHeader, ResponseEvent, ResponseUsage } from '../../conversation/responder.ts';
import { type CompletionHeader, noVerdict, toFinishReason, toUsage, type WireObject } from './completion.ts';

export interface ChunkOptions {
  readonly header: CompletionHeader;
  /** Which choice of the answer the events are of. */
  readonly index: number;
  /** The spoken reply's id and lifetime, when the reply is spoken. */
  readonly audio: { readonly id: string; readonly expiresAt: number } | undefined;
  readonly includeUsage: boolean;
}

/** Writes one reply as `chat.completion.chunk` objects, one for each event that has something to say. */
export class ChunkWriter {
  readonly #options: ChunkOptions;
  readonly #calls = new Map<string, number>();
  #hasBegun = false;
  #hasSpoken = false;

  constructor(options: ChunkOptions) {
    this.#options = options;
  }

  write(event: ResponseEvent): readonly WireObject[] {
    switch (event.type) {
      case 'item-start':
        return this.#start(event.item);
      case 'text-delta':
        return [this.#chunk({ content: event.delta })];
      case 'transcript-delta':
        return [this.#audio({ transcript: event.delta })];
      case 'audio-delta': {
        this.#hasSpoken = true;
        const { buffer } = toPcmBytes(event.chunk.samples);
        return [this.#audio({ data: Buffer.from(buffer).toString('base64') })];
      }
      case 'arguments-delta':
        return [this.#call(this.#calls.get(event.callId) ?? 0, { function: { arguments: event.delta } })];
      case 'finish':
        return this.#finish(event);
      case 'spoken':
      case 'item-end':
        return [];
    }
  }

  #start(item: ItemHeader): readonly WireObject[] {
    const opening = this.#hasBegun ? [] : [this.#opening(item.kind === 'message')];
    this.#hasBegun = true;
    if (item.kind === 'message') return opening;
    const index = this.#calls.size;
    this.#calls.set(item.callId, index);
    const call = { id: item.callId, type: 'function', function: { name: item.name, arguments: '' } };
    return [...opening, this.#call(index, call)];
  }

  #opening(isMessage: boolean): WireObject {
    const { audio } = this.#options;
    const content = isMessage && !audio ? '' : null;
    const spoken = isMessage && audio ? { audio: { id: audio.id, transcript: '' } } : {};
    return this.#chunk({ role: 'assistant', content, refusal: null, ...spoken });
  }

  #audio(part: WireObject): WireObject {
    return this.#chunk({ audio: { id: this.#options.audio?.id, ...part } });
  }

  #call(index: number, call: WireObject): WireObject {
    if (this.#options.header.isLegacyFunctions) return this.#chunk({ function_call: call['function'] });
    return this.#chunk({ tool_calls: [{ index, ...call }] });
  }

  #finish(event: Extract<ResponseEvent, { type: 'finish' }>): readonly WireObject[] {
    const { audio, header } = this.#options;
    const expiry = audio && this.#hasSpoken ? [this.#audio({ expires_at: audio.expiresAt })] : [];
    return [...expiry, this.#chunk({}, toFinishReason(event.reason, header))];
  }

  #chunk(delta: WireObject, finishReason: string | null = null): WireObject {
    const { header, index, includeUsage } = this.#options;
    return {
      ...chunkHeader(header),
      choices: [{ index, delta, logprobs: null, finish_reason: finishReason, ...noVerdict(header.address) }],
      ...(includeUsage && { usage: null }),
    };
  }
}

/** The last chunk, for a client that asked for `include_usage`. */
export function toUsageChunk(header: CompletionHeader, usages: readonly ResponseUsage[]): WireObject {
  return { ...chunkHeader(header), choices: [], usage: toUsage(usages) };
}

function chunkHeader(header: CompletionHeader): WireObject {
  return {
    id: header.id,
    object: 'chat.completion.chunk',
    created: header.created,
    model: header.model,
    system_fingerprint: header.fingerprint,
  };
}
