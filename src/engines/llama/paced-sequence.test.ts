import { expect, test } from 'vitest';
import { type Deferred, deferred } from '../../util/deferred.ts';
import type { TokenSequence } from './llama-runtime.ts';
import { paced } from './paced-sequence.ts';

class Counting {
  readonly contextTokens: number[] = [];
  readonly tokenMeter = { getState: () => ({ usedInputTokens: 0, usedOutputTokens: this.written }) };
  readonly replacements: unknown[] = [];
  written = 0;
  hasEnded = false;

  async *evaluate(): AsyncGenerator<number, void, unknown> {
    try {
      for (;;) {
        this.written += 1;
        this.replacements.push(yield this.written);
      }
    } finally {
      this.hasEnded = true;
    }
  }

  async adaptStateToTokens(tokens: readonly number[]): Promise<void> {
    this.contextTokens.push(...tokens);
  }

  async evaluateWithoutGeneratingNewTokens(): Promise<void> {}
}

function subject(): {
  readonly inner: Counting;
  readonly rooms: Deferred<void>[];
  readonly outer: TokenSequence;
} {
  const inner = new Counting();
  const rooms: Deferred<void>[] = [];
  const outer = paced(inner, async () => {
    const room = deferred();
    rooms.push(room);
    await room.promise;
  });
  return { inner, rooms, outer };
}

test('no token is written before there is room for it', async () => {
  const { inner, rooms, outer } = subject();
  const tokens = outer.evaluate([], {});
  const first = tokens.next();
  await Promise.resolve();
  expect(inner.written).toBe(0);
  rooms[0]?.resolve();
  expect(await first).toEqual({ done: false, value: 1 });
  expect(inner.written).toBe(1);
});

test('what the reader puts in a token’s place is passed on', async () => {
  const { inner, rooms, outer } = subject();
  const tokens = outer.evaluate([], {});
  const first = tokens.next();
  rooms[0]?.resolve();
  await first;
  const second = tokens.next(42);
  rooms[1]?.resolve();
  await second;
  expect(inner.replacements).toEqual([42]);
});

test('a reader who leaves, and room that never comes, end the work', async () => {
  const left = subject();
  const tokens = left.outer.evaluate([], {});
  const first = tokens.next();
  left.rooms[0]?.resolve();
  await first;
  await tokens.return();
  expect(left.inner.hasEnded).toBe(true);

  const refused = subject();
  const next = refused.outer.evaluate([], {}).next();
  refused.rooms[0]?.reject(new Error('not wanted'));
  await expect(next).rejects.toThrow('not wanted');
});

test('its state is that of the sequence', async () => {
  const { inner, outer } = subject();
  await outer.adaptStateToTokens([1, 2], false);
  expect(outer.contextTokens).toEqual([1, 2]);
  expect(inner.contextTokens).toEqual([1, 2]);
});
