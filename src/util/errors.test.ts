import { expect, test } from 'vitest';
import { ApiError } from './errors.ts';

test('what a client is told of its own text is short', () => {
  const error = new ApiError('unknown-parameter', `Unknown: ${'x'.repeat(5000)}`, {
    param: 'y'.repeat(5000),
  });
  expect(error.message).toHaveLength(1000);
  expect(error.message).toMatch(/^Unknown: x+\.\.\.$/);
  expect(error.param).toHaveLength(200);
});
