import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type OnnxModel, writeOnnx } from './onnx-writer.ts';
import { toneConstants, toneNodes } from './tone-voice.ts';

/** Where Debian puts what espeak-ng knows of languages; undefined, and told, where it is not installed. */
export function findEspeakData(tester: string): string | undefined {
  const places = ['x86_64-linux-gnu/', 'aarch64-linux-gnu/', ''].map(
    (part) => `/usr/lib/${part}espeak-ng-data`,
  );
  const found = places.find((place) => existsSync(join(place, 'phontab')));
  if (found === undefined)
    console.warn(`${tester}: left out what needs the data of espeak-ng, which is not here.`);
  return found;
}

// What the phonemizer of Piper writes: marks, letters, and those of the International Phonetic Alphabet.
const SYMBOLS = "_^$ !'(),-.:;?abcdefghijklmnopqrstuvwxyzæçðøħŋœɐɑɒɔɕɖəɚɛɜɟɡɣɪɫɬɯɲɹɾʁʂʃʊʌʒʔˈˌːθβ".split('');
const FIRST_SOUND = SYMBOLS.indexOf('a');
const KOKORO_SPEAKERS = { af_alloy: 0.2, am_echo: 0.4, bm_fable: 0.6 };
/** The most phonemes of a sentence. */
const LONGEST_SENTENCE = 510;

/** Writes the folder of a voice that is like those of Piper, and speaks each phoneme as a tone. */
export async function writePiperVoice(folder: string, espeakData: string): Promise<void> {
  await writeVoice(folder, { model: piperVoice(), espeakData });
}

/** Writes the folder of a voice that is like Kokoro 0.19, whose speakers are told apart by how loud they are. */
export async function writeKokoroVoice(folder: string, espeakData: string): Promise<void> {
  await writeVoice(folder, { model: kokoroVoice(), espeakData });
  const styles = Object.values(KOKORO_SPEAKERS).flatMap((level) =>
    new Array<number>(LONGEST_SENTENCE).fill(level),
  );
  await writeFile(join(folder, 'voices.bin'), new Uint8Array(Float32Array.from(styles).buffer));
}

async function writeVoice(
  folder: string,
  { model, espeakData }: { readonly model: OnnxModel; readonly espeakData: string },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'model.onnx'), writeOnnx(model));
  await writeFile(join(folder, 'tokens.txt'), SYMBOLS.map((symbol, id) => `${symbol} ${id}\n`).join(''));
  await symlink(espeakData, join(folder, 'espeak-ng-data'));
}

function piperVoice(): OnnxModel {
  const sampleRate = 22_050;
  return {
    metadata: {
      model_type: 'vits',
      comment: 'piper',
      language: 'English',
      voice: 'en-us',
      has_espeak: 1,
      n_speakers: 1,
      sample_rate: sampleRate,
    },
    inputs: [
      { name: 'x', type: 'int64', shape: [1, 'phonemes'] },
      { name: 'x_lengths', type: 'int64', shape: [1] },
      { name: 'scales', type: 'float', shape: [3] },
    ],
    outputs: [{ name: 'audio', type: 'float', shape: [1, 1, 'samples'] }],
    constants: [
      ...toneConstants(phonemeTones(), sampleRate),
      { name: 'second', type: 'int64', shape: [], values: [1] },
      { name: 'level', type: 'float', shape: [1], values: [0.4] },
    ],
    nodes: [{ operator: 'Gather', inputs: ['scales', 'second'], output: 'pace' }, ...toneNodes()],
  };
}

function kokoroVoice(): OnnxModel {
  const sampleRate = 24_000;
  return {
    metadata: {
      model_type: 'kokoro',
      language: 'English',
      voice: 'en-us',
      has_espeak: 1,
      sample_rate: sampleRate,
      style_dim: `${LONGEST_SENTENCE},1,1`,
      n_speakers: Object.keys(KOKORO_SPEAKERS).length,
      speaker_names: Object.keys(KOKORO_SPEAKERS).join(','),
    },
    inputs: [
      { name: 'x', type: 'int64', shape: [1, 'phonemes'] },
      { name: 'style', type: 'float', shape: [1, 1] },
      { name: 'speed', type: 'float', shape: [1] },
    ],
    outputs: [{ name: 'audio', type: 'float', shape: [1, 1, 'samples'] }],
    constants: toneConstants(phonemeTones(), sampleRate),
    nodes: [
      { operator: 'Squeeze', inputs: ['speed'], output: 'rate' },
      { operator: 'Div', inputs: ['one', 'rate'], output: 'pace' },
      { operator: 'Squeeze', inputs: ['style'], output: 'level' },
      ...toneNodes(),
    ],
  };
}

function phonemeTones(): readonly number[] {
  return SYMBOLS.map((_, id) => (id < FIRST_SOUND ? 0 : 300 + 30 * id));
}
