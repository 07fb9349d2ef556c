import { expect, test } from 'vitest';
import { parseTools } from './parse-tools.ts';

const weather = {
  type: 'function',
  function: { name: 'get_weather', parameters: { type: 'object', properties: {} } },
};

test('nothing typed is no tools', () => {
  expect(parseTools(' \n')).toEqual({ ok: true, tools: [] });
});

test('a list as requests carry it stays as it is', () => {
  expect(parseTools(JSON.stringify([weather]))).toEqual({ ok: true, tools: [weather] });
});

test('one function alone, in the form of a realtime session, becomes a list', () => {
  const flat = { type: 'function', name: 'get_weather', parameters: { type: 'object', properties: {} } };
  expect(parseTools(JSON.stringify(flat))).toEqual({ ok: true, tools: [weather] });
});

test.each([
  ['[{"name":', 'json'],
  ['["get_weather"]', 'list'],
  ['[{"description":"nameless"}]', 'name'],
])('%s is told to be wrong in its %s', (source, fault) => {
  expect(parseTools(source)).toEqual({ ok: false, fault });
});
