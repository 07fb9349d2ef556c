import { expect, test } from 'vitest';
import { isAllowedOrigin } from './origins.ts';

const local = { allowed: [], isLocal: true };
const open = { allowed: ['https://app.example.com'], isLocal: false };

test.each([
  ['a program, which sends none', { host: 'talk.example.com' }, open],
  ['a listed page', { origin: 'https://app.example.com', host: 'talk.example.com' }, open],
  ["the server's own page", { origin: 'https://talk.example.com', host: 'talk.example.com' }, open],
  ['another local server', { origin: 'http://localhost:5173', host: '127.0.0.1:8080' }, local],
  [
    'any page where all may',
    { origin: 'https://else.example', host: 'h' },
    { allowed: ['*'], isLocal: false },
  ],
])('%s may', (_who, from, rules) => {
  expect(isAllowedOrigin(from, rules)).toBe(true);
});

test.each([
  ['an unlisted page', { origin: 'https://else.example', host: 'talk.example.com' }, open],
  ['a listed host at another scheme', { origin: 'http://app.example.com', host: 'talk.example.com' }, open],
  ['a page without an origin of its own', { origin: 'null', host: 'talk.example.com' }, open],
  ['what is no origin', { origin: 'nonsense', host: 'talk.example.com' }, open],
  ['a page of the network at a local server', { origin: 'https://else.example', host: '127.0.0.1' }, local],
  ['a rebound name', { origin: 'http://evil.example:8080', host: 'evil.example:8080' }, local],
  [
    'a local page at a server for others',
    { origin: 'http://localhost:5173', host: 'talk.example.com' },
    open,
  ],
])('%s may not', (_who, from, rules) => {
  expect(isAllowedOrigin(from, rules)).toBe(false);
});
