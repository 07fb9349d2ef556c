import { setImmediate } from 'node:timers/promises';
import type { AudioChunk } from '../../audio/chunk.ts';
import type { AudioClip } from '../../audio/clip.ts';
import { toPcmBytes } from '../../audio/pcm-bytes.ts';
import { resample } from '../../audio/resample.ts';
import { wavHeader } from '../../audio/wav-writer.ts';
import type { ConverseRequest, SpokenMessage, SpokenPart } from '../../engine/speech-model.ts';
import { type ChatBody, toChatBody, toMessage } from './chat-body.ts';

/** What is heard at once: audio models hear at 24 kHz or less. */
const SAMPLE_RATE = 24_000;

/** The body of a streamed `POST /chat/completions` whose messages may be spoken, as may be its answer. */
export async function toSpokenBody(
  model: string,
  request: ConverseRequest,
  extra: ChatBody = {},
): Promise<ChatBody> {
  const { voice, modality } = request;
  const isSpoken = modality === 'audio';
  const spoken = {
    modalities: isSpoken ? ['text', 'audio'] : ['text'],
    ...(isSpoken && { audio: { voice, format: 'pcm16' } }),
  };
  const body = toChatBody(model, { ...request, messages: request.messages.filter(isWritten) });
  const isWrittenAlone = request.messages.every(isWritten);
  const messages = isWrittenAlone ? body['messages'] : await toMessages(request.messages);
  return { ...body, messages, ...spoken, ...extra };
}

/** The words of the conversation, for counting its tokens. */
export function writtenMessages(messages: readonly SpokenMessage[]): WrittenMessage[] {
  return messages.map((message) =>
    isWritten(message)
      ? message
      : {
          role: 'user',
          text: message.parts.map((part) => (part.kind === 'text' ? part.text : '')).join('\n'),
        },
  );
}

type WrittenMessage = Exclude<SpokenMessage, { readonly parts: unknown }>;

function isWritten(message: SpokenMessage): message is WrittenMessage {
  return !('parts' in message);
}

async function toMessages(messages: readonly SpokenMessage[]): Promise<unknown[]> {
  const written: unknown[] = [];
  for (const message of messages) {
    if (isWritten(message)) written.push(toMessage(message));
    else written.push({ role: 'user', content: await Array.fromAsync(message.parts, toPart) });
  }
  return written;
}

async function toPart(part: SpokenPart): Promise<unknown> {
  if (part.kind === 'text') return { type: 'text', text: part.text };
  return { type: 'input_audio', input_audio: { data: await toWav(part.clip), format: 'wav' } };
}

/** A whole file, in base64. */
async function toWav({ chunks }: AudioClip): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const { samples } of resample(from(chunks), SAMPLE_RATE)) pieces.push(toPcmBytes(samples));
  const data = Buffer.concat(pieces);
  return Buffer.concat([wavHeader(SAMPLE_RATE, data.length / 2), data]).toString('base64');
}

/** Lets others have the event loop between any two chunks. */
async function* from(chunks: readonly AudioChunk[]): AsyncGenerator<AudioChunk> {
  for (const chunk of chunks) {
    yield chunk;
    await setImmediate();
  }
}
