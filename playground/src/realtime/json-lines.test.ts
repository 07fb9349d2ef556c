import { expect, test } from 'vitest';
import { fromJsonLines, toJsonLines } from './json-lines.ts';

test('a log is one event a line, and is read again', () => {
  const text = toJsonLines([
    { direction: 'client', atMs: 1.6, event: { type: 'response.create' } },
    { direction: 'server', atMs: 20, event: { type: 'error', error: { message: 'No.' } } },
  ]);
  expect(text).toBe(
    '{"at_ms":2,"direction":"client","event":{"type":"response.create"}}\n' +
      '{"at_ms":20,"direction":"server","event":{"type":"error","error":{"message":"No."}}}\n',
  );
  expect(fromJsonLines(text)).toEqual([
    { direction: 'client', atMs: 2, event: { type: 'response.create' } },
    { direction: 'server', atMs: 20, event: { type: 'error', error: { message: 'No.' } } },
  ]);
});

test.each([
  '{',
  '{"at_ms":1}',
  '{"at_ms":1,"direction":"up","event":{"type":"x"}}',
  '{"at_ms":1,"direction":"client","event":{}}',
])('a line that is no event is named: %s', (line) => {
  const good = '{"at_ms":2,"direction":"client","event":{"type":"response.create"}}';
  expect(() => fromJsonLines(`${good}\n${line}\n`)).toThrow('Line 2 is no event');
});
