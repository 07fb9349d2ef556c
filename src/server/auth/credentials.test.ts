import { expect, test } from 'vitest';
import { readCredentials } from './credentials.ts';

test('every credential is read, with its place', () => {
  const rawHeaders = [
    'Api-Key',
    'one',
    'authorization',
    'Bearer two',
    'Sec-WebSocket-Protocol',
    'realtime, openai-insecure-api-key.three',
  ];
  const url = '/openai/realtime?api-key=four&Authorization=Bearer%20five';
  expect(readCredentials({ rawHeaders, url, address: '192.0.2.7' }, 'realtime')).toEqual({
    presented: [
      { kind: 'key', secret: 'one', place: 'header api-key' },
      { kind: 'bearer', secret: 'two', place: 'header authorization' },
      { kind: 'key', secret: 'four', place: 'query api-key' },
      { kind: 'bearer', secret: 'five', place: 'query authorization' },
      { kind: 'bearer', secret: 'three', place: 'subprotocol openai-insecure-api-key' },
    ],
    address: '192.0.2.7',
  });
});

test.each([
  ['an odd list of headers', ['api-key'], '/'],
  ['a broken escape in the query', [], '/realtime?api-key=%zz%'],
  ['a query of question marks', [], '/????'],
  ['a subprotocol of commas', ['sec-websocket-protocol', ',,,openai-insecure-api-key.,'], ''],
  ['a bearer of control characters', ['authorization', 'Bearer \u0000\u0001'], ''],
])('%s does not throw', (_name, rawHeaders, url) => {
  expect(() => readCredentials({ rawHeaders, url }, 'realtime')).not.toThrow();
});
