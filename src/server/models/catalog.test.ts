import { expect, test } from 'vitest';
import { z } from 'zod';
import { MODELS } from './catalog.ts';

const fileSchema = z.strictObject({
  path: z.string(),
  url: z
    .string()
    .regex(
      /^https:\/\/(huggingface\.co\/[^/]+\/[^/]+\/resolve|github\.com\/[^/]+\/[^/]+\/(raw|releases\/download))\//,
    ),
  bytes: z.int().positive().nullable(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  figuresFrom: z.string().nullable(),
  archive: z
    .strictObject({
      format: z.enum(['tar.bz2', 'tar.gz']),
      folder: z.string(),
      unpackedBytes: z.int().positive(),
      keep: z.array(z.string()).min(1).optional(),
    })
    .optional(),
});

const entrySchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  title: z.string(),
  role: z.enum(['recognizer', 'synthesizer', 'languageModel', 'voiceActivity']),
  engine: z.enum(['sherpa-recognizer', 'sherpa-synthesizer', 'llama', 'silero']),
  package: z.enum(['sherpa-onnx-node', 'node-llama-cpp', 'onnxruntime-web']),
  languages: z.array(z.string().regex(/^[a-z]{2,3}$/)),
  license: z.string(),
  source: z.url(),
  purpose: z.string().endsWith('.'),
  quality: z.int().min(0).max(100),
  isStreaming: z.boolean(),
  memoryBytes: z.int().positive(),
  memoryFrom: z.string(),
  files: z.array(fileSchema).min(1),
});

test.each(MODELS)('$name has what a model of the catalogue has, and nothing else', (entry) => {
  expect(entrySchema.safeParse(entry).error).toBeUndefined();
});

test('a digest has a source, and what has none says so', () => {
  for (const { files } of MODELS) {
    for (const { sha256, figuresFrom } of files) expect(figuresFrom === null).toBe(sha256 === null);
  }
});

test('no two models have a name, and no two files of one a path', () => {
  const names = MODELS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { files } of MODELS) {
    expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
  }
});

test('no two digests are alike, as they would be if one had been copied to the wrong place', () => {
  const digests = MODELS.flatMap(({ files }) => files.map(({ sha256 }) => sha256)).filter(
    (each) => each !== null,
  );
  expect(new Set(digests).size).toBe(digests.length);
});

test('each language that Parakeet hears is spoken by a voice, but for Maltese', () => {
  const heard = MODELS.find(({ name }) => name === 'parakeet-tdt-0.6b-v3')?.languages ?? [];
  const spoken = new Set(
    MODELS.filter(({ role }) => role === 'synthesizer').flatMap(({ languages }) => languages),
  );
  expect(heard).toHaveLength(25);
  expect(heard.filter((language) => !spoken.has(language))).toEqual(['mt']);
});
