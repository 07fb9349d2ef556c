import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Clock } from '../../util/clock.ts';
import type { StoredCompletion } from './completion-store.ts';
import { openStore, type Store, type StoreOptions } from './open-store.ts';
import type { AudioReply } from './reply-store.ts';

const NOW = 1_737_412_345;

class ManualClock implements Clock {
  nowMs = NOW * 1000;
  readonly timers = new Map<() => void, number>();

  now(): number {
    return this.nowMs;
  }

  after(ms: number, callback: () => void): () => void {
    this.timers.set(callback, this.nowMs + ms);
    return () => this.timers.delete(callback);
  }

  advance(seconds: number): void {
    this.nowMs += seconds * 1000;
    for (const [callback, due] of [...this.timers]) {
      if (due <= this.nowMs && this.timers.delete(callback)) callback();
    }
  }
}

let directory: string;
let clock: ManualClock;
let notices: string[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'samtal-store-'));
  clock = new ManualClock();
  notices = [];
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function open(options: Partial<StoreOptions> = {}): Promise<Store> {
  const onNotice = (message: string): void => void notices.push(message);
  return openStore({ directory, maxBytes: 1_000_000, clock, onNotice, ...options });
}

function reply(id: string, more: Partial<AudioReply> = {}): AudioReply {
  return { id, owner: 'anna', transcript: 'Hej', format: 'wav', expiresAt: NOW + 3600, ...more };
}

function completion(id: string, more: Partial<StoredCompletion> = {}): StoredCompletion {
  const base = {
    id,
    owner: 'anna',
    created: NOW,
    model: 'gpt-audio',
    metadata: {},
    messages: [],
    response: {},
  };
  return { ...base, ...more };
}

/** Only while the store is closed. */
function countRows(table: 'reply' | 'completion'): number {
  const database = new DatabaseSync(join(directory, 'store.sqlite'));
  const rows = database.prepare(`SELECT count(*) AS count FROM ${table}`).get();
  database.close();
  return Number(rows?.['count']);
}

function audioFiles(): string[] {
  return readdirSync(join(directory, 'audio'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.includes('/'),
  );
}

test('finds a reply and its audio again after the store was closed and opened', async () => {
  const audio = new Uint8Array([1, 2, 3]);
  {
    await using store = await open();
    await store.replies.saveAudio(reply('audio_1', { audio }));
  }
  await using store = await open();
  expect(await store.replies.findAudio('audio_1', 'anna')).toEqual({
    id: 'audio_1',
    owner: 'anna',
    transcript: 'Hej',
    format: 'wav',
    expiresAt: 1_737_415_945,
  });
  expect(Array.from((await store.replies.readAudio('audio_1', 'anna')) ?? [])).toEqual([1, 2, 3]);
});

test('keeps a reply without audio', async () => {
  await using store = await open();
  await store.replies.saveAudio(reply('audio_1'));
  expect(await store.replies.findAudio('audio_1', 'anna')).toMatchObject({ transcript: 'Hej' });
  expect(await store.replies.readAudio('audio_1', 'anna')).toBeUndefined();
});

test('hides a reply from every owner but its own, also where the ids are equal', async () => {
  await using store = await open();
  await store.replies.saveAudio(reply('audio_1', { audio: new Uint8Array([1]) }));
  expect(await store.replies.findAudio('audio_1', 'bo')).toBeUndefined();
  expect(await store.replies.readAudio('audio_1', 'bo')).toBeUndefined();
  await store.replies.saveAudio(reply('audio_1', { owner: 'bo', transcript: 'Nej' }));
  expect(await store.replies.findAudio('audio_1', 'anna')).toMatchObject({ transcript: 'Hej' });
});

test('replaces a reply of the same id and leaves no file of the old one', async () => {
  await using store = await open();
  await store.replies.saveAudio(reply('audio_1', { audio: new Uint8Array([1]) }));
  await store.replies.saveAudio(reply('audio_1', { audio: new Uint8Array([2]) }));
  expect(Array.from((await store.replies.readAudio('audio_1', 'anna')) ?? [])).toEqual([2]);
  expect(audioFiles()).toHaveLength(1);
});

test('forgets a reply in the second in which it expires', async () => {
  await using store = await open();
  await store.replies.saveAudio(reply('audio_1', { audio: new Uint8Array([1]) }));
  clock.nowMs = (NOW + 3599) * 1000;
  expect(await store.replies.findAudio('audio_1', 'anna')).toBeDefined();
  clock.nowMs = (NOW + 3600) * 1000;
  expect(await store.replies.findAudio('audio_1', 'anna')).toBeUndefined();
  expect(await store.replies.readAudio('audio_1', 'anna')).toBeUndefined();
});

test('sweeps expired replies and their files away from time to time', async () => {
  {
    await using store = await open({ sweepSeconds: 10 });
    await store.replies.saveAudio(reply('audio_1', { audio: new Uint8Array([1]), expiresAt: NOW + 5 }));
    await store.replies.saveAudio(reply('audio_2', { audio: new Uint8Array([2]) }));
    clock.advance(10);
  }
  expect(audioFiles()).toHaveLength(1);
  expect(countRows('reply')).toBe(1);
});

test('sweeps again soon while more has expired than one sweep removes', async () => {
  {
    await using store = await open();
    for (let index = 0; index < 200; index += 1) {
      await store.replies.saveAudio(reply(`audio_${index}`, { expiresAt: NOW + 5 }));
    }
  }
  expect(countRows('reply')).toBe(200);
  clock.advance(10);
  {
    await using _store = await open();
    expect(Math.min(...clock.timers.values())).toBe(clock.nowMs + 200);
    clock.advance(1);
  }
  expect(countRows('reply')).toBe(0);
});

test('sweeps completions away that are older than they may be', async () => {
  {
    await using store = await open({ keepCompletionsSeconds: 100, sweepSeconds: 10 });
    await store.completions.save(completion('chatcmpl-1'));
    clock.advance(99);
    await store.completions.save(completion('chatcmpl-2'));
    clock.advance(10);
  }
  await using store = await open();
  expect(await store.completions.get('chatcmpl-1', 'anna')).toBeUndefined();
  expect(await store.completions.get('chatcmpl-2', 'anna')).toBeDefined();
});

test('drops the oldest, of replies and completions alike, to stay within its size', async () => {
  await using store = await open({ maxBytes: 2500 });
  const audio = new Uint8Array(900);
  await store.completions.save(completion('chatcmpl-1', { response: 'x'.repeat(500) }));
  clock.advance(1);
  for (const id of ['audio_1', 'audio_2']) await store.replies.saveAudio(reply(id, { audio }));
  expect(await store.completions.get('chatcmpl-1', 'anna')).toBeDefined();
  await store.replies.saveAudio(reply('audio_3', { audio }));
  expect(await store.completions.get('chatcmpl-1', 'anna')).toBeUndefined();
  expect(await store.replies.findAudio('audio_1', 'anna')).toBeUndefined();
  expect(await store.replies.findAudio('audio_2', 'anna')).toBeDefined();
  expect(audioFiles()).toHaveLength(2);
});

test('removes files that no reply knows when it opens', async () => {
  {
    await using store = await open();
    await store.replies.saveAudio(reply('audio_1', { audio: new Uint8Array([1]) }));
  }
  const [known = ''] = audioFiles();
  writeFileSync(join(directory, 'audio', known.slice(0, 2), 'orphan'), 'x');
  writeFileSync(join(directory, 'audio', `${known}.part`), 'x');
  writeFileSync(join(directory, 'audio', 'stray'), 'x');
  await using _store = await open();
  expect(audioFiles()).toEqual([known]);
  expect(existsSync(join(directory, 'audio', 'stray'))).toBe(false);
});

test('takes an audio file that is shorter than it was for lost', async () => {
  await using store = await open();
  await store.replies.saveAudio(reply('audio_1', { audio: new Uint8Array([1, 2, 3]) }));
  writeFileSync(join(directory, 'audio', audioFiles()[0] ?? ''), '');
  expect(await store.replies.readAudio('audio_1', 'anna')).toBeUndefined();
  expect(await store.replies.findAudio('audio_1', 'anna')).toMatchObject({ transcript: 'Hej' });
});

test('writes what only its own user can read', async () => {
  await using store = await open();
  await store.replies.saveAudio(reply('audio_1', { audio: new Uint8Array([1]) }));
  const modes = ['store.sqlite', 'store.sqlite-wal', join('audio', audioFiles()[0] ?? '')].map(
    (path) => statSync(join(directory, path)).mode & 0o777,
  );
  expect(modes).toEqual([0o600, 0o600, 0o600]);
});

test.each([
  ['is not a database', () => Buffer.alloc(5000, 'x')],
  ['lost pages', (file: Buffer) => file.fill(0xaa, 4096, 12_000)],
])('moves a database aside that %s, says so and begins a new one', async (_, damage) => {
  {
    await using store = await open();
    await store.replies.saveAudio(reply('audio_1', { audio: new Uint8Array([1]) }));
  }
  const path = join(directory, 'store.sqlite');
  writeFileSync(path, damage(readFileSync(path)));
  await using store = await open();
  expect(notices).toEqual([
    expect.stringMatching(/store\.sqlite' is damaged\. It was moved to '.*damaged-1737412345000'/),
  ]);
  expect(existsSync(`${path}.damaged-1737412345000`)).toBe(true);
  await store.replies.saveAudio(reply('audio_2'));
  expect(await store.replies.findAudio('audio_2', 'anna')).toBeDefined();
});

test('refuses a database of a later version and leaves it as it is', async () => {
  const path = join(directory, 'store.sqlite');
  const later = new DatabaseSync(path);
  later.exec('PRAGMA user_version = 999');
  later.close();
  await expect(open()).rejects.toThrow('The store has schema version 999');
  expect(existsSync(path)).toBe(true);
  expect(notices).toEqual([]);
});

test('refuses a directory that another store has open', async () => {
  await using store = await open();
  await expect(open()).rejects.toThrow(/store\.sqlite' is in use by another process\. Stop that one/);
  await store.replies.saveAudio(reply('audio_1'));
});

test('waits when it is closed for what is being written', async () => {
  const store = await open();
  const saving = store.replies.saveAudio(reply('audio_1', { audio: new Uint8Array(100_000) }));
  await store[Symbol.asyncDispose]();
  await saving;
  await using again = await open();
  expect(await again.replies.readAudio('audio_1', 'anna')).toHaveLength(100_000);
});

test('can be closed twice', async () => {
  const store = await open();
  await store[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
});

test('refuses a directory that another process has open', async () => {
  const child = saver();
  try {
    await firstLines(child, 1);
    await expect(open()).rejects.toThrow('is in use by another process');
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

test('loses nothing that was saved and keeps nothing that was not when it is killed', async () => {
  let found = 0;
  for (let round = 0; round < 6; round += 1) {
    const child = saver();
    const saved = await firstLines(child, 3 + Math.floor(Math.random() * 40));
    child.kill('SIGKILL');
    await once(child, 'exit');
    {
      await using store = await open({ maxBytes: 1e9 });
      for (const id of saved) {
        const audio = await store.replies.readAudio(id, 'anna');
        expect(audio?.every((byte) => byte === Number(id.split('_')[1]) % 256)).toBe(true);
        found += 1;
      }
    }
    expect(audioFiles()).toHaveLength(countRows('reply'));
    expect(notices).toEqual([]);
  }
  expect(found).toBeGreaterThan(18);
});

/** Saves replies, eight at a time, and writes the id of each once it is saved. */
function saver(): ChildProcess {
  const script = `
    const { openStore } = await import(${JSON.stringify(new URL('./open-store.ts', import.meta.url).href)});
    const store = await openStore({ directory: ${JSON.stringify(directory)}, maxBytes: 1e9 });
    let next = Date.now();
    const expiresAt = 4e9;
    await Promise.all(Array.from({ length: 8 }, async () => {
      for (;;) {
        const id = 'audio_' + next++;
        const audio = new Uint8Array(30_000).fill(Number(id.split('_')[1]) % 256);
        await store.replies.saveAudio({ id, owner: 'anna', transcript: id, format: 'wav', expiresAt, audio });
        process.stdout.write(id + '\\n');
      }
    }));`;
  const args = ['--input-type=module', '--disable-warning=ExperimentalWarning', '-e', script];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function firstLines(child: ChildProcess, count: number): Promise<string[]> {
  const lines: string[] = [];
  if (!child.stdout) return lines;
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (lines.length === count) break;
  }
  return lines;
}
