/** Messages as they may be kept: each `input_audio` part without its data. */
export function withoutInputAudio(messages: readonly unknown[]): unknown[] {
  return messages.map((message) => {
    if (!isRecord(message) || !Array.isArray(message['content'])) return message;
    return { ...message, content: message['content'].map(withoutAudio) };
  });
}

function withoutAudio(part: unknown): unknown {
  if (!isRecord(part) || !('input_audio' in part)) return part;
  const audio = part['input_audio'];
  return { ...part, input_audio: isRecord(audio) ? { ...audio, data: '' } : null };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
