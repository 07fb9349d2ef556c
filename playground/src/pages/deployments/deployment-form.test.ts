import { expect, test } from 'vitest';
import type { Deployment } from '../../server/deployments.ts';
import {
  changedFields,
  EMPTY_FORM,
  faultsOf,
  mergeForms,
  toChange,
  toCreation,
  toForm,
} from './deployment-form.ts';

const deployment: Deployment = {
  id: '/subscriptions/s/…/deployments/guide',
  name: 'guide',
  etag: '"1"',
  properties: {
    model: { format: 'OpenAI', name: 'gpt-audio', version: '1' },
    capabilities: {},
    samtal: {
      origin: 'created',
      engines: { synthesizer: 'flite' },
      defaults: { voice: 'coral', temperature: 0 },
      answers: { hears: null, thinks: null, speaks: null },
      missing: [],
    },
  },
};

const form = {
  ...EMPTY_FORM,
  name: 'guide',
  model: 'gpt-audio',
  synthesizer: 'flite',
  voice: 'coral',
  temperature: 0,
};

test('a deployment becomes a form, and what it leaves to the machine stays empty', () => {
  expect(toForm(deployment)).toEqual(form);
});

test('a new deployment is sent with what was filled in and nothing else', () => {
  expect(toCreation({ ...EMPTY_FORM, name: 'guide', model: ' gpt-audio ' })).toEqual({
    properties: { model: { format: 'OpenAI', name: 'gpt-audio', version: '1' } },
  });
  expect(toCreation(form)).toEqual({
    properties: {
      model: { format: 'OpenAI', name: 'gpt-audio', version: '1' },
      samtal: { engines: { synthesizer: 'flite' }, defaults: { voice: 'coral', temperature: 0 } },
    },
  });
});

test('a change names the fields that differ, and takes away what was emptied', () => {
  expect(toChange(form, { ...form, voice: '', instructions: 'Be brief.' })).toEqual({
    properties: { samtal: { defaults: { voice: null, instructions: 'Be brief.' } } },
  });
  expect(toChange(form, { ...form, synthesizer: '' })).toEqual({
    properties: { samtal: { engines: { synthesizer: null } } },
  });
  expect(toChange(form, form)).toEqual({ properties: {} });
});

test('two who change different fields lose none of them', () => {
  const mine = { ...form, voice: 'echo' };
  const theirs = { ...form, voice: 'sage', instructions: 'Be kind.' };
  expect(mergeForms(form, mine, theirs)).toEqual({ ...form, voice: 'echo', instructions: 'Be kind.' });
  expect(changedFields(form, theirs)).toEqual(['voice', 'instructions']);
});

test.each([
  ['', 'missing'],
  ['-begins-with-a-dash', 'odd-name'],
  ['with space', 'odd-name'],
  ['x'.repeat(65), 'odd-name'],
  ['guide', 'taken'],
])('the name "%s" is refused as %s', (name, fault) => {
  expect(faultsOf({ ...form, name }, ['guide'])).toEqual({ name: fault });
});

test('a new deployment needs a model', () => {
  expect(faultsOf({ ...form, name: 'new', model: ' ' }, [])).toEqual({ model: 'missing' });
});
