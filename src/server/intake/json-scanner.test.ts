import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ApiError } from '../../util/errors.ts';
import { scanJson } from './json-scanner.ts';

const ROOMY = { jsonDepth: 100, jsonKeys: 1000 };

function faultOf(text: string, limits = ROOMY): string | undefined {
  try {
    scanJson(Buffer.from(text), limits);
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    expect(error.kind).toBe('invalid-json');
    return error.message.replace('We could not parse the JSON body of your request. ', '');
  }
}

function isAcceptedByNode(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test.each([
  ['{"a":1,}', "(HINT: Expected a key in double quotes, but found '}' at line 1, column 8.)"],
  ['[1,]', "(HINT: Expected a value, but found ']' at line 1, column 4.)"],
  ['{\n  "å": tru\n}', "(HINT: Expected a value, but found 't' at line 2, column 8.)"],
  ["{'a':1}", "(HINT: Expected a key in double quotes, but found ''' at line 1, column 2.)"],
  ['{"a" 1}', "(HINT: Expected ':' after the key, but found '1' at line 1, column 6.)"],
  ['{"a":1', "(HINT: Expected ',' or '}', but the body ends at line 1, column 7.)"],
  ['[1}', "(HINT: Expected ',' or ']', but found '}' at line 1, column 3.)"],
  ['"a\nb"', /Expected the end of the string.* but found the byte 0x0a at line 1, column 3/],
  ['"\\x"', "(HINT: Expected an escape that JSON knows, but found 'x' at line 1, column 3.)"],
  ['"\\u12g4"', "(HINT: Expected four hexadecimal digits, but found 'g' at line 1, column 6.)"],
  ['01', "(HINT: Expected the end of the body, but found '1' at line 1, column 2.)"],
  ['"\u001f"', /but found the byte 0x1f at line 1, column 2/],
  ['1.', '(HINT: Expected a digit, but the body ends at line 1, column 3.)'],
  ['{} ä', '(HINT: Expected the end of the body, but found a character outside ASCII at line 1, column 4.)'],
  ['model=gpt', "(HINT: Expected a value, but found 'm' at line 1, column 1.)"],
])('says what is wrong with %j and where', (text, hint) => {
  expect(faultOf(text)).toEqual(expect.stringMatching(hint));
});

test('accepts what nests as deep as is allowed and refuses one level more', () => {
  const limits = { jsonDepth: 3, jsonKeys: 1000 };
  expect(faultOf('[[{}]]', limits)).toBeUndefined();
  expect(faultOf('[[{"a":[]}]]', limits)).toBe(
    '(HINT: The body nests deeper than 3 levels at line 1, column 9.)',
  );
});

test('refuses a million open brackets without overflowing the stack', () => {
  expect(faultOf('['.repeat(1_000_000), { jsonDepth: 64, jsonKeys: 2_000_000 })).toMatch(
    'deeper than 64 levels',
  );
});

test('closes a million levels when that many are allowed', () => {
  const limits = { jsonDepth: 1_000_000, jsonKeys: 2_000_000 };
  expect(faultOf('['.repeat(1_000_000) + ']'.repeat(1_000_000), limits)).toBeUndefined();
});

test('counts keys and elements together and refuses one too many', () => {
  const limits = { jsonDepth: 8, jsonKeys: 4 };
  expect(faultOf('{"a":[1,2],"b":3}', limits)).toBeUndefined();
  expect(faultOf('{"a":[1,2,3],"b":4}', limits)).toMatch('more than 4 keys and array elements');
});

const oneOf = (letters: string): fc.Arbitrary<string> => fc.constantFrom(...letters.split(''));

/** JSON with a few bytes changed, which is where parsers come to disagree. */
const damagedJson = fc
  .tuple(fc.json(), fc.array(fc.tuple(fc.nat(), oneOf('{}[]",:\\u0eE+-.1 \n\t\u0001tn'))))
  .map(([text, changes]) => {
    const letters = text.split('');
    for (const [index, letter] of changes.slice(0, 3)) letters[index % (letters.length + 1)] = letter;
    return letters.join('');
  });

test('accepts exactly what JSON.parse accepts', () => {
  const texts = fc.oneof(
    fc.json(),
    damagedJson,
    fc.string({ unit: oneOf('{}[]",:0-.e1 \\') }),
    fc.string({ unit: oneOf('01-+.eE'), maxLength: 5 }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      fc.pre(isUtf8(Buffer.from(text)));
      const wellFormed = text.toWellFormed();
      expect(faultOf(wellFormed, { jsonDepth: 1000, jsonKeys: 10_000 }) === undefined).toBe(
        isAcceptedByNode(wellFormed),
      );
    }),
    { numRuns: 3000 },
  );
});
