import type { CompletionChunk } from './completion.ts';

/** What a chunk of a streamed answer brings, in a word or two. */
export function nameChunk(chunk: unknown): string {
  const { choices, usage } = chunk as CompletionChunk;
  const { delta, finish_reason: reason } = choices[0] ?? {};
  const { audio, content, tool_calls: calls } = delta ?? {};
  if (reason) return `finish_reason ${reason}`;
  if (audio?.data) return 'audio';
  if (audio?.transcript) return `transcript ${JSON.stringify(audio.transcript)}`;
  if (audio?.expires_at !== undefined) return 'expires_at';
  if (content) return `content ${JSON.stringify(content)}`;
  if (calls) return 'tool_calls';
  return usage ? 'usage' : 'role';
}
