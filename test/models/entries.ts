import { createHash } from 'node:crypto';
import type { ModelEntry, ModelFile } from '../../src/server/models/catalog.ts';

/** A model for tests that is in no catalogue. */
export function entryOf(...files: readonly ModelFile[]): ModelEntry {
  return {
    name: 'tiny',
    title: 'Tiny',
    role: 'voiceActivity',
    engine: 'silero',
    package: 'onnxruntime-web',
    languages: [],
    license: 'MIT',
    source: 'https://example.com/tiny',
    purpose: 'Is small.',
    quality: 50,
    isStreaming: true,
    memoryBytes: 1,
    memoryFrom: 'nowhere',
    files,
  };
}

/** A file of the repository `acme/tiny` that is pinned to these bytes. */
export function fileOf(path: string, bytes: Buffer): ModelFile {
  return {
    path,
    url: `https://huggingface.co/acme/tiny/resolve/main/${path}`,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    figuresFrom: 'the test',
  };
}

/** The same bytes every time, which do not repeat. */
export function bytesOf(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed;
  for (let index = 0; index < length; index += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[index] = state >>> 16;
  }
  return bytes;
}
