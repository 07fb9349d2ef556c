import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type OnnxModel, type OnnxNode, writeOnnx } from './onnx-writer.ts';
import { LETTER_SAMPLES, LETTERS, MARKS, SAMPLE_RATE, toneOf } from './tone-letters.ts';

/** How loud each of the voice's speakers is, by which they are told apart. */
export const SPEAKER_LEVELS = [0.2, 0.3, 0.4, 0.5, 0.6];

const SYMBOLS = (LETTERS + MARKS).split('');
const MATRIX = 1_024;

type Constant = OnnxModel['constants'][number];

/**
 * Writes the folder of a VITS voice that speaks in tones, with characters for phonemes. It has the inputs of
 * sherpa-onnx's `OfflineTtsVitsModel`: how fast it speaks, and who, is real.
 */
export async function writeToneVoice(folder: string, model: OnnxModel = toneVoice()): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'model.onnx'), writeOnnx(model));
  await writeFile(join(folder, 'tokens.txt'), SYMBOLS.map((symbol, id) => `${symbol} ${id}\n`).join(''));
}

export function toneVoice(): OnnxModel {
  return {
    metadata: {
      model_type: 'vits',
      comment: 'generated',
      frontend: 'characters',
      language: 'English',
      sample_rate: SAMPLE_RATE,
      n_speakers: SPEAKER_LEVELS.length,
      add_blank: 0,
      use_eos_bos: 0,
    },
    inputs: [
      { name: 'x', type: 'int64', shape: [1, 'letters'] },
      { name: 'x_length', type: 'int64', shape: [1] },
      { name: 'noise_scale', type: 'float', shape: [1] },
      { name: 'length_scale', type: 'float', shape: [1] },
      { name: 'noise_scale_w', type: 'float', shape: [1] },
      { name: 'sid', type: 'int64', shape: [1] },
    ],
    outputs: [{ name: 'audio', type: 'float', shape: [1, 1, 'samples'] }],
    constants: [
      ...toneConstants(SYMBOLS.map((_, id) => (id < LETTERS.length ? toneOf(id) : 0))),
      vector('speakers', SPEAKER_LEVELS),
    ],
    nodes: [
      { operator: 'Squeeze', inputs: ['length_scale'], output: 'pace' },
      { operator: 'Gather', inputs: ['speakers', 'sid'], output: 'level' },
      ...toneNodes(),
    ],
  };
}

/** What `toneNodes` need, for the tone of each symbol, in Hertz; 0 for silence. */
export function toneConstants(tones: readonly number[], sampleRate = SAMPLE_RATE): readonly Constant[] {
  return [
    vector(
      'angular',
      tones.map((tone) => (2 * Math.PI * tone) / sampleRate),
    ),
    scalar('zero', 0),
    scalar('one', 1),
    scalar('letter_samples', LETTER_SAMPLES),
    scalar('whole_turn', 2 * Math.PI),
    { name: 'last', type: 'int64', shape: [1], values: [2] },
    { name: 'flat', type: 'int64', shape: [3], values: [1, 1, -1] },
  ];
}

/** Make `audio` of the symbols `x`, so many times as long as `pace` says, a number, and as loud as `level`. */
export function toneNodes(): readonly OnnxNode[] {
  return [
    { operator: 'Mul', inputs: ['pace', 'letter_samples'], output: 'length' },
    { operator: 'Range', inputs: ['zero', 'length', 'one'], output: 'time' },
    // The first half of a sine is the loudness of the tone, and its second half, cut off, the silence.
    { operator: 'Div', inputs: ['time', 'length'], output: 'part' },
    { operator: 'Mul', inputs: ['part', 'whole_turn'], output: 'turn' },
    { operator: 'Sin', inputs: ['turn'], output: 'wave' },
    { operator: 'Relu', inputs: ['wave'], output: 'envelope' },
    { operator: 'Gather', inputs: ['angular', 'x'], output: 'tones' },
    { operator: 'Unsqueeze', inputs: ['tones', 'last'], output: 'tone_columns' },
    { operator: 'Mul', inputs: ['tone_columns', 'time'], output: 'phases' },
    { operator: 'Sin', inputs: ['phases'], output: 'sounds' },
    { operator: 'Mul', inputs: ['sounds', 'envelope'], output: 'letters' },
    { operator: 'Mul', inputs: ['letters', 'level'], output: 'speech' },
    { operator: 'Reshape', inputs: ['speech', 'flat'], output: 'audio' },
  ];
}

/** The same voice, which multiplies large matrices so many times for each sentence, as real voices do. */
export function laboriousToneVoice(multiplications: number): OnnxModel {
  const voice = toneVoice();
  const products = Array.from({ length: multiplications }, (_, index) => ({
    operator: 'MatMul',
    inputs: [`product_${index}`, 'product_0'],
    output: `product_${index + 1}`,
  }));
  return {
    ...voice,
    constants: [
      ...voice.constants,
      { name: 'square', type: 'int64', shape: [2], values: [MATRIX, MATRIX] },
      // So that a product is what its factors are, and can be multiplied again.
      scalar('matrix', MATRIX),
    ],
    nodes: [
      ...voice.nodes.slice(0, -1),
      { operator: 'Div', inputs: ['one', 'matrix'], output: 'share' },
      // From an input, as what comes of constants is computed once and for all.
      { operator: 'Div', inputs: ['pace', 'pace'], output: 'unit' },
      { operator: 'Mul', inputs: ['unit', 'share'], output: 'factor' },
      { operator: 'Expand', inputs: ['factor', 'square'], output: 'product_0' },
      ...products,
      {
        operator: 'ReduceMax',
        inputs: [`product_${multiplications}`],
        output: 'peak',
        attributes: { keepdims: 0 },
      },
      { operator: 'Mul', inputs: ['peak', 'matrix'], output: 'toll' },
      { operator: 'Mul', inputs: ['speech', 'toll'], output: 'paid_speech' },
      { operator: 'Reshape', inputs: ['paid_speech', 'flat'], output: 'audio' },
    ],
  };
}

function vector(name: string, values: readonly number[]): Constant {
  return { name, type: 'float', shape: [values.length], values };
}

function scalar(name: string, value: number): Constant {
  return { name, type: 'float', shape: [], values: [value] };
}
