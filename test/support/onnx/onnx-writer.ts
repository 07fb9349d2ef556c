import { bytesField, concat, type Field, integerField, messageField, textField } from './protobuf-writer.ts';

/** A model as `onnx.proto` has it, of the few things that the tests need. */
export interface OnnxModel {
  readonly metadata: Readonly<Record<string, string | number>>;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly constants: readonly OnnxConstant[];
  readonly nodes: readonly OnnxNode[];
}

export interface OnnxValue {
  readonly name: string;
  readonly type: OnnxType;
  /** A size that is not known beforehand has a name. */
  readonly shape: readonly (number | string)[];
}

export interface OnnxConstant {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

export interface OnnxNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

export type OnnxType = 'float' | 'int64';

const TYPES = { float: 1, int64: 7 } as const;
const IR_VERSION = 8;
const OPERATOR_SET = 13;
const INTEGER_ATTRIBUTE = 2;
const INTEGERS_ATTRIBUTE = 7;

export function writeOnnx({ metadata, inputs, outputs, constants, nodes }: OnnxModel): Uint8Array {
  const graph = [
    ...nodes.map((node) => messageField(1, nodeFields(node))),
    textField(2, 'generated'),
    ...constants.map((constant) => messageField(5, tensorFields(constant))),
    ...inputs.map((value) => messageField(11, valueFields(value))),
    ...outputs.map((value) => messageField(12, valueFields(value))),
  ];
  return concat([
    integerField(1, IR_VERSION),
    messageField(7, graph),
    messageField(8, [textField(1, ''), integerField(2, OPERATOR_SET)]),
    ...Object.entries(metadata).map(([key, value]) =>
      messageField(14, [textField(1, key), textField(2, String(value))]),
    ),
  ]);
}

function nodeFields({ operator, inputs, output, attributes = {} }: OnnxNode): Field[] {
  return [
    ...inputs.map((input) => textField(1, input)),
    textField(2, output),
    textField(3, output),
    textField(4, operator),
    ...Object.entries(attributes).map(([name, value]) =>
      messageField(5, [textField(1, name), ...attributeFields(value)]),
    ),
  ];
}

function attributeFields(value: number | readonly number[]): Field[] {
  if (typeof value === 'number') return [integerField(3, value), integerField(20, INTEGER_ATTRIBUTE)];
  return [...value.map((each) => integerField(8, each)), integerField(20, INTEGERS_ATTRIBUTE)];
}

function tensorFields({ name, type, shape, values }: OnnxConstant): Field[] {
  const data = type === 'float' ? Float32Array.from(values) : BigInt64Array.from(values, BigInt);
  return [
    ...shape.map((size) => integerField(1, size)),
    integerField(2, TYPES[type]),
    textField(8, name),
    bytesField(9, new Uint8Array(data.buffer)),
  ];
}

function valueFields({ name, type, shape }: OnnxValue): Field[] {
  const sizes = shape.map((size) =>
    messageField(1, [typeof size === 'number' ? integerField(1, size) : textField(2, size)]),
  );
  const tensor = [integerField(1, TYPES[type]), messageField(2, sizes)];
  return [textField(1, name), messageField(2, [messageField(1, tensor)])];
}
