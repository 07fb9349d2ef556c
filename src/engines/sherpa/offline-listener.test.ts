import { expect, test } from 'vitest';
import type { RecognitionEvent } from '../../engine/speech-recognizer.ts';
import { type Hearing, OfflineListener } from './offline-listener.ts';

/** A voice's buzz for so long, in frames of 10 ms. */
function voice(lengthMs: number): Int16Array {
  return Int16Array.from(
    { length: lengthMs * 16 },
    (_, time) => (((time * 150) / 16_000) % 1) * 8_000 - 4_000,
  );
}

/** Hears a word in every second, and begins a hearing only when it is let. */
class SlowHearing implements Hearing {
  readonly heardMs: number[] = [];
  isFree = true;
  #letEnd: (() => void)[] = [];

  async hear(parts: readonly Int16Array[]): Promise<{ text: string }> {
    const lengthMs = parts.length * 10;
    this.heardMs.push(lengthMs);
    this.isFree = false;
    await new Promise<void>((resolve) => this.#letEnd.push(resolve));
    this.isFree = true;
    return {
      text: Array.from({ length: Math.floor(lengthMs / 1_000) }, (_, index) => `word${index}`).join(' '),
    };
  }

  /** The hearing that goes on comes to its end. */
  finish(): void {
    this.#letEnd.shift()?.();
  }
}

async function heard(listener: OfflineListener, samples: Int16Array): Promise<readonly RecognitionEvent[]> {
  return await Array.fromAsync(listener.hear(samples));
}

test('is not heard again before it has grown by 600 ms, and never twice at a time', async () => {
  const hearing = new SlowHearing();
  const listener = new OfflineListener(hearing);
  await heard(listener, voice(300));
  expect(listener.guess()).toBeUndefined();
  await heard(listener, voice(2_000));
  const guess = listener.guess();
  await heard(listener, voice(5_000));
  expect(listener.guess()).toBe(guess);
  expect(hearing.heardMs).toHaveLength(1);
  hearing.finish();
  expect(await guess).toEqual({ type: 'partial', text: 'word0' });
});

test('is not heard for partials while others are heard', async () => {
  const hearing = new SlowHearing();
  const listener = new OfflineListener(hearing);
  hearing.isFree = false;
  await heard(listener, voice(2_000));
  expect(listener.guess()).toBeUndefined();
  hearing.isFree = true;
  expect(listener.guess()).toBeDefined();
});

test('what was heard of an utterance that is over is not told', async () => {
  const hearing = new SlowHearing();
  const listener = new OfflineListener(hearing);
  await heard(listener, voice(2_500));
  const guess = listener.guess();
  const end = Array.fromAsync(listener.end());
  hearing.finish();
  expect(await guess).toBeUndefined();
  hearing.finish();
  expect(await end).toMatchObject([{ type: 'final', text: 'word0 word1' }]);
});

test('what is heard in the pause after an utterance is its final, and is not heard once more', async () => {
  const hearing = new SlowHearing();
  const listener = new OfflineListener(hearing);
  await heard(listener, voice(2_600));
  const first = listener.guess();
  hearing.finish();
  await first;
  await heard(listener, voice(200));
  expect(listener.guess()).toBeUndefined();
  await heard(listener, new Int16Array(400 * 16));
  const guess = listener.guess();
  expect(guess).toBeDefined();
  const end = Array.fromAsync(listener.end());
  hearing.finish();
  await guess;
  expect(await end).toMatchObject([{ type: 'final', text: 'word0 word1 word2' }]);
  expect(hearing.heardMs).toEqual([2_600, 3_100]);
});

test('what comes after a pause is heard with what was before it', async () => {
  const hearing = new SlowHearing();
  const listener = new OfflineListener(hearing);
  await heard(listener, voice(2_500));
  await heard(listener, new Int16Array(400 * 16));
  const guess = listener.guess();
  hearing.finish();
  await guess;
  await heard(listener, voice(500));
  const end = Array.fromAsync(listener.end());
  hearing.finish();
  expect(await end).toMatchObject([{ type: 'final', text: 'word0 word1 word2' }]);
});

test('a hearing that fails is told by the end of the utterance, not by its partials', async () => {
  const failing: Hearing = { isFree: true, hear: () => Promise.reject(new Error('No ears.')) };
  const listener = new OfflineListener(failing);
  await heard(listener, voice(2_500));
  expect(await listener.guess()).toBeUndefined();
  await expect(Array.fromAsync(listener.end())).rejects.toThrow('No ears.');
});

test('an utterance that goes on and on is heard in parts of 25 s at most', async () => {
  const lengths: number[] = [];
  const listener = new OfflineListener({
    isFree: false,
    hear: async (parts) => {
      lengths.push(parts.length * 10);
      return { text: 'still', lang: '<|en|>' };
    },
  });
  const finals = [...(await heard(listener, voice(60_000))), ...(await Array.fromAsync(listener.end()))];
  expect(Math.max(...lengths)).toBeLessThanOrEqual(25_000);
  expect(finals.map((final) => final.type === 'final' && final.endMs)).toEqual([24_990, 49_980, 60_000]);
  expect(finals[0]).toMatchObject({ language: 'en' });
});
