/**
 * Messages as they may be kept: each `input_audio` part becomes a text part with what was heard in it, or,
 * where that is not known, stays without its data.
 */
export function withoutInputAudio(
  messages: readonly unknown[],
  transcriptOf: (message: number, part: number) => string | undefined = () => undefined,
): unknown[] {
  return messages.map((message, index) => {
    if (!isRecord(message) || !Array.isArray(message['content'])) return message;
    const content: unknown[] = message['content'];
    return {
      ...message,
      content: content.map((part, at) => withoutAudio(part, () => transcriptOf(index, at))),
    };
  });
}

function withoutAudio(part: unknown, transcript: () => string | undefined): unknown {
  if (!isRecord(part) || !('input_audio' in part)) return part;
  const text = transcript();
  if (text !== undefined) return { type: 'text', text };
  const audio = part['input_audio'];
  return { ...part, input_audio: isRecord(audio) ? { ...audio, data: '' } : null };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
