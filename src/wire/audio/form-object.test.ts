import { expect, test } from 'vitest';
import { type FormField, toFormObject } from './form-object.ts';

const shape = {
  numbers: ['temperature'],
  booleans: ['stream'],
  lists: ['include'],
  objects: ['chunking_strategy'],
};

function read(...fields: FormField[]): Record<string, unknown> {
  return toFormObject(fields, shape);
}

test('text stays text', () => {
  expect(read(['model', '1'], ['prompt', 'true'])).toEqual({ model: '1', prompt: 'true' });
});

test.each([
  ['0', 0],
  ['0.25', 0.25],
  ['-1', -1],
  ['1e3', '1e3'],
  ['', ''],
  ['warm', 'warm'],
  ['Infinity', 'Infinity'],
  ['9'.repeat(400), '9'.repeat(400)],
])('the number %j is read as %j', (text, value) => {
  expect(read(['temperature', text])).toEqual({ temperature: value });
});

test.each([
  ['true', true],
  ['True', true],
  ['false', false],
  ['yes', 'yes'],
  ['constructor', 'constructor'],
])('the truth %j is read as %j', (text, value) => {
  expect(read(['stream', text])).toEqual({ stream: value });
});

test('a list has all values of its name, with and without brackets', () => {
  expect(read(['include[]', 'a'], ['model', 'm'], ['include', 'b'])).toEqual({
    include: ['a', 'b'],
    model: 'm',
  });
});

test('an object is read as JSON, by its keys, and from a part that is JSON', () => {
  expect(read(['chunking_strategy', '{"type":"server_vad"}'])).toEqual({
    chunking_strategy: { type: 'server_vad' },
  });
  expect(read(['chunking_strategy[type]', 'server_vad'], ['chunking_strategy[threshold]', '0.5'])).toEqual({
    chunking_strategy: { type: 'server_vad', threshold: '0.5' },
  });
  expect(read(['chunking_strategy', { type: 'auto' }])).toEqual({ chunking_strategy: { type: 'auto' } });
});

test('JSON that is broken stays the text it is', () => {
  expect(read(['chunking_strategy', '{"type":'])).toEqual({ chunking_strategy: '{"type":' });
});

test('of a field that comes twice the last counts', () => {
  expect(read(['model', 'a'], ['model', 'b'])).toEqual({ model: 'b' });
});

test('names that mean something to JavaScript mean nothing', () => {
  const object = read(['__proto__', 'x'], ['chunking_strategy[__proto__]', 'y']);
  expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
  expect(Object.keys(object)).toContain('__proto__');
  expect(({} as Record<string, unknown>)['x']).toBeUndefined();
});
