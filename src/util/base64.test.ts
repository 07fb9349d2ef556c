import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBase64, decodedLength } from './base64.ts';

const HEJ = new Uint8Array([104, 101, 106, 33]);

test.each([
  ['with padding', 'aGVqIQ=='],
  ['without padding', 'aGVqIQ'],
  ['with broken lines', 'aGVq\r\nIQ==\n'],
])('decodes base64 %s', (_, text) => {
  expect(decodeBase64(text)).toEqual(HEJ);
});

test.each([
  ['of the URL-safe alphabet', 'aGV-IQ__'],
  ['with a space', 'aGVq IQ=='],
  ['with a digit too many', 'aGVqI'],
  ['with padding that does not fit', 'aGVqIQ='],
  ['with padding inside', 'aG==aGVq'],
  ['behind a data URL', 'data:audio/wav;base64,aGVqIQ=='],
  ['with letters outside ASCII', 'aGVqåäöÅ'],
  ['with letters outside Latin', 'aGVqŁŁŁŁ'],
])('refuses text %s', (_, text) => {
  expect(decodeBase64(text)).toBeUndefined();
});

test('gives every decoding a buffer of its own that holds nothing else', () => {
  expect(decodeBase64('aGVqIQ==')?.buffer.byteLength).toBe(4);
});

const oneOf = (letters: string): fc.Arbitrary<string> => fc.constantFrom(...letters.split(''));

test('agrees with the definition of base64 on any text', () => {
  const texts = fc.oneof(fc.base64String(), fc.string({ unit: oneOf('AZaz09+/=-_ \n\r%åŁ') }));
  fc.assert(
    fc.property(texts, (text) => {
      const joined = text.replaceAll(/[\r\n]/g, '');
      const isBase64 = /^[A-Za-z0-9+/]*$/.test(joined)
        ? joined.length % 4 !== 1
        : /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)$/.test(joined);
      const decoded = decodeBase64(text);
      expect(decoded !== undefined).toBe(isBase64);
      if (decoded) expect(Buffer.from(decoded)).toEqual(Buffer.from(joined, 'base64'));
    }),
    { numRuns: 3000 },
  );
});

test('tells the decoded length without decoding', () => {
  expect(['aGVqIQ==', 'aGVq\nIQ', ''].map(decodedLength)).toEqual([4, 4, 0]);
});
