import { expect, test } from 'vitest';
import { MODELS } from './catalog.ts';
import { chooseModels, PRESETS, presetNamed } from './presets.ts';

const ENGLISH_LAPTOP = { locale: 'en-US', totalMemoryBytes: 8_000_000_000 };

function names(preset: string, options = ENGLISH_LAPTOP): readonly string[] | undefined {
  return presetNamed(preset, options)?.models.map(({ name }) => name);
}

test('a machine of 4 GB gets what fits into 2.4 GB', () => {
  const preset = presetNamed('small', ENGLISH_LAPTOP);
  expect(preset?.budgetBytes).toBe(2_400_000_000);
  expect(preset?.models.map(({ role }) => role)).toEqual([
    'voiceActivity',
    'recognizer',
    'synthesizer',
    'languageModel',
  ]);
  const memory = preset?.models.reduce((total, { memoryBytes }) => total + memoryBytes, 0);
  expect(memory).toBeLessThanOrEqual(2_400_000_000);
});

test('a machine of 16 GB gets the best there is', () => {
  expect(names('best-en')).toEqual([
    'silero-vad',
    'parakeet-tdt-0.6b-v3',
    'kokoro-multi-v1.0',
    'qwen3-4b-instruct-2507',
  ]);
});

test('a language brings a voice that speaks it', () => {
  expect(names('best-sv')).toContain('piper-sv-se-lisa-medium');
  expect(names('best-fr')).toContain('piper-fr-fr-siwis-medium');
});

test('a language that no voice of the catalogue speaks comes without one', () => {
  expect(names('best-mt')).toEqual(['silero-vad', 'parakeet-tdt-0.6b-v3', 'qwen3-4b-instruct-2507']);
});

test('a size without a language takes that of the user, where a preset has it', () => {
  expect(presetNamed('best', { ...ENGLISH_LAPTOP, locale: 'sv-SE' })?.language).toBe('sv');
  expect(presetNamed('best', { ...ENGLISH_LAPTOP, locale: 'ja-JP' })?.language).toBe('en');
});

test('a language without a size takes what fits this machine', () => {
  expect(presetNamed('sv', ENGLISH_LAPTOP)?.budgetBytes).toBe(4_800_000_000);
  expect(names('sv', { ...ENGLISH_LAPTOP, totalMemoryBytes: 4_000_000_000 })).toEqual(names('small-sv'));
});

test('each of the 25 languages is a preset, and each size', () => {
  expect(PRESETS).toHaveLength(28);
  for (const name of PRESETS) expect(names(name)?.length).toBeGreaterThanOrEqual(3);
});

test.each(['', '-', 'tiny', 'ja', 'small-ja', 'smallsv', '-sv', 'small-', 'sv-small'])(
  '"%s" is no preset',
  (name) => {
    expect(presetNamed(name, ENGLISH_LAPTOP)).toBeUndefined();
  },
);

test('where nothing fits, nothing is chosen', () => {
  expect(chooseModels(MODELS, { language: 'en', budgetBytes: 1_000_000 })).toEqual([]);
});

test('of two that are as good, the one that takes less is chosen', () => {
  const [first] = MODELS;
  if (!first) throw new Error('The catalogue is empty.');
  const lighter = { ...first, name: 'lighter', memoryBytes: first.memoryBytes - 1 };
  const choice = { language: 'en', budgetBytes: 1_000_000_000 };
  expect(chooseModels([first, lighter], choice).map(({ name }) => name)).toEqual(['lighter']);
});
