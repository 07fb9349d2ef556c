import { open, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { EngineError } from '../../util/errors.ts';
import type { SynthesizerDescription } from './model-description.ts';
import { ALONE, type ModelFolder, VOCODER } from './model-folder.ts';
import { type OnnxMetadata, splitList } from './onnx-metadata.ts';
import { NAME } from './sherpa-onnx.ts';

// More than any model has; a damaged file may claim any number.
const MOST_SPEAKERS = 10_000;
const MOST_SAMPLE_RATE = 192_000;

/** The voice in `folder`; undefined when what is there is none. @throws {EngineError} `unavailable`. */
export async function describeSynthesizer(folder: ModelFolder): Promise<SynthesizerDescription | undefined> {
  if (folder.network(/^(?:lm_main|fm_decoder)/i) !== undefined) throw needsReference(folder);
  if (folder.network(/^duration_predictor/i) !== undefined) return await describeSupertonic(folder);
  const model = folder.network(ALONE);
  if (model === undefined) return undefined;
  const metadata = await folder.metadata(model);
  const family = familyOf(folder, metadata);
  if (family === undefined) return undefined;
  return {
    role: 'synthesizer',
    family,
    languages: languagesOf(family, metadata),
    sampleRate: wholeNumber(metadata, 'sample_rate', model),
    speakers: speakersOf(metadata, model),
    config: { [family]: filesOf(folder, family, model) },
    rules: rulesOf(folder, family),
    bytes: folder.bytes,
  };
}

/** Those of Kokoro are for Chinese, and would have the numbers of an English sentence read in it. */
function rulesOf(folder: ModelFolder, family: Family): SynthesizerDescription['rules'] {
  if (family === 'kokoro') return { fsts: [], fars: [] };
  return { fsts: folder.matching(/\.fst$/i), fars: folder.matching(/\.far$/i) };
}

type Family = 'vits' | 'matcha' | 'kokoro' | 'kitten';

function familyOf(folder: ModelFolder, metadata: OnnxMetadata): Family | undefined {
  const type = metadata['model_type'] ?? '';
  if (/^kokoro/.test(type)) return 'kokoro';
  if (/^kitten/.test(type)) return 'kitten';
  if (/^matcha/.test(type)) return 'matcha';
  if (/vits/.test(type)) return 'vits';
  // Piper's own models tell all but what they are.
  const isVoice = metadata['n_speakers'] !== undefined && metadata['sample_rate'] !== undefined;
  return isVoice && folder.find('voices.bin') === undefined ? 'vits' : undefined;
}

function filesOf(folder: ModelFolder, family: Family, model: string): Readonly<Record<string, string>> {
  const shared = {
    tokens: folder.tokens(),
    dataDir: folder.find('espeak-ng-data') ?? '',
    lexicon: lexiconOf(folder),
  };
  switch (family) {
    case 'vits':
      return { model, ...shared };
    case 'matcha': {
      const vocoder = folder.network(VOCODER);
      if (vocoder === undefined) throw folder.missing('vocos.onnx, or another vocoder');
      return { acousticModel: model, vocoder, ...shared };
    }
    case 'kokoro':
    case 'kitten': {
      const voices = folder.find('voices.bin');
      if (voices === undefined) throw folder.missing('voices.bin');
      if (shared.dataDir === '') throw folder.missing('espeak-ng-data');
      return family === 'kokoro'
        ? { model, voices, ...shared }
        : { model, voices, tokens: shared.tokens, dataDir: shared.dataDir };
    }
  }
}

/** Of the two lexicons of English that Kokoro has, only one can be used. */
function lexiconOf(folder: ModelFolder): string {
  const all = folder.matching(/^lexicon.*\.txt$/i);
  const hasAmerican = all.some((path) => basename(path) === 'lexicon-us-en.txt');
  return all.filter((path) => !hasAmerican || basename(path) !== 'lexicon-gb-en.txt').join(',');
}

function languagesOf(family: Family, metadata: OnnxMetadata): readonly string[] {
  if (family === 'kokoro' && Number(metadata['version'] ?? 1) >= 2) return ['en', 'zh'];
  if (family === 'kitten' || family === 'kokoro') return ['en'];
  // The voice of espeak-ng that makes its phonemes, such as `en-us`.
  const voice = metadata['voice'] ?? '';
  const primary = /^([a-z]{2,3})(?:-|$)/.exec(voice)?.[1];
  if (primary !== undefined) return ESPEAK_LANGUAGES.get(primary) ?? [primary];
  const language = LANGUAGES.find(([name]) => name.test(metadata['language'] ?? ''))?.[1];
  if (language !== undefined) return language;
  return metadata['jieba'] === '1' ? ['zh'] : [];
}

/** Where espeak-ng names a language otherwise than its speakers are likely to. */
const ESPEAK_LANGUAGES: ReadonlyMap<string, readonly string[]> = new Map([
  ['cmn', ['zh']],
  ['nb', ['nb', 'no']],
]);

/** What models that have no voice of espeak-ng call their language. */
const LANGUAGES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/chinese.*english|english.*chinese/i, ['zh', 'en']],
  [/english/i, ['en']],
  [/chinese/i, ['zh']],
  [/german/i, ['de']],
  [/french/i, ['fr']],
  [/spanish/i, ['es']],
];

function speakersOf(metadata: OnnxMetadata, model: string): readonly string[] {
  const count = Math.max(1, wholeNumber(metadata, 'n_speakers', model));
  const names = splitList(metadata['speaker_names']);
  return names.length === count ? names : numbers(count);
}

function numbers(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => String(index));
}

function wholeNumber(metadata: OnnxMetadata, key: string, model: string): number {
  const value = Number(metadata[key]);
  const most = key === 'n_speakers' ? MOST_SPEAKERS : MOST_SAMPLE_RATE;
  if (metadata[key] !== undefined && Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new EngineError(
    NAME,
    'unavailable',
    `${model} says "${metadata[key] ?? 'nothing'}" for its ${key}. It is not made for sherpa-onnx.`,
  );
}

const SUPERTONIC_2 = ['en', 'ko', 'es', 'pt', 'fr'];
/** `kSupertonicAvailableLangs` of sherpa-onnx. */
const SUPERTONIC_3 =
  'en ko ja ar bg cs da de el es et fi fr hi hr hu id it lt lv nl pl pt ro ru sk sl sv tr uk vi'.split(' ');

/** Supertonic tells its rate and its speakers beside its networks. */
async function describeSupertonic(folder: ModelFolder): Promise<SynthesizerDescription> {
  const network = (name: string): string => {
    const path = folder.network(new RegExp(`^${name}`, 'i'));
    if (path === undefined) throw folder.missing(`${name}.onnx`);
    return path;
  };
  const file = (name: string): string => {
    const path = folder.find(name);
    if (path === undefined) throw folder.missing(name);
    return path;
  };
  const config = {
    durationPredictor: network('duration_predictor'),
    textEncoder: network('text_encoder'),
    vectorEstimator: network('vector_estimator'),
    vocoder: network('vocoder'),
    ttsJson: file('tts.json'),
    unicodeIndexer: file('unicode_indexer.bin'),
    voiceStyle: file('voice.bin'),
  };
  return {
    role: 'synthesizer',
    family: 'supertonic',
    languages: /supertonic-?3/i.test(folder.name) ? SUPERTONIC_3 : SUPERTONIC_2,
    sampleRate: await supertonicRate(config.ttsJson),
    speakers: numbers(await supertonicSpeakers(config.voiceStyle)),
    config: { supertonic: config },
    rules: { fsts: [], fars: [] },
    bytes: folder.bytes,
  };
}

async function supertonicRate(path: string): Promise<number> {
  const rate = /"sample_rate"\s*:\s*(\d+)/.exec(await readFile(path, 'utf8'))?.[1];
  return wholeNumber(rate === undefined ? {} : { sample_rate: rate }, 'sample_rate', path);
}

/** The file begins with the sizes of its tables, 64 bits each; the first is the number of speakers. */
async function supertonicSpeakers(path: string): Promise<number> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0);
  const count = bytesRead === 8 ? String(buffer.readBigInt64LE()) : '';
  return wholeNumber({ n_speakers: count }, 'n_speakers', path);
}

function needsReference(folder: ModelFolder): EngineError {
  return new EngineError(
    NAME,
    'unsupported',
    `${folder.path} has a voice that imitates a recording, which is not supported. Choose a voice of its own, such as Kokoro or Piper.`,
  );
}
