import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimHome, HomeInUseError } from './claim.ts';
import { findHome, type Home, homeAt } from './paths.ts';
import { writePrivateFile } from './private-file.ts';
import { findRunningServer, healthAnswer } from './running.ts';

let home: Home;
const servers: Server[] = [];

beforeEach(async () => {
  home = homeAt(join(await mkdtemp(join(tmpdir(), 'samtal-home-')), 'home'));
});

afterEach(async () => {
  for (const server of servers.splice(0)) server.close();
  await rm(join(home.directory, '..'), { recursive: true, force: true });
});

async function answering(body: unknown): Promise<{ url: string; port: number }> {
  const server = createServer((_, response) => response.end(JSON.stringify(body)));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port };
}

function deadProcess(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

async function writeRunning(record: Readonly<Record<string, unknown>>): Promise<void> {
  const rest = { startedAt: '2025-01-01T00:00:00.000Z', version: '0.1.0' };
  await writePrivateFile(home.runningFile, JSON.stringify({ ...rest, ...record }));
}

test('SAMTAL_HOME decides, then the folder of the platform', () => {
  expect(findHome({ SAMTAL_HOME: '/data/s', HOME: '/home/eva' }, 'linux').directory).toBe('/data/s');
  expect(findHome({ HOME: '/home/eva' }, 'linux').directory).toBe('/home/eva/.local/share/samtal');
  expect(findHome({ XDG_DATA_HOME: '/x', HOME: '/home/eva' }, 'linux').directory).toBe('/x/samtal');
  expect(findHome({ HOME: '/Users/eva' }, 'darwin').directory).toBe(
    '/Users/eva/Library/Application Support/samtal',
  );
});

test.runIf(process.platform !== 'win32')(
  'a private file and its folder are for the owner alone',
  async () => {
    const path = join(home.directory, 'keys', 'default');
    await writePrivateFile(path, 'first');
    await writePrivateFile(path, 'second');
    expect(await readFile(path, 'utf8')).toBe('second');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(home.directory, 'keys'))).mode & 0o777).toBe(0o700);
    expect(await readdir(join(home.directory, 'keys'))).toEqual(['default']);
  },
);

test('a write that fails leaves the old file and no temporary one', async () => {
  const path = join(home.directory, 'taken');
  await mkdir(path, { recursive: true });
  await expect(writePrivateFile(path, 'text')).rejects.toThrow();
  expect(await readdir(home.directory)).toEqual(['taken']);
});

test('an announced server is found until its claim is released', async () => {
  const claim = await claimHome(home, { version: '1.2.3' });
  const address = await answering(healthAnswer({ instance: claim.instance, version: '1.2.3' }));
  await claim.announce(address);
  expect(await findRunningServer(home)).toMatchObject({ ...address, pid: process.pid, version: '1.2.3' });
  await claim.release();
  expect(await findRunningServer(home)).toBeUndefined();
  expect(existsSync(home.runningFile)).toBe(false);
  expect(existsSync(home.claimFile)).toBe(false);
});

test('a server whose process is gone is not found', async () => {
  const address = await answering(healthAnswer({ instance: 'server_a', version: '0.1.0' }));
  await writeRunning({ ...address, instance: 'server_a', pid: deadProcess() });
  expect(await findRunningServer(home)).toBeUndefined();
});

test('a server whose port answers something else is not found', async () => {
  await writeRunning({ ...(await answering({ status: 'ok' })), instance: 'server_a', pid: process.pid });
  expect(await findRunningServer(home)).toBeUndefined();
  const other = healthAnswer({ instance: 'server_b', version: '0.1.0' });
  await writeRunning({ ...(await answering(other)), instance: 'server_a', pid: process.pid });
  expect(await findRunningServer(home)).toBeUndefined();
});

test('a running file that is damaged counts as none', async () => {
  await writePrivateFile(home.runningFile, '{"url":');
  expect(await findRunningServer(home)).toBeUndefined();
});

test('a second server on one home is refused and told where the first answers', async () => {
  const claim = await claimHome(home, { version: '0.1.0' });
  const address = await answering(healthAnswer({ instance: claim.instance, version: '0.1.0' }));
  await claim.announce(address);
  const second = claimHome(home, { version: '0.1.0' });
  await expect(second).rejects.toThrow(HomeInUseError);
  await expect(second).rejects.toThrow(address.url);
  await claim.release();
});

test('a home is refused while another process starts on it', async () => {
  await writePrivateFile(home.claimFile, `${process.ppid}\n`);
  await expect(claimHome(home, { version: '0.1.0' })).rejects.toThrow('starting or stopping');
});

test('what a crashed server left behind does not stand in the way', async () => {
  const pid = deadProcess();
  await writePrivateFile(home.claimFile, `${pid}\n`);
  await writeRunning({ url: 'http://127.0.0.1:9', port: 9, instance: 'server_a', pid });
  const claim = await claimHome(home, { version: '0.1.0' });
  expect(await readFile(home.claimFile, 'utf8')).toBe(`${process.pid}\n`);
  expect(existsSync(home.runningFile)).toBe(false);
  await claim.release();
});

test('a leftover claim that names this very process is stale, as after a restart of a container', async () => {
  await writePrivateFile(home.claimFile, `${process.pid}\n`);
  await writeFile(home.runningFile, '');
  const claim = await claimHome(home, { version: '0.1.0' });
  await claim.release();
});

test.runIf(existsSync('/proc/self'))('a home where no folder can be made is refused', async () => {
  await expect(claimHome(homeAt('/proc/samtal/home'), { version: '0.1.0' })).rejects.toMatchObject({
    code: 'ENOENT',
  });
});
