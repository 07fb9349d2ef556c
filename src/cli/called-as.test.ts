import { expect, test } from 'vitest';
import { calledAs } from './called-as.ts';

test('what npm started is called by npx, as npm alone has it in its path', () => {
  expect(calledAs({ npm_lifecycle_event: 'start' })).toBe('npx samtal');
  expect(calledAs({ npm_lifecycle_event: 'npx' })).toBe('npx samtal');
});

test('what a shell started is called by its name', () => {
  expect(calledAs({ PATH: '/usr/bin' })).toBe('samtal');
});
