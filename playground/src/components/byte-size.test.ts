import { expect, test } from 'vitest';
import { byteSize } from './byte-size.ts';

test('sizes are told in the unit that fits, as the language writes them', () => {
  expect(byteSize(2_327_524, 'en')).toBe('2.3\u00a0MB');
  expect(byteSize(487_170_055, 'en')).toBe('487\u00a0MB');
  expect(byteSize(1_240_000_000, 'sv')).toBe('1,2\u00a0GB');
  expect(byteSize(35_000_000_000, 'fr')).toMatch(/^35[\u00a0\u202f]Go$/);
});
