import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ModelEntry } from '../../src/server/models/catalog.ts';
import { openHub } from '../../src/server/models/hub.ts';
import { pullModel } from '../../src/server/models/pull-model.ts';
import { bytesOf, entryOf, fileOf } from './entries.ts';
import { FakeHub, type Misbehaviour } from './fake-hub.ts';

const WEIGHTS = bytesOf(300_000);
const PATH = 'model.onnx';
const entry = entryOf(fileOf(PATH, WEIGHTS));

let hub: FakeHub;
let models: string;

beforeEach(async () => {
  cuts.clear();
  hub = await FakeHub.start();
  hub.addFile('acme/tiny', PATH, WEIGHTS);
  models = await mkdtemp(join(tmpdir(), 'samtal-models-'));
});

afterEach(async () => {
  await hub[Symbol.asyncDispose]();
  await rm(models, { recursive: true, force: true });
});

interface PullSettings {
  readonly signal?: AbortSignal;
  readonly env?: NodeJS.ProcessEnv;
  readonly stallMs?: number;
  readonly onBytes?: (bytes: number) => void;
}

async function pull(what: ModelEntry = entry, settings: PullSettings = {}): Promise<Buffer> {
  const { signal = new AbortController().signal, env = {}, stallMs = 5_000, onBytes } = settings;
  await using source = openHub({ SAMTAL_HUB: hub.url, ...env }, { stallMs, retryMs: 1 });
  const onProgress = ({ bytes }: { bytes: number }): void => {
    cuts.get(bytes)?.();
    onBytes?.(bytes);
  };
  const { directory } = await pullModel(models, what, { hub: source, signal, onProgress });
  return await readFile(join(directory, PATH));
}

/** By how much has come: what a connection that is cut sent before would else be lost on the way. */
const cuts = new Map<number, () => void>();

/** Sends a part of what is asked for, and cuts the connection when that has come. */
function cutAfter(bytes: number, sent = WEIGHTS): Misbehaviour {
  return (response, file) => {
    response.writeHead(200, { 'content-length': sent.length, etag: file?.etag });
    response.write(sent.subarray(0, bytes));
    cuts.set(bytes, () => void response.destroy());
  };
}

const cutAtOnce: Misbehaviour = (response) => void response.destroy();

/** What a pull leaves that did not come to its end: parts, and never a model. */
async function expectNothingInstalled(): Promise<void> {
  expect((await readdir(models)).filter((name) => !name.startsWith('.'))).toEqual([]);
}

test('a model that is there has its files, what pins them, and no parts beside it', async () => {
  expect(await pull()).toEqual(WEIGHTS);
  expect(await readdir(models)).toEqual(['tiny']);
  const manifest = JSON.parse(await readFile(join(models, 'tiny', 'samtal-model.json'), 'utf8'));
  expect(manifest.files[PATH].bytes).toBe(300_000);
});

test('a model that is there is not downloaded again', async () => {
  await pull();
  await pull();
  expect(hub.requestsFor(PATH)).toHaveLength(1);
});

test('a model of which a file is cut short is pulled again', async () => {
  await pull();
  await writeFile(join(models, 'tiny', PATH), 'short');
  expect(await pull()).toEqual(WEIGHTS);
});

test('a connection that is cut is gone on with where it was cut', async () => {
  hub.once(PATH, cutAfter(100_000));
  expect(await pull()).toEqual(WEIGHTS);
  expect(hub.requestsFor(PATH)[1]?.headers.range).toBe('bytes=100000-');
  expect(hub.requestsFor(PATH)[1]?.headers['if-range']).toBe(hub.files.values().next().value?.etag);
});

test('a connection that is always cut is given up, and the next pull goes on from there', async () => {
  hub.always(PATH, cutAtOnce);
  await expect(pull()).rejects.toMatchObject({ name: 'ModelError', reason: 'offline' });
  await expectNothingInstalled();
});

test('who stops a pull gets the reason, and the next goes on from there', async () => {
  hub.pace = { pieceBytes: 50_000, pauseMs: 5 };
  const abort = new AbortController();
  const stopAt = (bytes: number): void => {
    if (bytes >= 100_000) abort.abort(new Error('Enough.'));
  };
  await expect(pull(entry, { signal: abort.signal, onBytes: stopAt })).rejects.toThrow('Enough.');
  await expectNothingInstalled();
  expect(await pull()).toEqual(WEIGHTS);
  expect(hub.requestsFor(PATH)[1]?.headers.range).toMatch(/^bytes=[1-9]\d{4,5}-$/);
});

test('a file that has changed between two tries is downloaded from its beginning', async () => {
  hub.once(PATH, (response) => {
    response.writeHead(200, { 'content-length': WEIGHTS.length, etag: '"of-yesterday"' });
    response.write(bytesOf(100_000, 7));
    cuts.set(100_000, () => void response.destroy());
  });
  expect(await pull()).toEqual(WEIGHTS);
  expect(hub.requestsFor(PATH)[1]?.headers['if-range']).toBe('"of-yesterday"');
  expect(hub.requestsFor(PATH)).toHaveLength(2);
});

test('a hub that answers a range with the whole is read from the beginning', async () => {
  hub.once(PATH, cutAfter(100_000));
  hub.once(PATH, (response, file) => response.writeHead(200).end(file?.bytes));
  expect(await pull()).toEqual(WEIGHTS);
});

/** Answers each request for a range like this, and the others as usual. */
function answerRanges(answerRange: (response: ServerResponse) => void): void {
  hub.once(PATH, cutAfter(100_000));
  hub.always(PATH, (response, _file, answer) => {
    if (hub.seen.at(-1)?.headers.range === undefined) answer();
    else answerRange(response);
  });
}

test('a hub that answers with another range is not believed, and asked for the whole', async () => {
  answerRanges((response) => {
    response.writeHead(206, { 'content-range': 'bytes 50000-299999/300000' }).end(WEIGHTS.subarray(50_000));
  });
  expect(await pull()).toEqual(WEIGHTS);
  expect(hub.requestsFor(PATH)).toHaveLength(3);
});

test('a hub that answers a range without saying which is not believed, and asked for the whole', async () => {
  answerRanges((response) => void response.writeHead(206).end(WEIGHTS.subarray(100_000)));
  expect(await pull()).toEqual(WEIGHTS);
  expect(hub.requestsFor(PATH)).toHaveLength(3);
});

test('a hub that knows no such range is asked for the whole', async () => {
  answerRanges((response) => void response.writeHead(416).end());
  expect(await pull()).toEqual(WEIGHTS);
  expect(hub.requestsFor(PATH)).toHaveLength(3);
});

test('a part in which bytes are wrong is thrown away, and the whole comes once more', async () => {
  hub.once(PATH, cutAfter(100_000, bytesOf(300_000, 7)));
  expect(await pull()).toEqual(WEIGHTS);
  expect(hub.requestsFor(PATH).map(({ headers }) => headers.range)).toEqual([
    undefined,
    'bytes=100000-',
    undefined,
  ]);
});

test('bytes other than those that are pinned are refused, and nothing of them is kept', async () => {
  hub.addFile('acme/tiny', PATH, bytesOf(300_000, 7));
  await expect(pull()).rejects.toMatchObject({ reason: 'wrong-bytes' });
  await expectNothingInstalled();
  expect(existsSync(join(models, '.part-tiny', '0.download'))).toBe(false);
});

test('a file that is shorter on the hub than it is pinned is refused before it comes', async () => {
  hub.addFile('acme/tiny', PATH, WEIGHTS.subarray(0, 200_000));
  await expect(pull()).rejects.toMatchObject({
    reason: 'wrong-bytes',
    message: expect.stringContaining('has 200000 bytes, and the catalogue says 300000'),
  });
  await expectNothingInstalled();
});

test('a file that is longer on the hub than it is pinned is refused before it comes', async () => {
  hub.addFile('acme/tiny', PATH, bytesOf(400_000));
  await expect(pull()).rejects.toMatchObject({ reason: 'wrong-bytes' });
  expect((await stat(join(models, '.part-tiny'))).isDirectory()).toBe(true);
  expect(existsSync(join(models, '.part-tiny', '0.download'))).toBe(false);
});

test('a hub that sends on past the end is stopped there', async () => {
  hub.always(PATH, (response) => {
    response.writeHead(200, { 'transfer-encoding': 'chunked' });
    response.write(bytesOf(400_000));
    response.end();
  });
  await expect(pull()).rejects.toMatchObject({
    reason: 'refused',
    message: expect.stringContaining('sends more than the 300000 bytes'),
  });
  expect((await stat(join(models, '.part-tiny', '0.download'))).size).toBeLessThanOrEqual(300_000);
  await expectNothingInstalled();
});

test('a hub that ends too early without a word is asked for the rest', async () => {
  hub.once(PATH, (response, file) => {
    response.writeHead(200, { 'transfer-encoding': 'chunked', etag: file?.etag });
    response.end(WEIGHTS.subarray(0, 100_000));
  });
  expect(await pull()).toEqual(WEIGHTS);
  expect(hub.requestsFor(PATH)[1]?.headers.range).toBe('bytes=100000-');
});

test('a hub that sends nothing for too long is asked again', async () => {
  hub.once(PATH, (response, file) => {
    response.writeHead(200, { 'content-length': WEIGHTS.length, etag: file?.etag });
    response.write(WEIGHTS.subarray(0, 100_000));
  });
  expect(await pull(entry, { stallMs: 300 })).toEqual(WEIGHTS);
});

test('a hub that does not answer at all is asked again', async () => {
  hub.once(PATH, () => {});
  expect(await pull(entry, { stallMs: 300 })).toEqual(WEIGHTS);
});

test.each([500, 502, 503, 504, 408])('a hub that answers %d is asked again', async (status) => {
  hub.once(PATH, (response) => void response.writeHead(status).end());
  expect(await pull()).toEqual(WEIGHTS);
});

test('a hub that is overloaded is asked again when it says', async () => {
  let askedAt = 0;
  hub.once(PATH, (response) => {
    askedAt = performance.now();
    response.writeHead(429, { 'retry-after': '1' }).end();
  });
  expect(await pull()).toEqual(WEIGHTS);
  expect(performance.now() - askedAt).toBeGreaterThan(950);
});

test('a hub that wants to be left alone for an hour is not waited for', async () => {
  hub.once(PATH, (response) => void response.writeHead(429, { 'retry-after': '3600' }).end());
  await expect(pull()).rejects.toThrow('asks to come back in 60 minutes');
});

test.each([401, 403, 404, 410])('a hub that answers %d is not asked again', async (status) => {
  hub.once(PATH, (response) => void response.writeHead(status).end());
  await expect(pull()).rejects.toMatchObject({
    reason: 'refused',
    message: expect.stringContaining(`${status}`),
  });
  expect(hub.requestsFor(PATH)).toHaveLength(1);
  await expectNothingInstalled();
});

test('a web page in place of the file is told for what it is', async () => {
  hub.once(PATH, (response) => {
    response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      .end('<h1>Log in to this network</h1>');
  });
  await expect(pull()).rejects.toThrow('answers with a web page');
  await expectNothingInstalled();
});

test('a body that was packed for the way is refused', async () => {
  hub.once(PATH, (response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(WEIGHTS));
  await expect(pull()).rejects.toThrow('comes as gzip');
  await expectNothingInstalled();
});

test('redirects that lead nowhere are followed five times', async () => {
  hub.always(PATH, (response) => void response.writeHead(302, { location: `/other/${PATH}` }).end());
  await expect(pull()).rejects.toThrow('redirects more than 5 times');
  expect(hub.requestsFor(PATH)).toHaveLength(6);
});

test.each(['file:///etc/passwd', 'ftp://127.0.0.1/model.onnx', 'http://['])(
  'a redirect to %s is not followed',
  async (location) => {
    hub.once(PATH, (response) => void response.writeHead(302, { location }).end());
    await expect(pull()).rejects.toThrow('which is not followed');
  },
);

test('a redirect to another host is followed, and the token stays with the first', async () => {
  await using other = await FakeHub.start();
  other.files.set('/blobs/weights', { bytes: WEIGHTS });
  hub.once(
    PATH,
    (response) => void response.writeHead(302, { location: `${other.url}/blobs/weights` }).end(),
  );
  expect(await pull(entry, { env: { HF_TOKEN: 'hf_secret' } })).toEqual(WEIGHTS);
  expect(hub.requestsFor(PATH)[0]?.headers.authorization).toBe('Bearer hf_secret');
  expect(other.seen[0]?.headers.authorization).toBeUndefined();
});

test('what comes after a cut behind a redirect is asked of the first host again', async () => {
  await using other = await FakeHub.start();
  const etag = '"of-the-other"';
  other.files.set('/blobs/weights', { bytes: WEIGHTS, etag });
  other.once('/blobs/weights', cutAfter(100_000));
  const redirect: Misbehaviour = (response) =>
    void response.writeHead(302, { location: `${other.url}/blobs/weights` }).end();
  hub.once(PATH, redirect);
  hub.once(PATH, redirect);
  expect(await pull()).toEqual(WEIGHTS);
  expect(other.seen[1]?.headers.range).toBe('bytes=100000-');
});

test('several files of a model come one after the other, and a cut in one leaves the others alone', async () => {
  const tokens = bytesOf(5_000, 3);
  hub.addFile('acme/tiny', 'tokens.txt', tokens);
  const both = entryOf(fileOf('tokens.txt', tokens), fileOf(PATH, WEIGHTS));
  hub.always(PATH, cutAtOnce);
  await expect(pull(both)).rejects.toMatchObject({ reason: 'offline' });
  await hub[Symbol.asyncDispose]();
  hub = await FakeHub.start();
  hub.addFile('acme/tiny', PATH, WEIGHTS);
  expect(await pull(both)).toEqual(WEIGHTS);
  expect(hub.requestsFor('tokens.txt')).toEqual([]);
  expect(await readFile(join(models, 'tiny', 'tokens.txt'))).toEqual(tokens);
});
