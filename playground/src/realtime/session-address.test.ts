import { expect, test } from 'vitest';
import { sessionPath, subprotocols } from './session-address.ts';

test.each([
  ['preview', '/openai/realtime?api-version=2024-10-01-preview&deployment=a%20b'],
  ['ga', '/openai/v1/realtime?model=a%20b'],
  ['openai', '/v1/realtime?model=a%20b'],
] as const)('a session of %s is asked for at %s', (address, path) => {
  expect(sessionPath({ address, deployment: 'a b' })).toBe(path);
});

test('the credential goes as a protocol, and preview names its revision', () => {
  expect(subprotocols({ address: 'ga', secret: 'k' })).toEqual(['realtime', 'openai-insecure-api-key.k']);
  expect(subprotocols({ address: 'preview', secret: undefined })).toEqual([
    'realtime',
    'openai-beta.realtime-v1',
  ]);
});
