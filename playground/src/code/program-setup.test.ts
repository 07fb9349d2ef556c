import { expect, test } from 'vitest';
import { setupOf } from './program-setup.ts';

const packages = { install: 'npm install openai', identity: '@azure/identity' };

test('a program without a key installs what fetches its token', () => {
  expect(setupOf('keyless', packages)).toBe('npm install openai @azure/identity\neval "$(npx samtal env)"');
});

test('a program with a key finds it in its environment', () => {
  expect(setupOf('key', packages)).toBe('npm install openai\neval "$(npx samtal env --key)"');
});

test('a program without packages needs its environment alone', () => {
  expect(setupOf('keyless')).toBe('eval "$(npx samtal env)"');
});
