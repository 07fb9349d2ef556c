import type { AudioChunk } from '../../audio/chunk.ts';
import { type AudioClip, clipDurationMs } from '../../audio/clip.ts';
import { transcribe } from '../../conversation/transcribe.ts';
import { wordErrorRate } from '../../engine/conformance/word-error-rate.ts';
import type { LanguageModel } from '../../engine/language-model.ts';
import type { SpeechRecognizer } from '../../engine/speech-recognizer.ts';
import type { SpeechSynthesizer } from '../../engine/speech-synthesizer.ts';
import type { Engines } from '../../server/engines/engines.ts';
import { broken, type Finding, good, messageOf, note } from './finding.ts';

/** Which engines are to show what they can do. */
export interface Trial {
  readonly speak: boolean;
  readonly hear: boolean;
  readonly think: boolean;
}

/** Everyday English with numbers and names in it; no recognizer or voice was chosen by them. */
const SENTENCES = [
  'The train to the coast leaves at seven in the morning.',
  'Please put the blue cup back on the kitchen table.',
  'My sister has lived in London for eleven years.',
  'It rained all night, and the river is high today.',
  'Could you tell me how far it is to the old bridge?',
] as const;

const QUESTION = 'What is the capital of Sweden?';

/** The longest that one sentence or one answer may take. */
const PATIENCE_MS = 120_000;

/** A sentence as it was spoken, and how long that took. */
interface Spoken {
  readonly sentence: string;
  readonly clip: AudioClip;
  readonly firstAudioMs: number;
  readonly tookMs: number;
}

/**
 * Runs the engines that answer where a deployment names no others: speaks sentences, hears what was spoken, and asks
 * a question. What takes less time than the sound lasts has a real-time factor below 1.
 */
export async function tryEngines(engines: Engines, trial: Trial): Promise<readonly Finding[]> {
  const spoken = trial.speak || trial.hear ? await trySpeaking(engines.synthesizer()) : undefined;
  return [
    ...(trial.speak && spoken ? [spoken.finding] : []),
    ...(trial.hear ? [await tryHearing(engines.recognizer(), spoken?.sentences ?? [])] : []),
    ...(trial.think ? [await tryThinking(engines.languageModel())] : []),
  ];
}

async function trySpeaking(
  synthesizer: SpeechSynthesizer | undefined,
): Promise<{ readonly finding: Finding; readonly sentences: readonly Spoken[] }> {
  if (!synthesizer) return { finding: note('try speaking', 'left out: nothing speaks'), sentences: [] };
  try {
    const sentences: Spoken[] = [];
    for (const sentence of SENTENCES) sentences.push(await speak(synthesizer, sentence));
    const firstAudio = median(sentences.map(({ firstAudioMs }) => firstAudioMs));
    const finding = good(
      'try speaking',
      `${synthesizer.name}: first audio after ${firstAudio.toFixed(0)} ms, real-time factor ${factor(sentences)}`,
    );
    return { finding, sentences };
  } catch (error) {
    return { finding: failed('try speaking', synthesizer.name, error), sentences: [] };
  }
}

async function speak(synthesizer: SpeechSynthesizer, sentence: string): Promise<Spoken> {
  const startedAt = performance.now();
  const chunks: AudioChunk[] = [];
  let firstAudioMs: number | undefined;
  const events = synthesizer.synthesize(only(sentence), {
    voice: 'alloy',
    speed: 1,
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  for await (const event of events) {
    if (event.type !== 'audio') continue;
    firstAudioMs ??= performance.now() - startedAt;
    chunks.push(event.chunk);
  }
  if (firstAudioMs === undefined) throw new Error(`"${sentence}" was spoken without a sound.`);
  return { sentence, clip: { chunks }, firstAudioMs, tookMs: performance.now() - startedAt };
}

async function* only(text: string): AsyncGenerator<string, void, void> {
  yield text;
}

async function tryHearing(
  recognizer: SpeechRecognizer | undefined,
  spoken: readonly Spoken[],
): Promise<Finding> {
  const check = 'try hearing';
  if (!recognizer) return note(check, 'left out: nothing hears');
  if (spoken.length === 0) return note(check, 'left out: there is nothing spoken to hear');
  try {
    const heard: string[] = [];
    const startedAt = performance.now();
    for (const { clip } of spoken) {
      heard.push(await transcribe(recognizer, clip, { signal: AbortSignal.timeout(PATIENCE_MS) }));
    }
    const tookMs = performance.now() - startedAt;
    const wrong = wordErrorRate(spoken.map(({ sentence }) => sentence).join(' '), heard.join(' '));
    const times = factor(spoken.map(({ clip }) => ({ clip, tookMs: tookMs / spoken.length })));
    const words = `${(wrong * 100).toFixed(0)} % of the words wrong`;
    return good(check, `${recognizer.name}: ${words}, real-time factor ${times}`);
  } catch (error) {
    return failed(check, recognizer.name, error);
  }
}

async function tryThinking(model: LanguageModel | undefined): Promise<Finding> {
  const check = 'try thinking';
  if (!model) return note(check, 'left out: nothing thinks');
  try {
    const startedAt = performance.now();
    let firstWordMs: number | undefined;
    let answer = '';
    const request = {
      messages: [{ role: 'user', text: QUESTION }],
      tools: [],
      toolChoice: 'auto',
      sampling: { maxOutputTokens: 100 },
    } as const;
    for await (const event of model.generate(request, { signal: AbortSignal.timeout(PATIENCE_MS) })) {
      if (event.type !== 'text-delta') continue;
      firstWordMs ??= performance.now() - startedAt;
      answer += event.delta;
    }
    if (firstWordMs === undefined) throw new Error('It answered without a word.');
    const tookMs = performance.now() - startedAt;
    const times = `first word after ${firstWordMs.toFixed(0)} ms, answer after ${tookMs.toFixed(0)} ms`;
    return good(check, `${model.name}: ${times}: ${answer.trim()}`);
  } catch (error) {
    return failed(check, model.name, error);
  }
}

function failed(check: string, engine: string, error: unknown): Finding {
  return broken(check, `${engine}: ${messageOf(error)}`, 'See that its model is whole and its server runs.');
}

/** Time taken ÷ how long the sound lasts. */
function factor(sentences: readonly Pick<Spoken, 'clip' | 'tookMs'>[]): string {
  const tookMs = sentences.reduce((sum, sentence) => sum + sentence.tookMs, 0);
  const soundMs = sentences.reduce((sum, { clip }) => sum + clipDurationMs(clip), 0);
  return (tookMs / soundMs).toFixed(3);
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
