import { randomNumbers } from '../../../src/util/random-numbers.ts';
import { type GgufTensor, type GgufValue, toGguf } from './gguf-file.ts';
import { END_OF_TURN, type TinyVocabulary, tinyVocabulary } from './tiny-vocabulary.ts';

export interface TinyModelOptions {
  /** The chat template, in Jinja. */
  readonly template?: string;
  /** Which token follows which: each list is said from any of its tokens on. Words are tokens of the vocabulary. */
  readonly chains: readonly (readonly string[])[];
  readonly tags?: readonly string[];
  /** How much each token is liked after one that is in no chain; one in a chain outweighs 20. */
  readonly leanings?: Readonly<Record<string, number>>;
}

const CONTEXT_TOKENS = 8_192;
const HEAD_SIZE = 32;
const FEED_FORWARD_SIZE = 32;
/** Of what a chain says next. */
const CERTAIN = 30;

/**
 * A language model of the Llama architecture that looks at the last token alone: its layer adds nothing, an embedding
 * is a place of its own for each token, and the output layer is a table of what follows.
 */
export function tinyModel({ template, chains, tags = [], leanings = {} }: TinyModelOptions): Uint8Array {
  const words = chains.flat().filter((token) => token !== END_OF_TURN && !tags.includes(token));
  const vocabulary = tinyVocabulary(words, tags);
  const size = Math.ceil(vocabulary.tokens.length / HEAD_SIZE) * HEAD_SIZE;
  const embedding = table(size, vocabulary.tokens.length);
  const output = table(size, vocabulary.tokens.length);
  for (const id of vocabulary.tokens.keys()) setAt(embedding, { row: id, column: id }, 1);
  // The norm before the output makes the one of an embedding the root of its size.
  const weigh = (next: string, id: number, value: number): void =>
    setAt(output, { row: vocabulary.idOf(next), column: id }, value / Math.sqrt(size));
  for (const [next, value] of Object.entries(leanings))
    for (const id of vocabulary.tokens.keys()) weigh(next, id, value);
  for (const chain of chains)
    for (const [index, next] of chain.slice(1).entries())
      weigh(next, vocabulary.idOf(chain[index] ?? ''), CERTAIN);
  const layer = layerTensors(0, size, (shape) => new Float32Array(product(shape)));
  return toModel({ vocabulary, size, template, layers: 1 }, [
    tensor('token_embd.weight', [size, vocabulary.tokens.length], embedding.data),
    ...layer,
    tensor('output_norm.weight', [size], ones(size)),
    tensor('output.weight', [size, vocabulary.tokens.length], output.data),
  ]);
}

/** A model of two layers whose weights are random, so that each token it says depends on all before. */
export function randomModel(template: string, seed: number): Uint8Array {
  const vocabulary = tinyVocabulary([], []);
  const random = randomNumbers(seed);
  const size = 64;
  const count = vocabulary.tokens.length;
  const fill = (shape: readonly number[]): Float32Array =>
    Float32Array.from({ length: product(shape) }, () => (random() - 0.5) / 2);
  const output = fill([size, count]);
  // What does not print is never said.
  for (const [id, token] of vocabulary.tokens.entries())
    if (!/^[a-z]$/.test(token)) output.fill(0, id * size, (id + 1) * size);
  return toModel({ vocabulary, size, template, layers: 2 }, [
    tensor('token_embd.weight', [size, count], fill([size, count])),
    ...layerTensors(0, size, fill),
    ...layerTensors(1, size, fill),
    tensor('output_norm.weight', [size], ones(size)),
    tensor('output.weight', [size, count], output),
  ]);
}

interface Architecture {
  readonly vocabulary: TinyVocabulary;
  readonly size: number;
  readonly layers: number;
  readonly template: string | undefined;
}

function toModel(
  { vocabulary, size, layers, template }: Architecture,
  tensors: readonly GgufTensor[],
): Uint8Array {
  const number = (value: number): GgufValue => ({ type: 'uint32', value });
  const metadata: Record<string, GgufValue> = {
    'general.architecture': { type: 'string', value: 'llama' },
    'general.name': { type: 'string', value: 'tiny' },
    'llama.block_count': number(layers),
    'llama.context_length': number(CONTEXT_TOKENS),
    'llama.embedding_length': number(size),
    'llama.feed_forward_length': number(FEED_FORWARD_SIZE),
    'llama.attention.head_count': number(size / HEAD_SIZE),
    'llama.attention.head_count_kv': number(1),
    'llama.attention.key_length': number(HEAD_SIZE),
    'llama.attention.value_length': number(HEAD_SIZE),
    'llama.attention.layer_norm_rms_epsilon': { type: 'float32', value: 1e-6 },
    'llama.rope.dimension_count': number(HEAD_SIZE),
    ...vocabulary.metadata,
  };
  if (template !== undefined) metadata['tokenizer.chat_template'] = { type: 'string', value: template };
  return toGguf(metadata, tensors);
}

function layerTensors(
  layer: number,
  size: number,
  fill: (shape: readonly number[]) => Float32Array,
): GgufTensor[] {
  const shapes: Readonly<Record<string, readonly number[]>> = {
    attn_q: [size, size],
    attn_k: [size, HEAD_SIZE],
    attn_v: [size, HEAD_SIZE],
    attn_output: [size, size],
    ffn_gate: [size, FEED_FORWARD_SIZE],
    ffn_up: [size, FEED_FORWARD_SIZE],
    ffn_down: [FEED_FORWARD_SIZE, size],
  };
  const norms = ['attn_norm', 'ffn_norm'].map((name) =>
    tensor(`blk.${layer}.${name}.weight`, [size], ones(size)),
  );
  const weights = Object.entries(shapes).map(([name, shape]) =>
    tensor(`blk.${layer}.${name}.weight`, shape, fill(shape)),
  );
  return [...norms, ...weights];
}

interface Table {
  readonly columns: number;
  readonly data: Float32Array;
}

function table(columns: number, rows: number): Table {
  return { columns, data: new Float32Array(columns * rows) };
}

function setAt(
  { columns, data }: Table,
  { row, column }: { readonly row: number; readonly column: number },
  value: number,
): void {
  data[row * columns + column] = value;
}

function tensor(name: string, shape: readonly number[], data: Float32Array): GgufTensor {
  return { name, shape, data };
}

function ones(length: number): Float32Array {
  return new Float32Array(length).fill(1);
}

function product(shape: readonly number[]): number {
  return shape.reduce((all, size) => all * size, 1);
}
