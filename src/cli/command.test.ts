import { expect, test } from 'vitest';
import { UsageError } from './cli-error.ts';
import { defineCommand } from './command.ts';

let received: unknown;
const speak = defineCommand({
  name: 'speak',
  argument: { name: 'text', description: 'What to speak.' },
  options: {
    output: { type: 'string', short: 'o', value: 'file', description: 'Where to.' },
    loud: { type: 'boolean', description: 'Shout.' },
  },
  run: async (input) => {
    received = input;
  },
});

test('options and the argument reach the command in any order', async () => {
  await speak.run(['-o', 'a.wav', 'hello there', '--loud']);
  expect(received).toEqual({ options: { output: 'a.wav', loud: true }, argument: 'hello there' });
  await speak.run(['--output=b.wav', '--', '--hello']);
  expect(received).toEqual({ options: { output: 'b.wav' }, argument: '--hello' });
});

test('an argument that is repeated may be there several times, and not at all', async () => {
  const repeated = defineCommand({
    name: 'fetch',
    argument: { name: 'name', description: 'What to fetch.', isRepeated: true },
    options: {},
    run: async (input) => {
      received = input;
    },
  });
  await repeated.run(['one', 'two']);
  expect(received).toEqual({ options: {}, argument: 'one', all: ['one', 'two'] });
  await repeated.run([]);
  expect(received).toEqual({ options: {}, argument: '', all: [] });
  expect(repeated.help).toContain('Usage: samtal fetch [<name>…] [options]');
});

test.each([
  [['hi', '--outptu', 'x'], 'samtal speak has no option --outptu. Did you mean --output?'],
  [['hi', '--volume=3'], 'samtal speak has no option --volume. samtal speak --help lists those there are.'],
  [['hi', '-x'], 'samtal speak has no option -x. samtal speak --help lists those there are.'],
  [['hi', '--output'], "Option '-o, --output <value>' argument missing"],
  [
    ['hi', 'there'],
    '"there" is one argument too many for samtal speak. Put quotes around a text with spaces.',
  ],
  [[], 'samtal speak needs a text: What to speak.'],
])('a wrong command line is refused with advice: %j', async (argv, message) => {
  const run = speak.run(argv);
  await expect(run).rejects.toThrow(UsageError);
  await expect(run).rejects.toThrow(message);
});

test('the help lists the argument and the options', () => {
  expect(speak.help.split('\n')).toEqual([
    'Usage: samtal speak <text> [options]',
    '',
    '  <text>               What to speak.',
    '  -o, --output <file>  Where to.',
    '  --loud               Shout.',
    '  -h, --help           Shows this.',
  ]);
});
