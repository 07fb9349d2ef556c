import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfStale } from '../../playground/build.ts';
import { spawnServer } from '../support/spawned-server.ts';

const PROGRAM = resolve(import.meta.dirname, '../../bin/samtal.js');
const LINK = /http:\/\/127\.0\.0\.1:\d+\/#sign-in=\w{43}/;

let home: string;

beforeAll(async () => {
  await buildIfStale();
  home = await mkdtemp(join(tmpdir(), 'samtal-'));
});
afterAll(async () => await rm(home, { recursive: true, force: true }));

async function follow(link: string): Promise<number> {
  const { origin, hash } = new URL(link);
  const { status } = await fetch(`${origin}/samtal/v1/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ secret: hash.slice('#sign-in='.length) }),
  });
  return status;
}

test('serve prints a link on a line of its own, beside its one line of standard output', async () => {
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--port', '0'], {
    cwd: home,
    env: { ...process.env, SAMTAL_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  let output = '';
  child.stdout.on('data', (piece: Buffer) => {
    output += piece.toString();
  });
  try {
    for await (const line of createInterface({ input: child.stderr })) {
      if (!line.startsWith('Playground: ')) continue;
      expect(line).toMatch(/^Playground: \S+ \(once, within 15 minutes\)$/);
      expect(await follow(LINK.exec(line)?.[0] ?? '')).toBe(200);
      break;
    }
  } finally {
    child.kill('SIGTERM');
    await exited;
  }
  expect(output).toMatch(/^Samtal is ready at \S+ \(.*\)\n$/);
});

test('samtal playground prints a link and nothing else', async () => {
  await using server = await spawnServer();
  const link = await server.samtal('playground');
  expect(link).toMatch(new RegExp(`^${LINK.source}\\n$`));
  expect(await follow(link.trim())).toBe(200);
  expect(await follow(link.trim())).toBe(401);
});

test('samtal playground tells what to do where there are no links', async () => {
  await writeFile(join(home, 'samtal.config.json'), JSON.stringify({ auth: { localIdentity: false } }));
  await using server = await spawnServer({ home });
  await expect(server.samtal('playground')).rejects.toThrow('`samtal key` prints one');
});
