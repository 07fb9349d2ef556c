import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeModelFolder } from '../../src/engines/sherpa/index.ts';
import { writeOnnx } from '../support/onnx/onnx-writer.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'samtal-sherpa-folders-'));
});
afterAll(() => rm(home, { recursive: true }));

/** What a network says of itself, or the text of a file. */
type Content = string | Readonly<Record<string, string | number>>;

/** A folder as the releases of sherpa-onnx have them, whose networks tell of themselves and hold nothing. */
async function folderOf(name: string, files: Readonly<Record<string, Content>>): Promise<string> {
  const folder = join(home, name);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    const network = { inputs: [], outputs: [], constants: [], nodes: [] };
    const bytes = typeof content === 'string' ? content : writeOnnx({ ...network, metadata: content });
    await writeFile(join(folder, path), bytes);
  }
  return folder;
}

const TOKENS = { 'tokens.txt': '<blk> 0\n' };
const ESPEAK = { 'espeak-ng-data/phontab': 'x' };
const PARAKEET = { model_type: 'EncDecRNNTBPEModel', subsampling_factor: 8, feat_dim: 128 };
const ZIPFORMER = { model_type: 'zipformer2', comment: 'zipformer2', T: 45, decode_chunk_len: 32 };
const WHISPER = { model_type: 'whisper-base', is_multilingual: 1, all_language_codes: 'en,zh,de,es' };
const KOKORO = { model_type: 'kokoro', sample_rate: 24_000, voice: 'en-us', has_espeak: 1 };
const PIPER = { model_type: 'vits', comment: 'piper', sample_rate: 22_050, has_espeak: 1 };

const FOLDERS: readonly {
  readonly name: string;
  readonly files: Readonly<Record<string, Content>>;
  readonly is: object;
}[] = [
  {
    name: 'nemo-parakeet-tdt-0.6b-v3-int8',
    files: { 'encoder.int8.onnx': PARAKEET, 'decoder.int8.onnx': {}, 'joiner.int8.onnx': {}, ...TOKENS },
    is: { family: 'transducer', isStreaming: false, config: { modelType: 'nemo_transducer' } },
  },
  {
    name: 'nemo-streaming-fast-conformer',
    files: {
      'encoder.onnx': { model_type: 'EncDecHybridRNNTCTCBPEModel', window_size: 105, chunk_shift: 96 },
      'decoder.onnx': {},
      'joiner.onnx': {},
      ...TOKENS,
    },
    is: { family: 'transducer', isStreaming: true, onlyGrows: true },
  },
  {
    name: 'streaming-zipformer-en',
    files: { 'encoder.onnx': ZIPFORMER, 'decoder.onnx': {}, 'joiner.onnx': {}, ...TOKENS },
    is: { family: 'transducer', isStreaming: true },
  },
  {
    name: 'zipformer-small-en-2023-06-26',
    files: {
      'encoder-epoch-99-avg-1.onnx': { model_type: 'zipformer2', comment: 'non-streaming zipformer2' },
      'decoder-epoch-99-avg-1.onnx': {},
      'joiner-epoch-99-avg-1.onnx': {},
      ...TOKENS,
    },
    is: { family: 'transducer', isStreaming: false, config: { modelType: 'transducer' } },
  },
  {
    name: 'streaming-zipformer-ctc-small',
    files: { 'ctc-epoch-30-avg-3-chunk-16-left-128.int8.onnx': ZIPFORMER, ...TOKENS },
    is: { family: 'zipformer2Ctc', isStreaming: true },
  },
  {
    name: 'nemo-ctc-en-conformer-small',
    files: { 'model.int8.onnx': { model_type: 'EncDecCTCModelBPE' }, ...TOKENS },
    is: { family: 'nemoCtc', isStreaming: false },
  },
  {
    name: 'nemo-streaming-fast-conformer-ctc',
    files: { 'model.onnx': { model_type: 'EncDecHybridRNNTCTCBPEModel', chunk_shift: 96 }, ...TOKENS },
    is: { family: 'nemoCtc', isStreaming: true },
  },
  {
    name: 'whisper-base',
    files: { 'base-encoder.int8.onnx': WHISPER, 'base-decoder.int8.onnx': {}, 'base-tokens.txt': 'x' },
    is: { family: 'whisper', isStreaming: false, languages: ['en', 'zh', 'de', 'es'] },
  },
  {
    name: 'whisper-tiny.en',
    files: {
      'tiny.en-encoder.onnx': { ...WHISPER, is_multilingual: 0 },
      'tiny.en-decoder.onnx': {},
      'tiny.en-tokens.txt': 'x',
    },
    is: { family: 'whisper', languages: ['en'] },
  },
  {
    name: 'moonshine-tiny-en-int8',
    files: {
      'preprocess.onnx': {},
      'encode.int8.onnx': {},
      'uncached_decode.int8.onnx': {},
      'cached_decode.int8.onnx': {},
      ...TOKENS,
    },
    is: { family: 'moonshine', isStreaming: false },
  },
  {
    name: 'moonshine-base-en-quantized',
    files: { 'encoder_model.ort': 'x', 'decoder_model_merged.ort': 'x', ...TOKENS },
    is: { family: 'moonshine', isStreaming: false },
  },
  {
    name: 'sense-voice-zh-en-ja-ko-yue',
    files: { 'model.int8.onnx': { model_type: 'sense_voice_ctc' }, 'model.onnx': {}, ...TOKENS },
    is: { family: 'senseVoice', languages: ['zh', 'en', 'ja', 'ko', 'yue'] },
  },
  {
    name: 'nemo-canary-180m-flash',
    files: {
      'encoder.int8.onnx': { model_type: 'EncDecMultiTaskModel' },
      'decoder.int8.onnx': {},
      ...TOKENS,
    },
    is: { family: 'canary', languages: ['en', 'es', 'de', 'fr'] },
  },
  {
    name: 'fire-red-asr-large',
    files: { 'encoder.int8.onnx': { cmvn_mean: '1,2' }, 'decoder.int8.onnx': {}, ...TOKENS },
    is: { family: 'fireRedAsr' },
  },
  {
    name: 'streaming-paraformer-bilingual',
    files: { 'encoder.onnx': { model_type: 'paraformer' }, 'decoder.onnx': {}, ...TOKENS },
    is: { family: 'paraformer', isStreaming: true, onlyGrows: false },
  },
  {
    name: 'streaming-t-one-russian',
    files: { 'model.onnx': { model_type: 't-one' }, ...TOKENS },
    is: { family: 'toneCtc', isStreaming: true, languages: ['ru'] },
  },
  {
    name: 'dolphin-base-ctc-multi-lang-int8',
    files: { 'model.int8.onnx': { vocab_size: 40_000 }, ...TOKENS },
    is: { family: 'dolphin' },
  },
  {
    name: 'telespeech-ctc-int8-zh',
    files: { 'model.int8.onnx': { model_type: 'telespeech_ctc' }, ...TOKENS },
    is: { family: 'teleSpeechCtc', config: { teleSpeechCtc: expect.stringMatching(/model\.int8\.onnx$/) } },
  },
  {
    name: 'vits-piper-sv_SE-nst-medium',
    files: {
      'sv_SE-nst-medium.onnx': { ...PIPER, n_speakers: 1, voice: 'sv', language: 'Swedish' },
      'sv_SE-nst-medium.onnx.json': '{}',
      ...TOKENS,
      ...ESPEAK,
    },
    is: { role: 'synthesizer', family: 'vits', sampleRate: 22_050, languages: ['sv'], speakers: ['0'] },
  },
  {
    name: 'vits-icefall-zh-aishell3',
    files: {
      'model.onnx': { model_type: 'vits', sample_rate: 8_000, n_speakers: 2, language: 'Chinese' },
      'lexicon.txt': 'x',
      'number.fst': 'x',
      'date.fst': 'x',
      'rule.far': 'x',
      ...TOKENS,
    },
    is: {
      languages: ['zh'],
      rules: {
        fsts: [expect.stringMatching(/date\.fst$/), expect.stringMatching(/number\.fst$/)],
        fars: [expect.stringMatching(/rule\.far$/)],
      },
    },
  },
  {
    name: 'kokoro-multi-lang-v1_0',
    files: {
      'model.onnx': { ...KOKORO, version: 2, n_speakers: 2, speaker_names: 'af_alloy,am_echo' },
      'voices.bin': 'x',
      'lexicon-us-en.txt': 'x',
      'lexicon-gb-en.txt': 'x',
      'lexicon-zh.txt': 'x',
      'number-zh.fst': 'x',
      ...TOKENS,
      ...ESPEAK,
    },
    is: {
      family: 'kokoro',
      sampleRate: 24_000,
      languages: ['en', 'zh'],
      speakers: ['af_alloy', 'am_echo'],
      rules: { fsts: [], fars: [] },
      config: { kokoro: { lexicon: expect.stringMatching(/lexicon-us-en\.txt,[^,]*lexicon-zh\.txt$/) } },
    },
  },
  {
    name: 'kitten-nano-en-v0_2-fp16',
    files: {
      'model.fp16.onnx': { ...KOKORO, model_type: 'kitten-tts', n_speakers: 8 },
      'voices.bin': 'x',
      ...TOKENS,
      ...ESPEAK,
    },
    is: { family: 'kitten', languages: ['en'], speakers: ['0', '1', '2', '3', '4', '5', '6', '7'] },
  },
  {
    name: 'matcha-icefall-en_US-ljspeech',
    files: {
      'model-steps-3.onnx': { model_type: 'matcha-tts', sample_rate: 22_050, n_speakers: 1, voice: 'en-us' },
      'vocos-22khz-univ.onnx': { model_type: 'vocos' },
      ...TOKENS,
      ...ESPEAK,
    },
    is: { family: 'matcha', languages: ['en'] },
  },
  {
    name: 'supertonic-3',
    files: {
      'duration_predictor.int8.onnx': {},
      'text_encoder.int8.onnx': {},
      'vector_estimator.int8.onnx': {},
      'vocoder.int8.onnx': {},
      'tts.json': '{"ae":{"sample_rate":44100}}',
      'unicode_indexer.bin': 'x',
      'voice.bin': '\u0003\0\0\0\0\0\0\0rest',
    },
    is: {
      family: 'supertonic',
      sampleRate: 44_100,
      speakers: ['0', '1', '2'],
      languages: expect.arrayContaining(['sv', 'fr']),
    },
  },
];

test.each(FOLDERS)('a folder like $name is known by its files', async ({ name, files, is }) => {
  expect(await describeModelFolder(await folderOf(name, files))).toMatchObject(is);
});

test('of two precisions the smaller is taken, unless the other is asked for', async () => {
  const networks = { 'model.int8.onnx': PARAKEET, 'model.onnx': PARAKEET };
  const folder = await folderOf('both', { ...networks, ...TOKENS });
  expect((await describeModelFolder(folder)).config).toMatchObject({
    nemoCtc: { model: join(folder, 'model.int8.onnx') },
  });
  expect((await describeModelFolder(folder, 'float')).config).toMatchObject({
    nemoCtc: { model: join(folder, 'model.onnx') },
  });
});

test('what a damaged file says of its length leads nowhere', async () => {
  const folder = await folderOf('damaged', { 'model.onnx': PARAKEET, ...TOKENS });
  await truncate(join(folder, 'model.onnx'), 20);
  await expect(describeModelFolder(folder)).rejects.toThrow(/model\.onnx is cut short/);
  const claims = Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f);
  await writeFile(join(folder, 'model.onnx'), claims);
  await expect(describeModelFolder(folder)).rejects.toThrow(/model\.onnx is cut short/);
});

const INCOMPLETE: readonly (readonly [string, Readonly<Record<string, Content>>, RegExp])[] = [
  ['no decoder', { 'encoder.onnx': ZIPFORMER, 'joiner.onnx': {}, ...TOKENS }, /no file decoder\.onnx/],
  ['two models', { 'one.onnx': PIPER, 'other.onnx': PIPER, ...TOKENS }, /one\.onnx and other\.onnx/],
  ['no voices', { 'model.onnx': { ...KOKORO, n_speakers: 1 }, ...TOKENS, ...ESPEAK }, /no file voices\.bin/],
  ['a folder for a network', { 'model.onnx/part': 'x', ...TOKENS }, /file in .* can not be read/],
  [
    'no vocoder',
    { 'model.onnx': { ...PIPER, model_type: 'matcha-tts', n_speakers: 1 }, ...TOKENS },
    /no file vocos\.onnx/,
  ],
  [
    'two sorts of tokens',
    { 'model.onnx': PARAKEET, 'a-tokens.txt': 'x', 'b-tokens.txt': 'x' },
    /a-tokens\.txt and b-/,
  ],
  [
    'a rate that is no rate',
    { 'model.onnx': { ...PIPER, n_speakers: 1, sample_rate: 'loud' }, ...TOKENS },
    /"loud"/,
  ],
  ['a million speakers', { 'model.onnx': { ...PIPER, n_speakers: 1_000_000 }, ...TOKENS }, /"1000000"/],
  [
    'a detector',
    { 'silero_vad.onnx': { model_type: 'silero-vad-v4' } },
    /no model that sherpa-onnx is known/,
  ],
  ['nothing', { 'README.md': 'x' }, /no model that sherpa-onnx is known/],
];

test.each(INCOMPLETE)('a folder with %s is refused with what is wrong', async (what, files, told) => {
  const folder = await folderOf(`wrong: ${what}`, files);
  await expect(describeModelFolder(folder)).rejects.toMatchObject({
    name: 'EngineError',
    reason: 'unavailable',
    message: expect.stringMatching(told),
  });
});

test('a voice that imitates recordings is not supported', async () => {
  const folder = await folderOf('zipvoice', {
    'text_encoder.onnx': {},
    'fm_decoder.onnx': {},
    'vocos.onnx': {},
    ...TOKENS,
  });
  await expect(describeModelFolder(folder)).rejects.toMatchObject({ reason: 'unsupported' });
});

test('a folder that is not there is refused', async () => {
  await expect(describeModelFolder(join(home, 'nowhere'))).rejects.toThrow(/is no folder with a model/);
});
