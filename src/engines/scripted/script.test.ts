import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parseScript, scripted } from './index.ts';

test.each([
  ['{', 'the script is not JSON: '],
  [{ rules: [] }, 'Fault in the script at otherwise: '],
  [{ otherwise: {} }, 'Fault in the script at otherwise: a reply needs "say", "call" or "fail"'],
  [{ otherwise: { call: { nam: 'f' } } }, 'Fault in the script at otherwise.call: a call is a "name"'],
  [{ otherwise: { say: 'Hi', sya: 'Hi' } }, 'Fault in the script at otherwise: Unrecognized key: "sya"'],
  [
    { rules: [{ when: { user: '/(/' }, reply: { say: 'Hi' } }], otherwise: { say: 'Hi' } },
    'Fault in the script at rules[0].when.user: /(/ is not a regular expression: ',
  ],
  [
    { rules: [{ when: { user: '/(a)/' }, reply: { say: '{1} {2}' } }], otherwise: { say: 'Hi' } },
    'Fault in the script at rules[0].reply.say: {2} is not a value; there is {heard}, ',
  ],
  [
    { otherwise: { call: { name: 'f', arguments: { a: '{herd}' } } } },
    'Fault in the script at otherwise.call[0].arguments: {herd} is not a value; ',
  ],
  [
    { otherwise: { say: 'Hi', delay: { perWordMs: -1 } } },
    'Fault in the script at otherwise.delay.perWordMs: ',
  ],
])('a fault is named with its place: %j', (source, message) => {
  expect(() => parseScript(source)).toThrow(message);
});

test('a script that is not there is named', async () => {
  await expect(scripted({ script: '/nowhere/script.json' })).rejects.toMatchObject({
    reason: 'unavailable',
    message: 'The script /nowhere/script.json can not be read.',
  });
});

test('the script in the guide works', async () => {
  const guide = readFileSync(resolve(import.meta.dirname, '../../../docs/guide/scripted-model.md'), 'utf8');
  const [, json = ''] = /```json\n(\{\n {2}"delay"[\s\S]*?)```/.exec(guide) ?? [];
  expect(parseScript(json).rules.length).toBe(6);
  const model = await scripted({ script: { ...JSON.parse(json), delay: undefined } });
  const say = async (text: string): Promise<string> => {
    const request = {
      messages: [{ role: 'user', text }],
      tools: [{ name: 'get_weather' }],
      toolChoice: 'auto',
      sampling: {},
    } as const;
    const events = await Array.fromAsync(model.generate(request, { signal: new AbortController().signal }));
    return events.map((event) => ('delta' in event ? event.delta : '')).join('');
  };
  expect(await say('My name is Ada.')).toBe('Nice to meet you, Ada. What can I do for you?');
  expect(await say('What is the weather in New York?')).toBe('{"city":"New York"}');
  expect(await say('Hm.')).toBe('I heard: Hm.');
});
