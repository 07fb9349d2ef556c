import type { SemanticVad } from './session-config.ts';

/** The longest that each eagerness waits (OpenAI, "Voice activity detection": low 8 s, medium 4 s, high 2 s). */
const LONGEST_MS: Readonly<Record<SemanticVad['eagerness'], number>> = {
  low: 8_000,
  medium: 4_000,
  auto: 4_000,
  high: 2_000,
};
/** The shortest pause after which a finished sentence is taken as a turn. */
const SHORTEST_MS: Readonly<Record<SemanticVad['eagerness'], number>> = {
  low: 900,
  medium: 600,
  auto: 600,
  high: 400,
};

/** Nobody ends on these: they want a word behind them. English, Swedish, French. */
const DANGLING = new Set(
  (
    'a an the and or but so because if when while of to in on at for from with about into my your his her its our ' +
    'their this that these those is are was were be been am do does did can could will would should i we they he she ' +
    'who which what where um uh er hmm like very ' +
    'en ett och eller men så för att om när av till i på med från min din är var har ' +
    'un une le la les et ou mais donc parce que si quand de du des à dans sur pour avec mon ton son est sont euh'
  ).split(' '),
);

/**
 * How long a pause ends a turn, by how finished its words sound: an honest first version, with no more
 * knowledge of speech than its last word. Unheard speech gets the middle.
 */
export function semanticPauseMs(partialTranscript: string, eagerness: SemanticVad['eagerness']): number {
  const shortest = SHORTEST_MS[eagerness];
  return shortest + (1 - finishedness(partialTranscript)) * (LONGEST_MS[eagerness] - shortest);
}

function finishedness(text: string): number {
  const words = text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
  const last = words.at(-1);
  if (last === undefined) return 0.5;
  if (DANGLING.has(last) || /[,;:–-]\s*$/.test(text)) return 0;
  return /[.!?]\s*$/.test(text) ? 1 : 0.85;
}
