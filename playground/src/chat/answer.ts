import { fromBase64 } from '../audio/base64.ts';
import { encodeWav } from '../audio/encode-wav.ts';
import { joinSamples, SAMPLE_RATE } from '../audio/pcm.ts';
import type { AudioFormat } from './chat-settings.ts';
import type { Completion, CompletionChunk } from './completion.ts';
import type { ToolCall } from './request-message.ts';
import type { SpokenReply, Usage } from './turn.ts';

/** As much of an answer as has come. */
export interface Answer {
  /** Written, or the words of what is spoken. */
  readonly text: string;
  readonly isSpoken: boolean;
  readonly audioId: string | undefined;
  /** Unix seconds. */
  readonly expiresAt: number | undefined;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: string | undefined;
  readonly usage: Usage | undefined;
}

export const NO_ANSWER: Answer = {
  text: '',
  isSpoken: false,
  audioId: undefined,
  expiresAt: undefined,
  toolCalls: [],
  finishReason: undefined,
  usage: undefined,
};

/** The answer that came in one piece. */
export function toAnswer({ choices: [choice], usage }: Completion): Answer {
  if (!choice) return NO_ANSWER;
  const { content, refusal, audio, tool_calls: calls } = choice.message;
  return {
    text: audio?.transcript ?? content ?? refusal ?? '',
    isSpoken: Boolean(audio),
    audioId: audio?.id,
    expiresAt: audio?.expires_at,
    toolCalls: (calls ?? []).map(({ id, function: { name, arguments: written } }) => ({
      id,
      name,
      arguments: written,
    })),
    finishReason: choice.finish_reason ?? undefined,
    usage: usage ?? undefined,
  };
}

/** The answer with one more chunk of its stream. The audio of a chunk is not part of it. */
export function addChunk(answer: Answer, { choices: [choice], usage }: CompletionChunk): Answer {
  const { content, refusal, audio, tool_calls: calls = [] } = choice?.delta ?? {};
  return {
    text: answer.text + (audio?.transcript ?? '') + (content ?? '') + (refusal ?? ''),
    isSpoken: answer.isSpoken || Boolean(audio),
    audioId: audio?.id ?? answer.audioId,
    expiresAt: audio?.expires_at ?? answer.expiresAt,
    toolCalls: calls.reduce(addToCall, answer.toolCalls),
    finishReason: choice?.finish_reason ?? answer.finishReason,
    usage: usage ?? answer.usage,
  };
}

type CallDelta = NonNullable<CompletionChunk['choices'][number]['delta']['tool_calls']>[number];

function addToCall(
  calls: readonly ToolCall[],
  { index, id, function: written }: CallDelta,
): readonly ToolCall[] {
  const before = calls[index] ?? { id: '', name: '', arguments: '' };
  const call: ToolCall = {
    id: id ?? before.id,
    name: before.name + (written?.name ?? ''),
    arguments: before.arguments + (written?.arguments ?? ''),
  };
  return [...calls.slice(0, index), call, ...calls.slice(index + 1)];
}

/** The samples of a chunk, 24 kHz mono. */
export function toSamples(base64: string): Int16Array<ArrayBuffer> {
  const bytes = fromBase64(base64);
  return new Int16Array(bytes.buffer, 0, Math.floor(bytes.length / 2));
}

const MEDIA_TYPES: Readonly<Record<AudioFormat, string>> = {
  pcm16: 'application/octet-stream',
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
  flac: 'audio/flac',
  opus: 'audio/ogg',
  aac: 'audio/aac',
};

/** What was spoken, as a file in its format and as one that browsers play. */
export function toSpokenReply(
  { audioId, expiresAt }: Pick<Answer, 'audioId' | 'expiresAt'>,
  format: AudioFormat,
  bytes: Uint8Array<ArrayBuffer>,
): SpokenReply {
  const file = new Blob([bytes], { type: MEDIA_TYPES[format] });
  const playable =
    format === 'pcm16'
      ? wavBlob(new Int16Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 2)))
      : file;
  return { id: audioId, expiresAt, file, format, playable };
}

/** The same of a stream, from its pieces. */
export function toStreamedReply(
  answer: Pick<Answer, 'audioId' | 'expiresAt'>,
  pieces: readonly Int16Array<ArrayBuffer>[],
): SpokenReply | undefined {
  if (pieces.length === 0) return undefined;
  return toSpokenReply(answer, 'pcm16', new Uint8Array(joinSamples(pieces).buffer));
}

/** 24 kHz mono samples as a file. */
export function wavBlob(samples: Int16Array): Blob {
  return new Blob([encodeWav(samples, SAMPLE_RATE)], { type: 'audio/wav' });
}
