import type { AudioFormat } from '../chat-settings.ts';
import type { ChatRequest, Clip } from '../request-message.ts';

/** PCM has no name of its own that programs know. */
const SUFFIXES: Readonly<Record<AudioFormat, string>> = {
  pcm16: 'pcm',
  wav: 'wav',
  mp3: 'mp3',
  flac: 'flac',
  opus: 'opus',
  aac: 'aac',
};

/** Such as `answer.wav`. */
export function answerFile(format: AudioFormat): string {
  return `answer.${SUFFIXES[format]}`;
}

/** The audio that a request brings, and that its program reads from files. */
export function clipsOf({ messages }: ChatRequest): readonly Clip[] {
  return messages.flatMap((message) => (message.role === 'user' ? message.clips : []));
}

/** What a reader of the program has to know first, one remark a line. */
export function remarksOf(request: ChatRequest): readonly string[] {
  const names = [...new Set(clipsOf(request).map(({ name }) => name))];
  const hasReplies = request.messages.some(({ role }) => role === 'assistant');
  const { isSpoken, format } = request.settings;
  return [
    ...(names.length > 0 ? [`Reads ${names.join(' and ')}, which the playground lets you download.`] : []),
    ...(hasReplies
      ? ['Earlier answers stand in their words: the ids of spoken ones are known to their caller alone.']
      : []),
    ...(isSpoken && format === 'pcm16'
      ? [`To listen: ffplay -f s16le -ar 24000 -ch_layout mono ${answerFile(format)}`]
      : []),
  ];
}
