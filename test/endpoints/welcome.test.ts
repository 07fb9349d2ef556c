import { expect, test } from 'vitest';
import { startTestServer } from '../support/test-server.ts';

test('a person who opens the address is told what it is, without a key', async () => {
  await using server = await startTestServer();
  const response = await fetch(server.url);
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(await response.text()).toMatch(/^Samtal \d+\.\d+\.\d+: the OpenAI and Azure OpenAI speech APIs/);
});
