import type { AudioClip } from '../../audio/clip.ts';
import { compressG711 } from '../../audio/g711.ts';
import { toPcmBytes } from '../../audio/pcm-bytes.ts';
import type { ContentPart, ConversationItem } from '../../conversation/item.ts';
import type { WireAudioFormat } from '../../realtime/session-config.ts';
import type { OutputItem } from '../../realtime/session-event.ts';
import type { WireObject } from './dialect.ts';

/** What a dialect calls the parts of what the assistant says. */
export interface ReplyWords {
  readonly text: 'text' | 'output_text';
  readonly audio: 'audio' | 'output_audio';
}

/** An item of a response, as far as it has been told. */
export function outputItemObject(item: OutputItem, words: ReplyWords): WireObject {
  const status = item.status.replace('-', '_');
  if (item.kind === 'function-call') return functionCallObject({ ...item, status });
  const content = item.content.map(({ kind, text }) =>
    kind === 'text' ? { type: words.text, text } : { type: words.audio, transcript: text },
  );
  return messageObject({ id: item.id, status, role: 'assistant', content });
}

/** An item of the conversation without its sound. */
export function itemObject(item: ConversationItem, words: ReplyWords): WireObject {
  return toObject(item, words, () => ({}));
}

/** An item with its sound, as `conversation.item.retrieved` tells it (GA capture, contract 3.3). */
export function retrievedItemObject(
  item: ConversationItem,
  words: ReplyWords,
  inputFormat: WireAudioFormat,
): WireObject {
  return toObject(item, words, (clip) => soundOf(clip, inputFormat));
}

function toObject(
  item: ConversationItem,
  words: ReplyWords,
  sound: (clip: AudioClip) => WireObject,
): WireObject {
  switch (item.kind) {
    case 'function-call':
      return functionCallObject(item);
    case 'function-output':
      return {
        id: item.id,
        object: 'realtime.item',
        type: 'function_call_output',
        status: 'completed',
        call_id: item.callId,
        output: item.output,
      };
    case 'message': {
      const types = item.role === 'assistant' ? words : { text: 'input_text', audio: 'input_audio' };
      return messageObject({ ...item, content: item.content.map((part) => toPart(part, types, sound)) });
    }
  }
}

/** `transcript` is there from the first, `null` until it is known: clients check for the key (contract 7.4). */
function toPart(
  part: ContentPart,
  types: { readonly text: string; readonly audio: string },
  sound: (clip: AudioClip) => WireObject,
): WireObject {
  if (part.kind === 'text') return { type: types.text, text: part.text };
  return { type: types.audio, transcript: part.transcript ?? null, ...sound(part.clip) };
}

function messageObject(message: {
  readonly id: string;
  readonly status: string;
  readonly role: string;
  readonly content: readonly WireObject[];
}): WireObject {
  const { id, status, role, content } = message;
  return { id, object: 'realtime.item', type: 'message', status, role, content };
}

function functionCallObject(call: {
  readonly id: string;
  readonly status: string;
  readonly name: string;
  readonly callId: string;
  readonly arguments: string;
}): WireObject {
  return {
    id: call.id,
    object: 'realtime.item',
    type: 'function_call',
    status: call.status,
    name: call.name,
    call_id: call.callId,
    arguments: call.arguments,
  };
}

/** The bytes as they came: G.711 that was expanded is compressed by the law that the client speaks. */
function soundOf(clip: AudioClip, inputFormat: WireAudioFormat): WireObject {
  const isTelephone = clip.chunks.length > 0 && clip.chunks.every(({ sampleRate }) => sampleRate === 8_000);
  const format = !isTelephone || inputFormat === 'pcm16' ? 'pcm16' : inputFormat;
  const bytes = clip.chunks.map(({ samples }) => {
    if (format === 'pcm16') return toPcmBytes(samples);
    return compressG711(samples, format === 'g711-ulaw' ? 'mulaw' : 'alaw');
  });
  return { audio: Buffer.concat(bytes).toString('base64'), format: format.replace('-', '_') };
}
