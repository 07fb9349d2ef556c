import type { OnnxModel } from './onnx-writer.ts';
import {
  earConstants,
  lengthConstants,
  lengthNodes,
  letterNodes,
  SYMBOLS,
  writeNetworks,
} from './tone-ears.ts';
import { FILTERS } from './tone-letters.ts';

/** Symbols that a transducer remembers. */
const CONTEXT = 2;
/** How much of a letter there is where it sounds, and where none does: something in between. */
const LETTER = 0.1;
const NO_LETTER = 0.05;

/**
 * Writes the folder of a transducer that hears the letters of a tone voice: a Zipformer for recordings, by its shape.
 * It has no use for what it has heard before, as a letter is told where its tone begins.
 */
export async function writeToneTransducer(folder: string): Promise<void> {
  await writeNetworks(folder, { encoder: encoder(), decoder: decoder(), joiner: joiner() });
}

function encoder(): OnnxModel {
  return {
    metadata: { model_type: 'zipformer2', comment: 'non-streaming zipformer2' },
    inputs: [
      { name: 'x', type: 'float', shape: ['streams', 'frames', FILTERS] },
      { name: 'x_lens', type: 'int64', shape: ['streams'] },
    ],
    outputs: [
      { name: 'encoder_out', type: 'float', shape: ['streams', 'heard', SYMBOLS.length] },
      { name: 'encoder_out_lens', type: 'int64', shape: ['streams'] },
    ],
    constants: [
      ...earConstants(),
      ...lengthConstants(),
      row('sound', [LETTER]),
      row(
        'letters',
        SYMBOLS.map((_, id) => Number(id > 0)),
      ),
      row('steep', [100]),
      row('nothing', [0]),
      row(
        'no_letter',
        SYMBOLS.map((_, id) => (id === 0 ? NO_LETTER : 0)),
      ),
      { name: 'second', type: 'int64', shape: [1], values: [1] },
      { name: 'before_last', type: 'int64', shape: [1], values: [-1] },
    ],
    nodes: [
      ...letterNodes(),
      // Of all that stands out only the letter that does most, as the tone of one is also in the filters beside it.
      { operator: 'ReduceMax', inputs: ['logits'], output: 'peaks', attributes: { axes: [2] } },
      { operator: 'Sub', inputs: ['logits', 'peaks'], output: 'below_peak' },
      { operator: 'Add', inputs: ['below_peak', 'sound'], output: 'near_peak' },
      { operator: 'Relu', inputs: ['near_peak'], output: 'clear' },
      { operator: 'Mul', inputs: ['clear', 'letters'], output: 'sounding' },
      // The same, one frame later: what sounded before does not begin.
      { operator: 'Slice', inputs: ['sounding', 'first', 'second', 'time_axis'], output: 'opening' },
      { operator: 'Mul', inputs: ['opening', 'nothing'], output: 'silence' },
      { operator: 'Slice', inputs: ['sounding', 'first', 'before_last', 'time_axis'], output: 'but_last' },
      { operator: 'Concat', inputs: ['silence', 'but_last'], output: 'before', attributes: { axis: 1 } },
      { operator: 'Mul', inputs: ['before', 'steep'], output: 'going_on' },
      { operator: 'Sub', inputs: ['sounding', 'going_on'], output: 'beginning' },
      { operator: 'Add', inputs: ['beginning', 'no_letter'], output: 'encoder_out' },
      ...lengthNodes('encoder_out_lens'),
    ],
  };
}

function decoder(): OnnxModel {
  return {
    metadata: { vocab_size: SYMBOLS.length, context_size: CONTEXT },
    inputs: [{ name: 'y', type: 'int64', shape: ['streams', CONTEXT] }],
    outputs: [{ name: 'decoder_out', type: 'float', shape: ['streams', SYMBOLS.length] }],
    constants: [
      { name: 'none', type: 'float', shape: [1, SYMBOLS.length], values: SYMBOLS.map(() => 0) },
      { name: 'newest', type: 'int64', shape: [1], values: [CONTEXT - 1] },
    ],
    nodes: [
      { operator: 'Gather', inputs: ['y', 'newest'], output: 'symbol', attributes: { axis: 1 } },
      { operator: 'Cast', inputs: ['symbol'], output: 'number', attributes: { to: 1 } },
      { operator: 'Mul', inputs: ['number', 'none'], output: 'decoder_out' },
    ],
  };
}

function joiner(): OnnxModel {
  const [heard, remembered] = ['encoder_out', 'decoder_out'];
  return {
    metadata: { joiner_dim: SYMBOLS.length },
    inputs: [heard, remembered].map((name) => ({ name, type: 'float', shape: ['streams', SYMBOLS.length] })),
    outputs: [{ name: 'logit', type: 'float', shape: ['streams', SYMBOLS.length] }],
    constants: [],
    nodes: [{ operator: 'Add', inputs: [heard, remembered], output: 'logit' }],
  };
}

function row(name: string, values: readonly number[]): OnnxModel['constants'][number] {
  return { name, type: 'float', shape: [1, 1, values.length], values };
}
