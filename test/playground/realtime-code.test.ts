import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { writePython } from '../../playground/src/realtime/code/python-program.ts';
import { writeTypescript } from '../../playground/src/realtime/code/typescript-program.ts';
import { DEFAULT_SETTINGS, type RealtimeSettings } from '../../playground/src/realtime/settings.ts';
import { run } from '../quickstarts/program.ts';
import { preparePython } from '../support/python.ts';
import { type SpawnedServer, spawnServer } from '../support/spawned-server.ts';

const project = resolve(import.meta.dirname, '../..');
const requirements = join(import.meta.dirname, 'realtime-requirements.txt');
const hasPython = spawnSync('python3', ['-m', 'venv', '--help']).status === 0;
if (!hasPython)
  console.warn('Left out, as python3 and its venv are not installed: a realtime session as Python.');

const accesses = [
  { access: 'keyless', flags: [] },
  { access: 'key', flags: ['--key'] },
] as const;
const languages = ['typescript', ...(hasPython ? (['python'] as const) : [])] as const;
const addresses = ['preview', 'ga', 'openai'] as const;
const cases = languages.flatMap((language) =>
  addresses.flatMap((address) => accesses.map((one) => ({ language, address, ...one }))),
);

describe('a realtime session as code', { timeout: 120_000 }, () => {
  let server: SpawnedServer;
  let folder: string;
  let python: string;

  beforeAll(async () => {
    server = await spawnServer();
    if (hasPython) python = await preparePython('realtime-python', requirements);
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'samtal-code-'));
    // What `npm install ws @azure/identity` gives a reader.
    await symlink(join(project, 'node_modules'), join(folder, 'node_modules'));
    return async () => await rm(folder, { recursive: true });
  });
  afterAll(async () => await server?.[Symbol.asyncDispose]());

  const settings = (address: RealtimeSettings['address']): RealtimeSettings => ({
    ...DEFAULT_SETTINGS,
    address,
    deployment: 'gpt-realtime',
    voice: 'echo',
    instructions: `Don't say "no" for $5 \\ or \`more\`.\nBe kind.`,
    temperature: 0.7,
  });

  test.each(cases)('$language, $address, $access', async ({ language, address, access, flags }) => {
    const write = language === 'python' ? writePython : writeTypescript;
    const { code, fileName } = write(settings(address), { access, endpoint: server.url });
    await writeFile(join(folder, fileName), code);
    const program = language === 'python' ? python : process.execPath;
    const env = await server.environment(...flags);
    const output = await run(program, [fileName, 'Good day'], { cwd: folder, env });
    expect(output).toContain('You said: Good day.');
    expect((await readFile(join(folder, 'answer.pcm'))).length).toBeGreaterThan(48_000);
  });
});
