import { expect, test } from 'vitest';
import type { MessageItem } from '../conversation/item.ts';
import type { OutputItem } from './session-event.ts';
import { SessionMemory } from './session-memory.ts';

const TRANSCRIPT = 'One two three. Four five six.';

function spokenTurn(id: string, ms: number, transcript?: string): MessageItem {
  const clip = { chunks: [{ samples: new Int16Array(ms * 24), sampleRate: 24_000 }] };
  return {
    kind: 'message',
    id,
    role: 'user',
    status: 'completed',
    content: [{ kind: 'audio', clip, transcript }],
  };
}

function begin(memory: SessionMemory, id: string): void {
  memory.insert({ kind: 'message', id, role: 'assistant', status: 'incomplete', content: [] });
}

function tell(memory: SessionMemory, id: string): void {
  const item: OutputItem = {
    kind: 'message',
    id,
    status: 'completed',
    content: [{ kind: 'audio', text: TRANSCRIPT }],
  };
  const marks = [
    { text: 'One two three. ', endMs: 1_000 },
    { text: 'Four five six.', endMs: 2_000 },
  ];
  const chunks = [{ samples: new Int16Array(48_000), sampleRate: 24_000 }];
  memory.remember(item, { transcript: TRANSCRIPT, marks, chunks, durationMs: 2_000 });
}

function partOf(
  memory: SessionMemory,
  id: string,
): { readonly words: string | undefined; readonly ms: number } {
  const item = memory.find(id);
  const part = item?.kind === 'message' ? item.content[0] : undefined;
  if (part?.kind !== 'audio') return { words: undefined, ms: 0 };
  const samples = part.clip.chunks.reduce((sum, chunk) => sum + chunk.samples.length, 0);
  return { words: part.transcript, ms: samples / 24 };
}

test.each([
  [0, ''],
  [500, 'One two'],
  [1_000, 'One two three. '],
  [1_600, 'One two three. Four '],
  [1_999, TRANSCRIPT],
  [2_000, TRANSCRIPT],
  [2_090, TRANSCRIPT],
])('cut at %d ms, a reply keeps %j, and its place', (audioEndMs, words) => {
  const memory = new SessionMemory(60_000);
  begin(memory, 'a');
  tell(memory, 'a');
  memory.truncate('a', audioEndMs);
  memory.truncate('a', audioEndMs);
  expect(partOf(memory, 'a')).toEqual({ words, ms: Math.min(audioEndMs, 2_000) });
  expect(memory.items).toHaveLength(1);
});

test('a cut that comes before its item is told is made then, and the shortest wins', () => {
  const memory = new SessionMemory(60_000);
  begin(memory, 'a');
  memory.truncate('a', 1_000);
  memory.truncate('a', 1_500);
  tell(memory, 'a');
  expect(partOf(memory, 'a')).toEqual({ words: 'One two three. ', ms: 1_000 });
  expect(memory.spokenMs('a')).toBe(1_000);
});

test('what is told of an item that has been deleted is not kept', () => {
  const memory = new SessionMemory(60_000);
  begin(memory, 'a');
  memory.remove('a');
  tell(memory, 'a');
  expect(memory.items).toEqual([]);
  expect(memory.spokenMs('a')).toBeUndefined();
});

test('the oldest sound is forgotten, its words are not, and what nobody heard is lost', () => {
  const memory = new SessionMemory(1_000);
  memory.insert(spokenTurn('unheard', 600));
  memory.insert(spokenTurn('a', 600, 'Hello.'));
  memory.insert(spokenTurn('b', 600, 'Again.'));
  expect(partOf(memory, 'unheard')).toEqual({ words: '', ms: 0 });
  expect(partOf(memory, 'a')).toEqual({ words: 'Hello.', ms: 0 });
  expect(partOf(memory, 'b')).toEqual({ words: 'Again.', ms: 600 });
});

test('sound that is still being heard is kept', () => {
  const memory = new SessionMemory(1_000);
  memory.insert(spokenTurn('a', 600));
  memory.hear('a', new Promise(() => {}));
  memory.insert(spokenTurn('b', 600, 'Again.'));
  expect(partOf(memory, 'a').ms).toBe(600);
});

test('words that were heard become part of their item, and a failure leaves it as it was', async () => {
  const memory = new SessionMemory(60_000);
  memory.insert(spokenTurn('a', 100));
  memory.insert(spokenTurn('b', 100));
  memory.hear('a', Promise.resolve('Hello.'));
  memory.hear('b', Promise.reject(new Error('deaf')));
  const { hearing } = memory;
  expect(await hearing.get('a')).toBe('Hello.');
  await expect(hearing.get('b')).rejects.toThrow('deaf');
  expect(partOf(memory, 'a').words).toBe('Hello.');
  expect(partOf(memory, 'b').words).toBeUndefined();
  expect(memory.hearing.size).toBe(0);
});

test('items stand where they are put, and know what is before them', () => {
  const memory = new SessionMemory(60_000);
  for (const id of ['a', 'b']) memory.insert(spokenTurn(id, 10, ''));
  expect(memory.insert(spokenTurn('first', 10, ''), 'root')).toBe(true);
  expect(memory.insert(spokenTurn('between', 10, ''), 'a')).toBe(true);
  expect(memory.insert(spokenTurn('lost', 10, ''), 'nobody')).toBe(false);
  expect(memory.items.map(({ id }) => id)).toEqual(['first', 'a', 'between', 'b']);
  expect(memory.items.map(({ id }) => memory.previousOf(id))).toEqual([null, 'first', 'a', 'between']);
});
