/** `text`, the next piece of a reply, has been spoken by `endMs` of its audio. */
export interface SpokenMark {
  readonly text: string;
  readonly endMs: number;
}

export interface SpokenReply {
  /** As it was told, which runs ahead of the audio. */
  readonly transcript: string;
  readonly marks: readonly SpokenMark[];
}

/** How fast people and synthesizers speak, where a reply has no marks to tell. */
const CHARACTERS_PER_MS = 0.014;
/** By as much a client may be behind that counts in frames. */
const FRAME_MS = 20;

/**
 * The part of a reply that had been said when `heardMs` of its audio had been played: the pieces that end by
 * then, and of the next one as many whole words as its share of time allows.
 */
export function heardText(reply: SpokenReply, heardMs: number): string {
  let heard = '';
  let startMs = 0;
  for (const { text, endMs } of reply.marks) {
    if (endMs > heardMs + FRAME_MS)
      return heard + wordsWithin(text, (heardMs - startMs) / Math.max(1, endMs - startMs));
    heard += text;
    startMs = endMs;
  }
  const rest = reply.transcript.slice(heard.length);
  const rate = startMs > 0 ? heard.length / startMs : CHARACTERS_PER_MS;
  return heard + wordsWithin(rest, ((heardMs - startMs) * rate) / Math.max(1, rest.length));
}

/** Whole words only: half a word is a word that nobody said. */
function wordsWithin(text: string, share: number): string {
  if (share >= 1) return text;
  const length = Math.floor(text.length * Math.max(0, share));
  const cut = text.slice(0, length);
  if (/\s/.test(text.charAt(length))) return cut;
  return cut.slice(0, cut.search(/\S*$/));
}
