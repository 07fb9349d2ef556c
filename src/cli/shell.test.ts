import { execFileSync, spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellLines, usualShell } from './shell.ts';

const AWKWARD = `it's $HOME \`id\` "x" \\ ’`;

test('each shell gets its own syntax', () => {
  const set = { A: "it's" };
  expect(shellLines('bash', set, ['B'])).toEqual(['unset B', String.raw`export A='it'\''s'`]);
  expect(shellLines('fish', set, ['B'])).toEqual(['set -e B', String.raw`set -gx A 'it\'s'`]);
  expect(shellLines('powershell', set, ['B'])).toEqual([
    'Remove-Item Env:B -ErrorAction SilentlyContinue',
    "$env:A = 'it''s'",
  ]);
});

for (const [shell, command] of [
  ['bash', 'sh'],
  ['fish', 'fish'],
  ['powershell', 'pwsh'],
] as const) {
  const isInstalled = spawnSync(command, ['-c', 'exit 0']).status === 0;
  if (!isInstalled) console.warn(`${command} is not installed: what is written for it was not run`);
  test.runIf(isInstalled)(`${command} reads back every character of a value`, () => {
    const print = `${JSON.stringify(process.execPath)} -p process.env.A`;
    const script = [...shellLines(shell, { A: AWKWARD }, []), shell === 'powershell' ? `& ${print}` : print];
    expect(execFileSync(command, ['-c', script.join('\n')], { encoding: 'utf8' }).trimEnd()).toBe(AWKWARD);
  });
}

test('the usual shell is that of the user, else that of the platform', () => {
  expect(usualShell({ SHELL: '/usr/bin/fish' }, 'linux')).toBe('fish');
  expect(usualShell({ SHELL: '/bin/zsh' }, 'darwin')).toBe('bash');
  expect(usualShell({}, 'win32')).toBe('powershell');
  expect(usualShell({}, 'linux')).toBe('bash');
});
