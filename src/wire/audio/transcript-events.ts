import type { ResponseUsage } from '../../conversation/responder.ts';
import type { WireObject } from '../chat/completion.ts';
import { toTokenUsage } from './transcript.ts';

/** More of the transcript; what was told stays as it is. */
export function toTranscriptDelta(delta: string): WireObject {
  return { type: 'transcript.text.delta', delta };
}

export function toTranscriptDone(text: string, usage: ResponseUsage): WireObject {
  return { type: 'transcript.text.done', text, usage: toTokenUsage(usage) };
}
