import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type OnnxModel, type OnnxNode, type OnnxValue, writeOnnx } from './onnx-writer.ts';
import { FILTERS, filterOf, LETTERS } from './tone-letters.ts';

export const SYMBOLS = ['<blk>', ...LETTERS.replace(' ', '▁').split('')];
/** How far the filter of a letter has to stand out of the mean of all, in the logarithm of its energy. */
const LEAST_CONTRAST = 5;
/** Every fourth frame of 10 ms is heard, as by the models that this one stands for. */
const FRAMES_APART = 4;
/** Frames of which a streaming model takes so many at a time. */
const CHUNK_FRAMES = 16;

/** Writes the folder of a recognizer that hears the letters of a tone voice: a zipformer with a CTC head, by its shape. */
export async function writeToneEars(folder: string, model: OnnxModel = toneEars()): Promise<void> {
  await writeNetworks(folder, { model });
}

/** Writes `networks`, by their names, with the symbols that they hear. */
export async function writeNetworks(
  folder: string,
  networks: Readonly<Record<string, OnnxModel>>,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, network] of Object.entries(networks)) {
    await writeFile(join(folder, `${name}.onnx`), writeOnnx(network));
  }
  await writeFile(join(folder, 'tokens.txt'), SYMBOLS.map((symbol, id) => `${symbol} ${id}\n`).join(''));
}

/** Hears a recording as a whole, as sherpa-onnx's `OfflineZipformerCtcModel` does. */
export function toneEars(): OnnxModel {
  return {
    metadata: { model_type: 'zipformer2_ctc', comment: 'generated', language: 'English' },
    inputs: [
      { name: 'x', type: 'float', shape: ['streams', 'frames', FILTERS] },
      { name: 'x_lens', type: 'int64', shape: ['streams'] },
    ],
    outputs: [
      { name: 'log_probs', type: 'float', shape: ['streams', 'heard', SYMBOLS.length] },
      { name: 'log_probs_len', type: 'int64', shape: ['streams'] },
    ],
    constants: [...earConstants(), ...lengthConstants()],
    nodes: [...earNodes(), ...lengthNodes('log_probs_len')],
  };
}

/** Make `output`, how many frames are heard, of `x_lens`, how many there are. */
export function lengthNodes(output: string): readonly OnnxNode[] {
  return [
    { operator: 'Add', inputs: ['x_lens', 'three'], output: 'rounded' },
    { operator: 'Div', inputs: ['rounded', 'four'], output },
  ];
}

/** What `lengthNodes` need. */
export function lengthConstants(): OnnxModel['constants'] {
  return [
    { name: 'three', type: 'int64', shape: [1], values: [FRAMES_APART - 1] },
    { name: 'four', type: 'int64', shape: [1], values: [FRAMES_APART] },
  ];
}

/** Hears a stream, as sherpa-onnx's `OnlineZipformer2CtcModel` does, whose state it passes on as it is. */
export function streamingToneEars(): OnnxModel {
  const states = streamingStates();
  return {
    metadata: {
      model_type: 'zipformer2',
      comment: 'streaming ctc',
      T: CHUNK_FRAMES,
      decode_chunk_len: CHUNK_FRAMES,
      encoder_dims: 4,
      query_head_dims: 1,
      value_head_dims: 1,
      num_heads: 1,
      num_encoder_layers: 1,
      cnn_module_kernels: 3,
      left_context_len: 1,
    },
    inputs: [{ name: 'x', type: 'float', shape: ['streams', CHUNK_FRAMES, FILTERS] }, ...states],
    outputs: [
      {
        name: 'log_probs',
        type: 'float',
        shape: ['streams', CHUNK_FRAMES / FRAMES_APART, SYMBOLS.length],
      },
      ...states.map((state) => ({ ...state, name: `new_${state.name}` })),
    ],
    constants: earConstants(),
    nodes: [
      ...earNodes(),
      ...states.map(({ name }) => ({ operator: 'Identity', inputs: [name], output: `new_${name}` })),
    ],
  };
}

/** Make `logits` of the features `x`: of each letter how far it stands out, and of none how far one has to. */
export function letterNodes(): readonly OnnxNode[] {
  return [
    { operator: 'Slice', inputs: ['x', 'first', 'end', 'time_axis', 'apart'], output: 'frames' },
    { operator: 'MatMul', inputs: ['frames', 'contrast'], output: 'contrasts' },
    { operator: 'Add', inputs: ['contrasts', 'threshold'], output: 'logits' },
  ];
}

function earNodes(): readonly OnnxNode[] {
  return [
    ...letterNodes(),
    { operator: 'LogSoftmax', inputs: ['logits'], output: 'log_probs', attributes: { axis: 2 } },
  ];
}

/** What `letterNodes` need. */
export function earConstants(): OnnxModel['constants'] {
  const integer = (name: string, value: number): OnnxModel['constants'][number] => ({
    name,
    type: 'int64',
    shape: [1],
    values: [value],
  });
  const contrast = Array.from({ length: FILTERS }, (_, filter) =>
    SYMBOLS.map((_symbol, id) => (id === 0 ? 0 : Number(filter === filterOf(id - 1)) - 1 / FILTERS)),
  );
  return [
    integer('first', 0),
    integer('end', 2 ** 31),
    integer('time_axis', 1),
    integer('apart', FRAMES_APART),
    { name: 'contrast', type: 'float', shape: [FILTERS, SYMBOLS.length], values: contrast.flat() },
    {
      name: 'threshold',
      type: 'float',
      shape: [SYMBOLS.length],
      values: SYMBOLS.map((_symbol, id) => (id === 0 ? LEAST_CONTRAST : 0)),
    },
  ];
}

function streamingStates(): readonly OnnxValue[] {
  const caches = {
    key: [1, 1, 1],
    nonlin_attn: [1, 1, 1, 3],
    val1: [1, 1, 1],
    val2: [1, 1, 1],
    conv1: [1, 4, 1],
    conv2: [1, 4, 1],
  };
  return [
    ...Object.entries(caches).map(
      ([name, shape]): OnnxValue => ({ name: `cached_${name}_0`, type: 'float', shape }),
    ),
    { name: 'embed_states', type: 'float', shape: [1, 128, 3, 19] },
    { name: 'processed_lens', type: 'int64', shape: [1] },
  ];
}
