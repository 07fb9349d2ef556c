import { expect, test } from 'vitest';
import { speakPieces } from './speak-pieces.ts';
import type { SynthesisEvent } from './speech-synthesizer.ts';

const SAMPLE_RATE = 1000;

/** Speaks a text as one sample of 1 a character, all in one go. */
async function* spell(text: string): AsyncGenerator<Int16Array> {
  yield new Int16Array(text.length).fill(1);
}

async function* from(pieces: readonly string[]): AsyncGenerator<string> {
  yield* pieces;
}

interface Script {
  readonly pieces: readonly string[];
  readonly speed?: number;
  readonly speak?: (text: string, signal: AbortSignal) => AsyncIterable<Int16Array>;
}

function speak({ pieces, speed = 1, speak = spell }: Script): AsyncGenerator<SynthesisEvent> {
  const signal = new AbortController().signal;
  return speakPieces(from(pieces), { signal, sampleRate: SAMPLE_RATE, speed, speak });
}

/** `s` for a sample of silence, `v` for one of voice, in runs. */
async function heard(script: Script): Promise<string> {
  const runs: string[] = [];
  for await (const event of speak(script)) {
    if (event.type === 'audio')
      runs.push([...event.chunk.samples].map((sample) => (sample === 0 ? 's' : 'v')).join(''));
  }
  return (runs.join('').match(/s+|v+/g) ?? []).map((run) => `${run.length}${run[0]}`).join(' ');
}

test('a sentence is followed by a longer pause than a clause, and the last by none', async () => {
  expect(await heard({ pieces: ['Yes, ', 'I do. ', 'You?'] })).toBe('5v 120s 6v 240s 4v');
});

test('a faster voice makes shorter pauses', async () => {
  expect(await heard({ pieces: ['Yes. ', 'No.'], speed: 2 })).toBe('5v 120s 3v');
});

test('no chunk is longer than 100 ms', async () => {
  const lengths: number[] = [];
  for await (const event of speak({ pieces: ['x'.repeat(230)] }))
    if (event.type === 'audio') lengths.push(event.chunk.samples.length);
  expect(lengths).toEqual([100, 100, 30]);
});

test('a piece that is too long is spoken in parts, cut between words, and marked once', async () => {
  const parts: string[] = [];
  const piece = 'word '.repeat(120);
  const marks: string[] = [];
  const speakPart = (text: string): AsyncIterable<Int16Array> => {
    parts.push(text);
    return spell(text);
  };
  for await (const event of speak({ pieces: [piece], speak: speakPart }))
    if (event.type === 'spoken') marks.push(event.text);
  expect(parts.map((part) => part.length)).toEqual([249, 250, 101]);
  expect(parts.join('')).toBe(piece);
  expect(marks).toEqual([piece]);
});

test('a piece with nothing to pronounce is marked without being spoken', async () => {
  const spoken: string[] = [];
  const speakPart = (text: string): AsyncIterable<Int16Array> => {
    spoken.push(text);
    return spell(text);
  };
  const events = await Array.fromAsync(speak({ pieces: ['Hi. ', '— ... ', ''], speak: speakPart }));
  expect(spoken).toEqual(['Hi. ']);
  expect(events.slice(1)).toEqual([
    { type: 'spoken', text: 'Hi. ', endMs: 4 },
    { type: 'spoken', text: '— ... ', endMs: 4 },
    { type: 'spoken', text: '', endMs: 4 },
  ]);
});

test('while one piece is read the next is spoken, and no more', async () => {
  const begun: string[] = [];
  const second = Promise.withResolvers<void>();
  const speakPart = (text: string): AsyncIterable<Int16Array> => {
    begun.push(text);
    if (text === 'Two.') second.resolve();
    return spell(text);
  };
  const events = speak({ pieces: ['One.', 'Two.', 'Three.', 'Four.'], speak: speakPart });
  await events.next();
  await second.promise;
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun).toEqual(['One.', 'Two.']);
  await events.return(undefined);
});

test('an engine that fails is heard of after what it has spoken before', async () => {
  async function* breakOff(): AsyncGenerator<Int16Array> {
    yield new Int16Array(10).fill(1);
    throw new Error('Out of breath.');
  }
  const events = speak({ pieces: ['One.'], speak: breakOff });
  expect((await events.next()).value).toMatchObject({ type: 'audio' });
  await expect(events.next()).rejects.toThrow('Out of breath.');
});
