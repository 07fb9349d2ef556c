import { expect, test } from 'vitest';
import { closedThoughtOf } from './closed-thought.ts';

test('the thought is found as templates have it, with escaped line breaks or real ones', () => {
  const test = "{%- if enable_thinking is false %}{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}";
  expect(closedThoughtOf(test)).toBe('<think>\n\n</think>\n\n');
  expect(closedThoughtOf(test.replaceAll('\\n', '\n'))).toBe('<think>\n\n</think>\n\n');
});

test('a template that can not turn thinking off has none', () => {
  expect(closedThoughtOf("{{- '<think>\\n\\n</think>\\n\\n' }}")).toBeUndefined();
  expect(closedThoughtOf("{{- '<|im_start|>assistant\\n' }}")).toBeUndefined();
});
