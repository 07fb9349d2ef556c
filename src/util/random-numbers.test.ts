import { expect, test } from 'vitest';
import { randomNumbers } from './random-numbers.ts';

test('a seed always gives the same numbers', () => {
  const random = randomNumbers(0);
  // The sequence that "Numerical Recipes" prints to check a translation by: 3C6EF35F, 47502932, D1CCF6E9, AAF95334.
  expect([random(), random(), random(), random()].map((number) => number * 2 ** 32)).toEqual([
    0x3c6ef35f, 0x47502932, 0xd1ccf6e9, 0xaaf95334,
  ]);
});
