import { expect, test } from 'vitest';
import { toAsciiEnglish } from './ascii-english.ts';

test.each<readonly [string, string]>([
  ['Pi is 3.14 at 10:30 for $5.20.', 'Pi is 3.14 at 10:30 for $5.20.'],
  ['On 2026-11-21.', 'On November 21, 2026.'],
  ['Part 2026-13-45', 'Part 2026-13-45'],
  ['90 km/h at 20 °C', '90 kilometers per hour at 20 degrees Celsius'],
  ['€5, £1,200.50 and €3 million.', '5 euros, 1,200.50 pounds and 3 million euros.'],
  ['5 € or 3£', '5 euros or 3 pounds'],
  ['Fruit, e.g. apples & pears, etc.', 'Fruit, for example apples and pears, et cetera.'],
  ['ann@example.com or www.example.com', 'ann at example dot com or www dot example dot com'],
  ['2 + 2 = 4', '2 plus 2 equals 4'],
  ['3 × 4 or 3 * 4', '3 times 4 or 3 times 4'],
  ['Café, naïve, Åse, Straße, œuvre', 'Cafe, naive, Ase, Strasse, oeuvre'],
  ['“It’s” — said… he', '"It\'s" , said... he'],
  ['and/or', 'and or'],
  ['#1 <speak> [x]', 'number 1 speak x'],
  ['你好 Привет', ''],
  ['One\u0000two', 'One two'],
])('%j is spoken as %j', (text, spoken) => {
  expect(toAsciiEnglish(text)).toBe(spoken);
});
