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
