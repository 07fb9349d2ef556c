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
const hasPython = spawnSync('python3', ['-m', 'venv', '--help']).status === 0;
if (!hasPython) console.warn('Left out, as python3 and its venv are not installed: realtime code in Python.');

/** With every kind of value that stands in a program, and what quotes would break. */
const SETTINGS: RealtimeSettings = {
  ...DEFAULT_SETTINGS,
  deployment: 'gpt-realtime',
  voice: 'alloy',
  instructions: `Don't say "no" for $5 \\ or \`more\`.\nBe kind.`,
  tools: [
    {
      name: 'get_weather',
      description: 'Tells the weather.',
      parameters: '{"type":"object","properties":{"a-b":{"type":"string","nullable":true}}}',
      answer: { type: 'canned', canned: '', javascript: '' },
    },
  ],
  toolChoice: 'none',
};

const languages = [
  { language: 'TypeScript', write: writeTypescript },
  ...(hasPython ? [{ language: 'Python', write: writePython }] : []),
];
const changes = [
  { name: 'GA, with a key', access: 'key', flags: ['--key'], change: {}, file: 'answer.pcm' },
  {
    name: 'GA, without a key',
    access: 'keyless',
    flags: [],
    change: { address: 'openai' },
    file: 'answer.pcm',
  },
  {
    name: 'preview, with a key',
    access: 'key',
    flags: ['--key'],
    change: { address: 'preview', temperature: 0.7, outputFormat: 'g711_ulaw' },
    file: 'answer.ulaw',
  },
  {
    name: 'preview in text, without a key',
    access: 'keyless',
    flags: [],
    change: { address: 'preview', modality: 'text' },
    file: undefined,
  },
] as const;
const cases = languages.flatMap((language) => changes.map((one) => ({ ...language, ...one })));

describe('the realtime session as code', { timeout: 120_000 }, () => {
  let server: SpawnedServer;
  let folder: string;
  let python: string;

  beforeAll(async () => {
    server = await spawnServer();
    const requirements = join(import.meta.dirname, 'realtime-requirements.txt');
    if (hasPython) python = await preparePython('realtime-code-python', requirements);
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'samtal-code-'));
    // What `npm install ws @azure/identity` gives a reader.
    await symlink(join(project, 'node_modules'), join(folder, 'node_modules'));
    return async () => await rm(folder, { recursive: true });
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });

  test.each(cases)('runs as it is: $language, $name', async ({ write, access, flags, change, file }) => {
    const { fileName, code } = write({ ...SETTINGS, ...change }, { access, endpoint: server.url });
    await writeFile(join(folder, fileName), code);
    const command = fileName.endsWith('.py') ? python : process.execPath;
    const env = await server.environment(...flags);
    const output = await run(command, [fileName, 'Is a golden retriever friendly?'], { cwd: folder, env });
    expect(output).toContain('You said: Is a golden retriever friendly');
    if (file !== undefined) expect((await readFile(join(folder, file))).length).toBeGreaterThan(8_000);
  });

  test.each(languages)('a refusal is told, and the program fails: $language', async ({ write }) => {
    const settings = { ...SETTINGS, deployment: 'gpt-realtime', voice: 'nobody' };
    const { fileName, code } = write(settings, { access: 'key', endpoint: server.url });
    await writeFile(join(folder, fileName), code);
    const command = fileName.endsWith('.py') ? python : process.execPath;
    const env = await server.environment('--key');
    await expect(run(command, [fileName], { cwd: folder, env })).rejects.toThrow(/Invalid value: 'nobody'/);
  });
});
