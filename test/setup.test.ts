import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

const SETUP = resolve(import.meta.dirname, '../bin/setup.js');
const isRootOnLinux = process.platform === 'linux' && process.getuid?.() === 0;
if (!isRootOnLinux) console.warn('not root on Linux: what setup installs is not tested');

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'setup-'));
});
afterEach(() => rm(directory, { recursive: true }));

/** An apt-get that writes down what it is asked for and ends with `exitCode`. No espeak-ng is on its PATH. */
async function setupWith(exitCode: number, env: Record<string, string> = {}): Promise<string> {
  const aptGet = join(directory, 'apt-get');
  await writeFile(aptGet, `#!/bin/sh\necho "$@" >> ${directory}/asked\nexit ${exitCode}\n`);
  await chmod(aptGet, 0o755);
  const options = { env: { PATH: directory, ...env } };
  return (await promisify(execFile)(process.execPath, [SETUP], options)).stdout;
}

test.runIf(isRootOnLinux)('what is missing is downloaded, then installed', async () => {
  expect(await setupWith(0)).toMatch(/installed .*espeak-ng\./);
  const asked = (await readFile(join(directory, 'asked'), 'utf8')).trim().split('\n');
  expect(asked).toEqual([
    expect.stringMatching(/^install --yes .*espeak-ng --download-only$/),
    expect.stringMatching(/^install --yes .*espeak-ng --no-download$/),
  ]);
});

test.runIf(isRootOnLinux)('an installation that fails is told with the command, and ends well', async () => {
  expect(await setupWith(1)).toMatch(
    /could not install .*\n?.*To try again run: apt-get install --yes .*espeak-ng\n$/,
  );
});

test('it does nothing when told to skip', async () => {
  expect(await setupWith(0, { SAMTAL_SETUP: 'skip' })).toBe('');
  await expect(readFile(join(directory, 'asked'))).rejects.toThrow('ENOENT');
});
