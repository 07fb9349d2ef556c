import type { AudioChunk } from '../../audio/chunk.ts';
import type { Codecs } from '../../audio/codecs/codec-pool.ts';
import type { ResponseEvent, ResponseUsage } from '../../conversation/responder.ts';
import type { FinishReason, ToolCall } from '../../engine/language-model.ts';
import { Channel } from '../../util/channel.ts';
import { LinkedAbort } from '../../util/linked-abort.ts';
import type { SpeechFormat } from '../../wire/chat/chat-request.ts';

/** Audio that a reply may run ahead of its encoder, in chunks. */
const CHUNKS_AHEAD = 8;

/** A reply as it was given, collected from its events. */
export interface CollectedReply {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly reason: FinishReason;
  readonly usage: ResponseUsage;
}

/** Notes what a reply says while its events go by. */
export class ReplyCollector {
  readonly #calls: ToolCall[] = [];
  #text = '';
  #finish: Extract<ResponseEvent, { type: 'finish' }> | undefined;

  note(event: ResponseEvent): void {
    if (event.type === 'text-delta' || event.type === 'transcript-delta') this.#text += event.delta;
    else if (event.type === 'item-end' && event.item.kind === 'function-call')
      this.#calls.push(toCall(event.item));
    else if (event.type === 'finish') this.#finish = event;
  }

  /** @throws when the responder ended without `finish`, which its contract forbids. */
  collected(): CollectedReply {
    if (!this.#finish) throw new Error('A responder ended without a finish.');
    return {
      text: this.#text,
      toolCalls: this.#calls,
      reason: this.#finish.reason,
      usage: this.#finish.usage,
    };
  }
}

function toCall(item: ToolCall): ToolCall {
  return { callId: item.callId, name: item.name, arguments: item.arguments };
}

interface Encoding {
  readonly codecs: Codecs;
  readonly format: SpeechFormat;
}

/** A whole reply, with the file of its speech if there is any. */
interface Collected {
  readonly reply: CollectedReply;
  readonly audio: Uint8Array | undefined;
}

export async function collectWritten(events: AsyncIterable<ResponseEvent>): Promise<Collected> {
  const collector = new ReplyCollector();
  for await (const event of events) collector.note(event);
  return { reply: collector.collected(), audio: undefined };
}

/** Encodes the speech while it is still being spoken. */
export async function collectSpoken(
  events: AsyncIterable<ResponseEvent>,
  { codecs, format }: Encoding,
  signal: AbortSignal,
): Promise<Collected> {
  const collector = new ReplyCollector();
  const speech = new Channel<AudioChunk>(CHUNKS_AHEAD);
  const encoding = new LinkedAbort(signal);
  const encoded = codecs.encodeFile(speech, format, { signal: encoding.signal });
  // Kept from becoming an unhandled rejection while the reply is still being read.
  encoded.catch((error: unknown) => encoding.abort(error));
  let hasSpoken = false;
  try {
    for await (const event of events) {
      collector.note(event);
      if (event.type !== 'audio-delta') continue;
      hasSpoken = true;
      await speech.write(event.chunk, encoding.signal);
    }
    speech.close();
    return { reply: collector.collected(), audio: hasSpoken ? await encoded : undefined };
  } catch (error) {
    encoding.abort(error);
    throw error;
  } finally {
    encoding.abort();
  }
}
