import { expect, test } from 'vitest';
import type { Model, Pull } from '../../server/models.ts';
import { comingNames, fittingModels, presetParts, shownPulls } from './fitting-models.ts';

function model(name: string, fields: Partial<Model>): Model {
  return {
    name,
    title: name,
    role: 'recognizer',
    purpose: '',
    languages: [],
    license: 'MIT',
    source: 'https://example.com',
    quality: 50,
    isStreaming: false,
    downloadBytes: 1,
    diskBytes: 1,
    memoryBytes: 1,
    package: 'sherpa-onnx-node',
    state: 'missing',
    ...fields,
  };
}

const MODELS = [
  model('ears', { languages: ['en', 'sv'], quality: 60 }),
  model('better-ears', { languages: ['en'], quality: 80 }),
  model('voice', { role: 'synthesizer', languages: ['sv'], purpose: 'Speaks Swedish.' }),
  model('detector', { role: 'voiceActivity' }),
];
const ALL = { text: '', role: 'all', language: 'all' } as const;

function namesOf(models: readonly Model[]): readonly string[] {
  return models.map(({ name }) => name);
}

test('models are found by role, language and words, the best first', () => {
  expect(namesOf(fittingModels(MODELS, { ...ALL, role: 'recognizer' }))).toEqual(['better-ears', 'ears']);
  expect(namesOf(fittingModels(MODELS, { ...ALL, text: ' swedish ' }))).toEqual(['voice']);
});

test('what does not go by language fits each', () => {
  expect(namesOf(fittingModels(MODELS, { ...ALL, language: 'sv' }))).toEqual(['ears', 'voice', 'detector']);
});

test('presets go by size and by language', () => {
  const presets = ['small', 'balanced', 'best', 'en', 'sv'].map((name) => ({ name, models: [] }));
  expect(presetParts({ presets })).toEqual({
    sizes: ['small', 'balanced', 'best'],
    languages: ['en', 'sv'],
  });
});

test('pulls that go on are shown, and of those that failed the last', () => {
  const pull = (id: string, state: Pull['state']): Pull => ({ id, state, names: [], items: [id] });
  const pulls = [pull('a', 'failed'), pull('b', 'running'), pull('c', 'waiting')];
  expect(shownPulls(pulls).map(({ id }) => id)).toEqual(['b', 'c']);
  expect(shownPulls([...pulls, pull('d', 'failed')]).map(({ id }) => id)).toEqual(['b', 'c', 'd']);
  expect([...comingNames(pulls)]).toEqual(['b', 'c']);
});
