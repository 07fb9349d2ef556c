import { expect, test } from 'vitest';
import { clientAddress } from './client-address.ts';

test('without a trusted proxy the peer is the client, whatever it says', () => {
  expect(clientAddress('203.0.113.7', '198.51.100.1', false)).toBe('203.0.113.7');
});

test('where everyone is believed the first station is the client', () => {
  expect(clientAddress('127.0.0.1', '198.51.100.1, 10.0.0.2', true)).toBe('198.51.100.1');
});

test.each([
  [['10.0.0.0/8', 'loopback'], '198.51.100.1'],
  [['loopback'], '10.0.0.2'],
  [['192.0.2.1'], '127.0.0.1'],
])('with %j trusted, the nearest station that is not is the client', (trusted, client) => {
  expect(clientAddress('127.0.0.1', '198.51.100.1, 10.0.0.2', trusted)).toBe(client);
});

test('an IPv4 peer that came through an IPv6 socket is known', () => {
  expect(clientAddress('::ffff:127.0.0.1', '198.51.100.1', ['loopback'])).toBe('198.51.100.1');
});
