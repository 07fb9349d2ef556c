import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomNumbers } from '../../util/random-numbers.ts';
import { readOnnxMetadata } from './onnx-metadata.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samtal-onnx-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(bytes: Uint8Array): Promise<unknown> {
  const path = join(folder, 'model.onnx');
  await writeFile(path, bytes);
  return await readOnnxMetadata(path);
}

const [GRAPH, METADATA] = [0x3a, 0x72];

/** A field with a body that is shorter than 128 bytes. */
function field(tag: number, body: Uint8Array): Uint8Array {
  return Uint8Array.of(tag, body.length, ...body);
}

function entry(key: string, value: string): Uint8Array {
  const text = new TextEncoder();
  return field(METADATA, Uint8Array.of(...field(0x0a, text.encode(key)), ...field(0x12, text.encode(value))));
}

const MODEL = Uint8Array.of(
  ...[0x08, 0x08],
  ...field(GRAPH, new Uint8Array(100)),
  ...entry('model_type', 'vits'),
  ...entry('language', 'français'),
  // Fields of other kinds: 64 and 32 bits.
  ...[0xf9, 0x01, 1, 2, 3, 4, 5, 6, 7, 8],
  ...[0xfd, 0x01, 1, 2, 3, 4],
);

test('reads what stands beside the graph, and passes over what it does not know', async () => {
  expect(await read(MODEL)).toEqual({ model_type: 'vits', language: 'français' });
});

test('wherever a model is cut it is refused, or tells no more than it says', async () => {
  for (let length = 0; length < MODEL.length; length += 1) {
    const outcome = await read(MODEL.subarray(0, length)).catch((error: unknown) => error);
    if (outcome instanceof Error)
      expect(outcome).toMatchObject({ name: 'EngineError', reason: 'unavailable' });
    else expect({ model_type: 'vits', language: 'français' }).toMatchObject(outcome as object);
  }
});

test('a file of nothing but tiny fields is not read to its end', async () => {
  const tiny = new Uint8Array(40_000).fill(8);
  await expect(read(Uint8Array.of(...MODEL, ...tiny))).rejects.toThrow(/is no ONNX model/);
});

test('random bytes are a model or are refused, and never more than that', async () => {
  const random = randomNumbers();
  for (let round = 0; round < 500; round += 1) {
    const isMutation = round % 2 === 0;
    const bytes = isMutation ? MODEL.slice() : new Uint8Array(200).map(() => random() * 256);
    bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    const outcome = await read(bytes).catch((error: unknown) => error);
    if (outcome instanceof Error)
      expect(outcome).toMatchObject({ name: 'EngineError', reason: 'unavailable' });
  }
});
