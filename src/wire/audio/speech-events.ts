import type { ResponseUsage } from '../../conversation/responder.ts';
import type { WireObject } from '../chat/completion.ts';

/** A stretch of the file, whose stretches joined are the file. */
export function toSpeechDelta(bytes: Uint8Array): WireObject {
  return { type: 'speech.audio.delta', audio: Buffer.from(bytes).toString('base64') };
}

export function toSpeechDone(usage: ResponseUsage): WireObject {
  return {
    type: 'speech.audio.done',
    usage: {
      input_tokens: usage.inputTextTokens,
      output_tokens: usage.outputAudioTokens,
      total_tokens: usage.inputTextTokens + usage.outputAudioTokens,
    },
  };
}
