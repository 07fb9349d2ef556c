import { expect, test } from 'vitest';
import { fakeSynthesizer } from '../../engines/fake/fake-synthesizer.ts';
import { castVoices } from './cast-voices.ts';

const [lisa, alma, crowd] = [fakeSynthesizer(), fakeSynthesizer(), fakeSynthesizer()];
const cast = castVoices([
  { synthesizer: lisa, speakers: 1 },
  { synthesizer: alma, speakers: 1 },
  { synthesizer: crowd, speakers: 50 },
]);

test('the voices of the API are shared out over models of one speaker', () => {
  const people = ['alloy', 'ash', 'ballad', 'coral'].map((voice) => cast(voice, [lisa, alma]));
  expect(people.map((person) => (person === lisa ? 'lisa' : 'alma'))).toEqual([
    'lisa',
    'alma',
    'lisa',
    'alma',
  ]);
});

test('a model of many speakers speaks with every voice', () => {
  expect(cast('ash', [crowd, alma])).toBe(crowd);
});

test('a model of many speakers takes no voice from those before it', () => {
  expect(['alloy', 'ash'].map((voice) => cast(voice, [lisa, crowd]) === lisa)).toEqual([true, true]);
});

test('a voice of another name is spoken by the first', () => {
  expect(cast('anna', [lisa, alma])).toBe(lisa);
});
