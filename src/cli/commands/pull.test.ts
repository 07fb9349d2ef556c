import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const SAMTAL = resolve(import.meta.dirname, '../../../bin/samtal.js');

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'samtal-pull-'));
});

afterEach(async () => {
  await rm(home, { recursive: true });
});

function samtal(...args: readonly string[]) {
  const env = {
    PATH: process.env['PATH'],
    SAMTAL_HOME: home,
    npm_config_cache: join(home, 'npm-cache'),
    npm_config_registry: 'http://127.0.0.1:9/',
  };
  const { status, stdout, stderr } = spawnSync(process.execPath, [SAMTAL, ...args], {
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('without a name, what can be had is listed with its licence and its sizes', () => {
  const { status, stdout } = samtal('pull');
  expect(status).toBe(0);
  expect(stdout).toContain('onnxruntime-web 1.30.0 (licence MIT)');
  expect(stdout).toContain(
    `34 MB to download, 152 MB while it is unpacked, 15 MB in ${join(home, 'engines')} from then on.`,
  );
  expect(stdout).toContain('samtal pull onnxruntime-web');
});

test('a name that is not there is a wrong usage, and the nearest is told', () => {
  expect(samtal('pull', 'onnxruntime-wed')).toEqual({
    status: 2,
    stdout: '',
    stderr: 'samtal: samtal pull has no "onnxruntime-wed". Did you mean samtal pull onnxruntime-web?\n',
  });
});

test('sizes are told first, and without a network what to do', () => {
  const { status, stderr } = samtal('pull', 'onnxruntime-web');
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /34 MB to download[\s\S]*samtal: npm could not get the package: .*\(ECONNREFUSED\)\. Connect/,
  );
});
