import type { SynthesizerDescription } from './model-description.ts';

/**
 * The voices of the API, and which speakers of Kokoro 0.19, 1.0 and 1.1, and of Kitten, fit them, the best first.
 * https://k2-fsa.github.io/sherpa/onnx/tts/pretrained_models/kokoro.html lists who there is.
 */
const WANTED: Readonly<Record<string, readonly string[]>> = {
  alloy: ['af_alloy', 'af', 'af_maple', 'expr-voice-2-f'],
  ash: ['am_michael', 'expr-voice-4-m', 'zm_010'],
  ballad: ['bm_george', 'expr-voice-5-m', 'zm_020'],
  coral: ['af_bella', 'expr-voice-3-f', 'af_sol'],
  echo: ['am_echo', 'am_adam', 'expr-voice-2-m', 'zm_009'],
  fable: ['bm_fable', 'bm_lewis', 'zm_030'],
  nova: ['af_nova', 'af_sarah', 'expr-voice-4-f', 'bf_vale'],
  onyx: ['am_onyx', 'am_michael', 'bm_lewis', 'zm_040'],
  sage: ['bf_emma', 'expr-voice-5-f', 'zf_001'],
  shimmer: ['af_sky', 'af_nicole', 'zf_002'],
  verse: ['am_puck', 'bm_lewis', 'am_adam', 'expr-voice-3-m', 'zm_050'],
  marin: ['af_heart', 'af_sarah', 'bf_isabella', 'zf_003'],
  cedar: ['am_fenrir', 'bm_daniel', 'bm_george', 'zm_060'],
};

const API_VOICES: readonly string[] = Object.keys(WANTED);
/** Numbers that still are a choice, rather than a list that nobody reads. */
const MOST_NUMBERS = 32;

type Speakers = Pick<SynthesizerDescription, 'speakers'>;
/** Who speaks with a voice, by number or by the model's own name. */
type ChosenSpeakers = Readonly<Record<string, string | number>>;

/**
 * The voices that are offered: those of the API, those that were chosen, and the model's own, by their names, or by
 * their numbers where they have none and are not too many.
 */
export function offeredVoices({ speakers }: Speakers, chosen: ChosenSpeakers = {}): readonly string[] {
  const haveNames = speakers.some((name, number) => name !== String(number));
  const own = haveNames || (speakers.length > 1 && speakers.length <= MOST_NUMBERS) ? speakers : [];
  return [...new Set([...API_VOICES, ...Object.keys(chosen), ...own])];
}

/**
 * Who speaks with which voice: the speaker's number by the name of the voice. A model's own names and the numbers of
 * its speakers are voices; so are the voices of the API, each with a speaker of its own as far as there are enough.
 * `chosen` goes before all else, by number or by the model's own name.
 */
export function voicesOf({ speakers }: Speakers, chosen: ChosenSpeakers = {}): ReadonlyMap<string, number> {
  const numbers = new Map(speakers.map((name, number) => [name, number]));
  for (const number of speakers.keys()) numbers.set(String(number), number);
  const voices = new Map([...assign(speakers), ...numbers]);
  for (const [voice, speaker] of Object.entries(chosen)) {
    const number = numbers.get(String(speaker));
    if (number !== undefined) voices.set(voice, number);
  }
  return voices;
}

function assign(speakers: readonly string[]): ReadonlyMap<string, number> {
  const voices = new Map<string, number>();
  const taken = new Set<number>();
  const take = (voice: string, number: number): void => {
    voices.set(voice, number);
    taken.add(number);
  };
  const rounds = Math.max(...Object.values(WANTED).map((names) => names.length));
  // Everyone's first wish goes before anyone's second.
  for (let round = 0; round < rounds; round += 1) {
    for (const [voice, names] of Object.entries(WANTED)) {
      const number = speakers.indexOf(names[round] ?? '');
      if (number >= 0 && !voices.has(voice) && !taken.has(number)) take(voice, number);
    }
  }
  const rest = API_VOICES.filter((voice) => !voices.has(voice));
  for (const [index, voice] of rest.entries())
    take(voice, spread(speakers.length, index, rest.length, taken));
  return voices;
}

/** Numbers far from each other, as those of one reader, or of one part of the recordings, are often close. */
function spread(speakers: number, index: number, voices: number, taken: ReadonlySet<number>): number {
  const wished = Math.floor((index * speakers) / voices);
  for (let step = 0; step < speakers; step += 1) {
    const number = (wished + step) % speakers;
    if (!taken.has(number)) return number;
  }
  return index % speakers;
}
