import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CompletionQuery, StoredCompletion } from './completion-store.ts';
import { openStore, type Store } from './open-store.ts';

let directory: string;
let store: Store;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'samtal-store-'));
  store = await openStore({ directory, maxBytes: 1_000_000 });
});

afterEach(async () => {
  await store[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

function completion(id: string, more: Partial<StoredCompletion> = {}): StoredCompletion {
  return {
    id,
    owner: 'anna',
    created: 1_737_412_345,
    model: 'gpt-audio',
    metadata: {},
    messages: [{ role: 'user', content: 'Hej' }],
    response: { object: 'chat.completion' },
    ...more,
  };
}

async function save(...completions: readonly StoredCompletion[]): Promise<void> {
  for (const each of completions) await store.completions.save(each);
}

async function idsOf(query: Partial<CompletionQuery>): Promise<{ ids: string[]; hasMore: boolean }> {
  const { data, hasMore } = await store.completions.list('anna', { limit: 20, order: 'asc', ...query });
  return { ids: data.map(({ id }) => id), hasMore };
}

test('gives a completion back as it was saved', async () => {
  await save(completion('chatcmpl-1', { metadata: { topic: 'dogs' } }));
  expect(await store.completions.get('chatcmpl-1', 'anna')).toEqual({
    id: 'chatcmpl-1',
    owner: 'anna',
    created: 1_737_412_345,
    model: 'gpt-audio',
    metadata: { topic: 'dogs' },
    messages: [{ role: 'user', content: 'Hej' }],
    response: { object: 'chat.completion' },
  } satisfies StoredCompletion);
});

test('keeps no audio that a client sent', async () => {
  const audio = { type: 'input_audio', input_audio: { data: new Uint8Array(5), format: 'wav' } };
  const content = [{ type: 'text', text: 'What is said?' }, audio, audio];
  await save(
    completion('chatcmpl-1', {
      messages: [{ role: 'user', content }],
    }),
  );
  expect((await store.completions.get('chatcmpl-1', 'anna'))?.messages).toEqual([
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is said?' },
        { type: 'input_audio', input_audio: { data: '', format: 'wav' } },
        { type: 'input_audio', input_audio: { data: '', format: 'wav' } },
      ],
    },
  ]);
});

test('hides completions from everybody but their owner', async () => {
  await save(completion('chatcmpl-1'));
  expect(await store.completions.get('chatcmpl-1', 'bo')).toBeUndefined();
  expect(await store.completions.list('bo', { limit: 20, order: 'asc' })).toEqual({
    data: [],
    hasMore: false,
  });
  expect(await store.completions.update('chatcmpl-1', 'bo', { a: 'b' })).toBeUndefined();
  expect(await store.completions.messages('chatcmpl-1', 'bo', { limit: 20, order: 'asc' })).toBeUndefined();
  expect(await store.completions.delete('chatcmpl-1', 'bo')).toBe(false);
  expect((await store.completions.get('chatcmpl-1', 'anna'))?.metadata).toEqual({});
});

test('lists in pages by time of creation, and by order of saving within a second', async () => {
  await save(
    completion('c', { created: 200 }),
    completion('a', { created: 100 }),
    completion('d', { created: 200 }),
    completion('b', { created: 150 }),
  );
  expect(await idsOf({ limit: 3 })).toEqual({ ids: ['a', 'b', 'c'], hasMore: true });
  expect(await idsOf({ limit: 3, after: 'c' })).toEqual({ ids: ['d'], hasMore: false });
  expect(await idsOf({ order: 'desc', limit: 2 })).toEqual({ ids: ['d', 'c'], hasMore: true });
  expect(await idsOf({ order: 'desc', limit: 2, after: 'c' })).toEqual({ ids: ['b', 'a'], hasMore: false });
});

test('refuses to list after what the owner does not have', async () => {
  await save(completion('theirs', { owner: 'bo' }));
  await expect(idsOf({ after: 'theirs' })).rejects.toMatchObject({
    name: 'ApiError',
    kind: 'completion-not-found',
    param: 'after',
  });
});

test('lists by model and by every pair of metadata asked for', async () => {
  await save(
    completion('a', { metadata: { topic: 'dogs', 'a"b.$': 'x' } }),
    completion('b', { metadata: { topic: 'dogs' } }),
    completion('c', { metadata: { topic: 'cats' }, model: 'gpt-audio-mini' }),
  );
  expect((await idsOf({ metadata: { topic: 'dogs' } })).ids).toEqual(['a', 'b']);
  expect((await idsOf({ metadata: { topic: 'dogs', 'a"b.$': 'x' } })).ids).toEqual(['a']);
  expect((await idsOf({ model: 'gpt-audio-mini' })).ids).toEqual(['c']);
  expect((await idsOf({ model: 'gpt-audio-mini', metadata: { topic: 'dogs' } })).ids).toEqual([]);
});

test('replaces the metadata and nothing else', async () => {
  await save(completion('chatcmpl-1', { metadata: { topic: 'dogs' } }), completion('chatcmpl-2'));
  const updated = await store.completions.update('chatcmpl-1', 'anna', { rating: 'good' });
  expect(updated).toMatchObject({ metadata: { rating: 'good' }, model: 'gpt-audio' });
  expect((await store.completions.get('chatcmpl-2', 'anna'))?.metadata).toEqual({});
});

test('deletes a completion once', async () => {
  await save(completion('chatcmpl-1'));
  expect(await store.completions.delete('chatcmpl-1', 'anna')).toBe(true);
  expect(await store.completions.delete('chatcmpl-1', 'anna')).toBe(false);
  expect(await store.completions.get('chatcmpl-1', 'anna')).toBeUndefined();
});

test('pages through the messages of a completion, either way', async () => {
  const messages = ['one', 'two', 'three'].map((content) => ({ role: 'user', content }));
  await save(completion('chatcmpl-1', { messages }));
  expect(await store.completions.messages('chatcmpl-1', 'anna', { limit: 2, order: 'asc' })).toEqual({
    data: [
      { id: 'chatcmpl-1-0', message: { role: 'user', content: 'one' } },
      { id: 'chatcmpl-1-1', message: { role: 'user', content: 'two' } },
    ],
    hasMore: true,
  });
  const page = { limit: 2, order: 'desc', after: 'chatcmpl-1-1' } as const;
  expect(await store.completions.messages('chatcmpl-1', 'anna', page)).toEqual({
    data: [{ id: 'chatcmpl-1-0', message: { role: 'user', content: 'one' } }],
    hasMore: false,
  });
});
