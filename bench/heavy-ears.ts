import type { OnnxModel } from '../test/support/onnx/onnx-writer.ts';
import { streamingToneEars } from '../test/support/onnx/tone-ears.ts';

const WIDTH = 1024;
/** So that a second of speech costs some tens of milliseconds, as with the streaming models that people use. */
const LAYERS = 24;
const FILTERS = 80;

/** The streaming tone ears with the work of a real model in them: layers whose outcome counts for nothing. */
export function heavyEars(): OnnxModel {
  const ears = streamingToneEars();
  const symbols = Number(ears.outputs[0]?.shape.at(-1));
  const matrix = (
    name: string,
    rows: number,
    columns: number,
    value: number,
  ): OnnxModel['constants'][number] => ({
    name,
    type: 'float',
    shape: [rows, columns],
    values: Array.from({ length: rows * columns }, () => value),
  });
  const layers = Array.from({ length: LAYERS }, (_, layer) => ({
    operator: 'MatMul',
    inputs: [`hidden_${layer}`, 'layer'],
    output: `hidden_${layer + 1}`,
  }));
  return {
    ...ears,
    constants: [
      ...ears.constants,
      matrix('into', FILTERS, WIDTH, 1 / FILTERS),
      matrix('layer', WIDTH, WIDTH, 1 / WIDTH),
      matrix('out', WIDTH, symbols, 0),
    ],
    nodes: ears.nodes.flatMap((node) => {
      if (node.output !== 'logits') return node;
      return [
        { operator: 'MatMul', inputs: ['frames', 'into'], output: 'hidden_0' },
        ...layers,
        { operator: 'MatMul', inputs: [`hidden_${LAYERS}`, 'out'], output: 'nothing' },
        { ...node, output: 'light' },
        { operator: 'Add', inputs: ['light', 'nothing'], output: 'logits' },
      ];
    }),
  };
}
