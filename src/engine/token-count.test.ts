import { expect, test } from 'vitest';
import { countRequestTokens, countTokens } from './token-count.ts';

const SENTENCE = 'The quick brown fox jumps over the lazy dog. ';

test('tokens are those of the o200k_base encoding', async () => {
  expect(await countTokens('')).toBe(0);
  expect(await countTokens('hello')).toBe(1);
  expect(await countTokens('hello world')).toBe(2);
  expect(await countTokens('Hur mår du idag? 你好')).toBe(8);
});

test('a control token in the text counts as plain text', async () => {
  expect(await countTokens('<|endoftext|>')).toBeGreaterThan(1);
});

test('a text counted in slices has as many tokens as in one piece', async () => {
  // 10 tokens each and one for the space at the end.
  expect(await countTokens(SENTENCE.repeat(1_000))).toBe(10_001);
});

test('a pair of surrogates at the edge of a slice is not torn apart', async () => {
  expect(await countTokens('😀')).toBe(1);
  expect(await countTokens(`.${'😀'.repeat(3_000)}`)).toBe(3_001);
});

test('other work goes on while a long text is counted', async () => {
  await countTokens('');
  let turns = 0;
  let next = setImmediate(function turn() {
    turns += 1;
    next = setImmediate(turn);
  });
  await countTokens('a'.repeat(60_000));
  clearImmediate(next);
  expect(turns).toBeGreaterThan(10);
});

test('a request counts its messages, the chat format around them and its tools', async () => {
  const request = { messages: [], tools: [], toolChoice: 'auto', sampling: {} } as const;
  expect(await countRequestTokens(request)).toBe(3);
  expect(await countRequestTokens({ ...request, messages: [{ role: 'user', text: 'hello' }] })).toBe(8);
  expect(
    await countRequestTokens({ ...request, messages: [{ role: 'tool', callId: 'c', output: 'hello' }] }),
  ).toBe(8);
  const withTool = await countRequestTokens({ ...request, tools: [{ name: 'get_weather' }] });
  expect(withTool).toBe(11);
});
