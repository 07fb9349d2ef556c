import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Role } from '../../src/server/auth/principal.ts';
import { homeAt } from '../../src/server/home/paths.ts';
import type { ModelEntry } from '../../src/server/models/catalog.ts';
import { packageNamed } from '../../src/server/packages/catalog.ts';
import { packageFolder } from '../../src/server/packages/find-package.ts';
import { PullQueue } from '../../src/server/pulls/pull-queue.ts';
import { systemClock } from '../../src/util/clock.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { childProcesses } from '../support/child-processes.ts';
import { bytesOf, entryOf, fileOf } from './entries.ts';
import { FakeHub } from './fake-hub.ts';

const MODEL = bytesOf(400_000);
const OTHER = bytesOf(1000, 2);
const CATALOG: readonly ModelEntry[] = [
  entryOf(fileOf('model.onnx', MODEL)),
  { ...entryOf(fileOf('other.onnx', OTHER)), name: 'other' },
];

const home = await mkdtemp(join(tmpdir(), 'samtal-pulls-'));
const SERVED = homeAt(home);
let hub: FakeHub;
let queue: PullQueue;
let open: TestApp;
let url: string;
let changes: number;

beforeEach(async () => {
  hub = await FakeHub.start();
  hub.addFile('acme/tiny', 'model.onnx', MODEL);
  hub.addFile('acme/tiny', 'other.onnx', OTHER);
  vi.stubEnv('SAMTAL_HUB', hub.url);
  vi.stubEnv('NO_PROXY', '127.0.0.1');
  await layOutPackage();
  await start(['contributor']);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await queue[Symbol.asyncDispose]();
  // After an answer that it left, fetch opens a connection on which nothing is asked.
  open.app.server.closeAllConnections();
  await open[Symbol.asyncDispose]();
  await hub[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

/** Files of the right sizes with nothing in them, so that the models need nothing from the registry. */
async function layOutPackage(): Promise<void> {
  const entry = packageNamed('onnxruntime-web');
  for (const [path, bytes] of Object.entries(entry.files)) {
    const file = join(packageFolder(SERVED.enginesDirectory, entry), path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, '');
    await truncate(file, bytes);
  }
}

async function start(roles: readonly Role[]): Promise<void> {
  changes = 0;
  const onChanged = async (): Promise<void> => {
    changes += 1;
  };
  queue = new PullQueue({ home: SERVED, clock: systemClock, onChanged, onError: () => {} });
  const models = { home: SERVED, catalog: CATALOG, queue, uses: () => [], onChanged };
  open = await openTestApp({}, {}, { models, roles });
  url = await open.listen();
}

async function ask(
  method: string,
  path: string,
  { body, signal }: { readonly body?: unknown; readonly signal?: AbortSignal } = {},
): Promise<Response> {
  return await fetch(`${url}/samtal/v1/models${path}`, {
    method,
    signal: signal ?? null,
    headers: { 'api-key': open.key, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

interface Report {
  readonly id: string;
  readonly state: string;
  readonly names: readonly string[];
  readonly items: readonly string[];
  readonly progress?: { readonly name: string; readonly bytes: number; readonly totalBytes: number } | null;
  readonly error?: { readonly reason: string; readonly message: string };
}

async function pull(...names: readonly string[]): Promise<Report> {
  const response = await ask('POST', '/pulls', { body: { names } });
  expect(response.status).toBe(202);
  return (await response.json()) as Report;
}

/** What is told of a pull until `isEnough`, or until it has ended. */
async function reports(id: string, isEnough: (report: Report) => boolean = () => false): Promise<Report[]> {
  const leaving = new AbortController();
  const response = await ask('GET', `/pulls/${id}/events`, { signal: leaving.signal });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const told: Report[] = [];
  let text = '';
  try {
    for await (const piece of response.body ?? []) {
      text += Buffer.from(piece).toString();
      const lines = text.split('\n\n');
      text = lines.pop() ?? '';
      told.push(...lines.map((line) => JSON.parse(line.replace(/^data: /, '')) as Report));
      if (told.some(isEnough)) leaving.abort();
    }
  } catch (error) {
    if (!leaving.signal.aborted) throw error;
  }
  return told;
}

async function ending(id: string): Promise<Report | undefined> {
  return (await reports(id)).at(-1);
}

const isComing = ({ progress }: Report): boolean => (progress?.bytes ?? 0) > 0;

async function stateOf(name: string): Promise<string | undefined> {
  const { models } = (await (await ask('GET', '')).json()) as { models: { name: string; state: string }[] };
  return models.find((model) => model.name === name)?.state;
}

test('a pull tells how far it is, and then the model is there', async () => {
  hub.pace = { pieceBytes: 40_000, pauseMs: 100 };
  const { id, state, items } = await pull('tiny');
  expect([state, items]).toEqual(['waiting', ['tiny']]);
  const told = await reports(id);
  const coming = told.filter(isComing);
  expect(coming.at(0)?.progress).toMatchObject({ name: 'tiny', step: 'download', totalBytes: 400_000 });
  expect(coming.at(0)?.progress?.bytes).toBeLessThan(400_000);
  expect(told.at(-1)).toMatchObject({ id, state: 'succeeded', names: ['tiny'] });
  expect(changes).toBe(1);
  expect(await stateOf('tiny')).toBe('whole');
});

test('a pull can be joined again, while it runs and when it is over', async () => {
  hub.pace = { pieceBytes: 40_000, pauseMs: 100 };
  const { id } = await pull('tiny');
  await reports(id, isComing);
  const again = await reports(id);
  expect(isComing(again[0] as Report)).toBe(true);
  expect(again.at(-1)?.state).toBe('succeeded');
  expect(await reports(id)).toMatchObject([{ id, state: 'succeeded' }]);
  const { pulls } = (await (await ask('GET', '')).json()) as { pulls: Report[] };
  expect(pulls).toMatchObject([{ id, state: 'succeeded' }]);
});

test('a pull that is cancelled stops, and the next goes on from what has come', async () => {
  hub.pace = { pieceBytes: 20_000, pauseMs: 50 };
  const { id } = await pull('tiny');
  await reports(id, isComing);
  expect((await ask('DELETE', `/pulls/${id}`)).status).toBe(202);
  expect((await ending(id))?.state).toBe('cancelled');
  expect(await stateOf('tiny')).toBe('missing');
  hub.pace = undefined;
  expect((await ending((await pull('tiny')).id))?.state).toBe('succeeded');
  expect(hub.requestsFor('model.onnx').at(-1)?.headers.range).toMatch(/^bytes=[1-9]/);
});

test('bytes that are not those of the catalogue fail a pull, which says so', async () => {
  hub.addFile('acme/tiny', 'other.onnx', bytesOf(1000, 3));
  const { id } = await pull('other');
  expect(await ending(id)).toMatchObject({ state: 'failed', error: { reason: 'wrong-bytes' } });
  expect(changes).toBe(1);
  expect(await stateOf('other')).toBe('missing');
});

test('a pull whose process is killed fails, and can be pulled again', async () => {
  hub.pace = { pieceBytes: 20_000, pauseMs: 50 };
  const { id } = await pull('tiny');
  await reports(id, isComing);
  for (const pid of childProcesses('pull-child')) process.kill(pid, 'SIGKILL');
  expect(await ending(id)).toMatchObject({ state: 'failed', error: { reason: 'interrupted' } });
  hub.pace = undefined;
  expect((await ending((await pull('tiny')).id))?.state).toBe('succeeded');
});

test('pulls come one after the other, and the tenth at once is refused', async () => {
  hub.pace = { pieceBytes: 20_000, pauseMs: 50 };
  const first = await pull('tiny');
  const queued: Report[] = [];
  for (let number = 2; number <= 9; number += 1) queued.push(await pull('other'));
  expect(queued.map(({ state }) => state)).toEqual(Array.from({ length: 8 }, () => 'waiting'));
  const refused = await ask('POST', '/pulls', { body: { names: ['other'] } });
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '30']);
  for (const { id } of queued.slice(1)) await ask('DELETE', `/pulls/${id}`);
  expect(await stateOf('other')).toBe('missing');
  expect((await ending(first.id))?.state).toBe('succeeded');
  expect((await ending(queued[0]?.id ?? ''))?.state).toBe('succeeded');
  expect((await ending(queued[1]?.id ?? ''))?.state).toBe('cancelled');
});

test('a model is removed, what it took is free again, and a second time it is not there', async () => {
  await ending((await pull('other')).id);
  const removed = await ask('DELETE', '/other');
  expect(removed.status).toBe(200);
  const { freedBytes } = (await removed.json()) as { freedBytes: number };
  expect(freedBytes).toBeGreaterThan(1000);
  expect([changes, await stateOf('other')]).toEqual([2, 'missing']);
  const again = await ask('DELETE', '/other');
  expect([again.status, await again.json()]).toMatchObject([
    404,
    { error: { message: "The model 'other' is not there." } },
  ]);
});

test('a model that is being pulled can not be removed', async () => {
  hub.pace = { pieceBytes: 20_000, pauseMs: 50 };
  const { id } = await pull('tiny');
  await reports(id, isComing);
  const refused = await ask('DELETE', '/tiny');
  expect([refused.status, await refused.json()]).toMatchObject([409, { error: { code: 'conflict' } }]);
});

test('a plan states sizes of all that would come, and brings nothing', async () => {
  await rm(SERVED.enginesDirectory, { recursive: true });
  const response = await ask('POST', '/plans', { body: { names: ['tiny', 'other'] } });
  const plan = (await response.json()) as { items: { name: string; downloadBytes: number }[] };
  expect(plan).toMatchObject({
    items: [
      { kind: 'model', name: 'tiny', license: 'MIT', downloadBytes: 400_000, diskBytes: 400_000 },
      { kind: 'model', name: 'other', downloadBytes: 1000 },
      { kind: 'package', name: 'onnxruntime-web', license: 'MIT' },
    ],
    memoryBytes: 2,
  });
  expect(await stateOf('tiny')).toBe('missing');
  expect(hub.servedBytes).toBe(0);
});

test('a name that is none is refused, with the one that may have been meant', async () => {
  const response = await ask('POST', '/pulls', { body: { names: ['other', 'tinny'] } });
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({
    error: {
      message: "There is no model, package or preset 'tinny'. Did you mean 'tiny'?",
      type: 'invalid_request_error',
      param: 'names[1]',
      code: 'invalid_value',
    },
  });
});

test('a pull that there is not is not found', async () => {
  expect((await ask('GET', '/pulls/pull_1/events')).status).toBe(404);
  expect((await ask('DELETE', '/pulls/pull_1')).status).toBe(404);
});

test('who may only call lists models, and neither pulls nor removes', async () => {
  await open[Symbol.asyncDispose]();
  await start(['user']);
  expect(await stateOf('tiny')).toBe('missing');
  const refused = [
    await ask('POST', '/pulls', { body: { names: ['tiny'] } }),
    await ask('POST', '/plans', { body: { names: ['tiny'] } }),
    await ask('DELETE', '/pulls/pull_1'),
    await ask('DELETE', '/tiny'),
  ];
  expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  expect(await refused[0]?.json()).toEqual({
    error: {
      message:
        "The client 'key:test' may list models but not pull or remove them. Give it the role contributor, such as in auth.keys of the configuration, or use the key that `samtal key` prints.",
      type: 'invalid_request_error',
      param: null,
      code: 'insufficient_permissions',
    },
  });
});

test('the end of the server ends a pull and its process', async () => {
  hub.pace = { pieceBytes: 20_000, pauseMs: 50 };
  const { id } = await pull('tiny');
  await reports(id, isComing);
  const told = reports(id);
  await queue[Symbol.asyncDispose]();
  expect((await told).at(-1)?.state).toBe('cancelled');
  expect(childProcesses('pull-child')).toEqual([]);
});
