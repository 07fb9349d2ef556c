import { expect, test } from 'vitest';
import { clockTime } from './clock-time.ts';

test('seconds are shown as minutes and two digits', () => {
  expect([0, 7.9, 60, 754].map(clockTime)).toEqual(['0:00', '0:07', '1:00', '12:34']);
});
