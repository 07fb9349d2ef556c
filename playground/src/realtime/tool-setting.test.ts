import { expect, test } from 'vitest';
import { NEW_TOOL, parseParameters, toolFault } from './tool-setting.ts';

test('the tool that one begins with is in order', () => {
  expect(toolFault(NEW_TOOL)).toBeUndefined();
});

test.each(['', 'två ord', 'a'.repeat(65)])('the name “%s” is refused', (name) => {
  expect(toolFault({ ...NEW_TOOL, name })).toBe('name');
});

test.each(['{', '[]', '1', 'null'])('parameters %s are refused', (parameters) => {
  expect(toolFault({ ...NEW_TOOL, parameters })).toBe('parameters');
});

test('no parameters are a function without arguments', () => {
  expect(parseParameters(' ')).toEqual({ type: 'object', properties: {} });
});
