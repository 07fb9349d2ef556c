import { expect, test } from 'vitest';
import { type JsonObject, mergePatch } from './merge-patch.ts';

// The examples of RFC 7396 appendix A whose patch is an object.
test.each<[target: unknown, patch: JsonObject, result: unknown]>([
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])('%j patched with %j is %j', (target, patch, result) => {
  expect(mergePatch(target, patch)).toEqual(result);
});

test('a member named __proto__ is a member and nothing else', () => {
  const merged = mergePatch({}, JSON.parse('{"__proto__": {"isAdmin": true}}') as JsonObject);
  expect(Object.keys(merged)).toEqual(['__proto__']);
  expect(merged['isAdmin']).toBeUndefined();
});
