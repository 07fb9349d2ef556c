import { expect, test } from 'vitest';
import type { ModelEntry } from '../models/catalog.ts';
import type { InstalledModel } from '../models/find-model.ts';
import { pickModels } from './pick-models.ts';

const GB = 1_000_000_000;

function installed(
  name: string,
  entry: Partial<Pick<ModelEntry, 'role' | 'languages' | 'quality' | 'memoryBytes'>>,
): InstalledModel {
  const all: ModelEntry = {
    name,
    title: name,
    role: 'recognizer',
    engine: 'sherpa-recognizer',
    package: 'sherpa-onnx-node',
    languages: ['en'],
    license: 'MIT',
    source: 'https://example.com',
    purpose: 'For a test.',
    quality: 50,
    isStreaming: false,
    memoryBytes: GB,
    memoryFrom: 'made up',
    files: [],
    ...entry,
  };
  return { name, entry: all, directory: `/models/${name}`, pulledAtMs: 0 };
}

function picked(models: readonly InstalledModel[], memoryBytes = 16 * GB): readonly string[] {
  return pickModels('recognizer', models, memoryBytes).map(({ name }) => name);
}

test('the best of a language runs, and one that knows nothing more does not', () => {
  const models = [
    installed('plain', { quality: 65 }),
    installed('better', { quality: 70 }),
    installed('wide', { quality: 60, languages: ['en', 'sv'] }),
  ];
  expect(picked(models)).toEqual(['better', 'wide']);
});

test('one that knows any language is needed beside one that knows a few', () => {
  const models = [installed('any', { quality: 40, languages: [] }), installed('few', { quality: 80 })];
  expect(picked(models)).toEqual(['few', 'any']);
});

test('what does not fit into memory does not run', () => {
  const models = [
    installed('huge', { quality: 90, memoryBytes: 8 * GB }),
    installed('small', { quality: 50, memoryBytes: GB }),
  ];
  expect(picked(models, 9 * GB)).toEqual(['small']);
  expect(picked(models, 16 * GB)).toEqual(['huge']);
});

test('voices of one language that are nearly as good as the best go along', () => {
  const voice = (name: string, quality: number) =>
    installed(name, { role: 'synthesizer', languages: ['sv'], quality });
  const models = [voice('alma', 74), voice('lisa', 76), voice('tin', 40)];
  expect(pickModels('synthesizer', models, 16 * GB).map(({ name }) => name)).toEqual(['lisa', 'alma']);
});

test('a voice of several languages that are spoken better already does not go along', () => {
  const voice = (name: string, quality: number, languages: readonly string[]) =>
    installed(name, { role: 'synthesizer', languages, quality });
  const models = [voice('lisa', 76, ['sv']), voice('amy', 80, ['en']), voice('wide', 75, ['sv', 'en'])];
  expect(pickModels('synthesizer', models, 16 * GB).map(({ name }) => name)).toEqual(['amy', 'lisa']);
});

test('models of other roles are left alone', () => {
  expect(picked([installed('voice', { role: 'synthesizer' })])).toEqual([]);
});
