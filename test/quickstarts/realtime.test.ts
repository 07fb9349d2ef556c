import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharedFolder } from '../support/shared.ts';
import { type SpawnedServer, spawnServer } from '../support/spawned-server.ts';
import { compile, copyPrograms, installNodePackages, run } from './program.ts';

// The Python program wants `rtclient`, which is in no package registry.
const programs = sharedFolder('quickstarts/realtime', 'the realtime quickstart programs');

/**
 * The document names rt-client 0.5.2, and the registry has 0.5.1, whose types want two fields more in
 * `response.create`. What it sends and expects is the same.
 */
const OLDER_TYPES = /ResponseCreateParams': commit, cancel_previous/;

describe.runIf(programs)('the realtime quickstarts, unmodified and keyless', { timeout: 120_000 }, () => {
  let server: SpawnedServer;
  let environment: NodeJS.ProcessEnv;

  beforeAll(async () => {
    server = await spawnServer();
    environment = await server.environment();
  });

  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });

  test.each(['javascript', 'typescript'])('%s', async (language) => {
    const folder = await copyPrograms(join(programs ?? '', language), 'gpt-4o-audio-preview');
    await installNodePackages(folder, 'module');
    if (language === 'typescript') await compile(folder, OLDER_TYPES);
    const output = await run(process.execPath, ['text-in-audio-out.js'], { cwd: folder, env: environment });
    const lines = output.trim().split('\n');
    expect(lines).toContain('Received text delta: Hello.');
    expect(lines).toContain('Received 4800 bytes of audio data.');
    const form = /^(Received text delta: .*|Received \d+ bytes of audio data\.)$/;
    expect(lines.filter((line) => line !== '' && !form.test(line))).toEqual([]);
    await rm(folder, { recursive: true });
  });
});
