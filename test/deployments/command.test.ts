import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SpawnedServer, spawnServer } from '../support/spawned-server.ts';
import { startTestServer } from '../support/test-server.ts';
import { deploymentsOf } from './management-client.ts';

const SAMTAL = resolve(import.meta.dirname, '../../bin/samtal.js');

let server: SpawnedServer;

beforeAll(async () => {
  server = await spawnServer();
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

async function failure(...words: readonly string[]): Promise<string> {
  return await server.samtal('deployments', ...words).then(
    () => 'nothing failed',
    (error: unknown) => String(error),
  );
}

test('the deployments are listed with what answers in each', async () => {
  const lines = (await server.samtal('deployments')).split('\n');
  expect(lines[0]).toMatch(/^NAME +MODEL +HEARS +THINKS +SPEAKS +FROM$/);
  expect(lines.find((line) => line.startsWith('tts-1 '))).toMatch(/^tts-1 +tts-1 +- +- +flite\S* +standard$/);
});

test('one is created, changed, shown and deleted', async () => {
  const settings = ['--synthesizer', 'flite', '--voice', 'coral', '--temperature', '0.4'];
  await server.samtal('deployments', 'create', 'talk', '--model', 'gpt-audio', ...settings);
  const changed = await server.samtal(
    'deployments',
    'set',
    'talk',
    '--voice',
    '',
    '--instructions',
    'Be brief.',
  );
  expect(await server.samtal('deployments', 'show', 'talk')).toBe(changed);
  const shown: unknown = JSON.parse(await server.samtal('deployments', 'show', 'talk', '--json'));
  expect(shown).toMatchObject({
    properties: {
      model: { name: 'gpt-audio' },
      samtal: {
        engines: { synthesizer: 'flite' },
        defaults: { instructions: 'Be brief.', temperature: 0.4 },
      },
    },
  });
  expect(changed).toMatch(/^speaks +flite \(English\)$/m);
  expect(changed).not.toContain('coral\n');
  await server.samtal('deployments', 'delete', 'talk');
  expect(await failure('show', 'talk')).toContain('samtal: there is no deployment "talk".');
});

test.each([
  [['show', 'tts-2'], 'there is no deployment "tts-2". Did you mean tts-1?'],
  [['create', 'tts-1'], 'there is a deployment "tts-1" already. Change it: samtal deployments set tts-1'],
  [['set', 'nobody', '--voice', 'coral'], 'there is no deployment "nobody".'],
  [['delete', 'nobody'], 'there is no deployment "nobody".'],
  [
    ['set', 'tts-1', '--synthesizer', 'flit'],
    "'flit' is no synthesizer of this server. Did you mean 'flite'?",
  ],
  [['set', 'tts-1', '--temperature', 'hot'], '--temperature must be a number from 0 to 2, not "hot"'],
  [['set', 'tts-1'], 'samtal deployments set needs something to set'],
  [['shw'], 'samtal deployments can not "shw". Did you mean show?'],
  [['show'], 'samtal deployments show needs a name'],
])('%j fails with a remedy', async (words, message) => {
  expect(await failure(...words)).toContain(message);
});

test('the doctor tells what a deployment that was created lacks by now', async () => {
  const home = await mkdtemp(join(tmpdir(), 'samtal-doctor-'));
  try {
    {
      await using before = await startTestServer({
        home,
        config: { engines: { reader: { type: 'flite' } } },
      });
      const samtal = { engines: { synthesizer: 'reader' } };
      await deploymentsOf(before).put('talk', { properties: { model: { name: 'gpt-audio' }, samtal } });
    }
    await using _now = await startTestServer({ home });
    const env = { ...process.env, SAMTAL_HOME: home };
    const { stdout } = await promisify(execFile)(process.execPath, [SAMTAL, 'doctor'], { cwd: home, env });
    expect(stdout).toMatch(
      /deployments +talk: There is no engine 'reader'\.\n +→ Let the deployment name another/,
    );
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
