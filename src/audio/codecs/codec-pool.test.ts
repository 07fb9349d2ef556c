import { setImmediate } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import type { AudioChunk } from '../chunk.ts';
import { collectAudio, correlation, inChunks, testSpeech } from '../test-speech.ts';
import { createCodecs } from './codec-pool.ts';
import type { OutputFormat } from './encode.ts';

const codecs = createCodecs({ workers: 1, waiting: 16 });
const { signal } = new AbortController();
const speech = testSpeech(2, 24000);

afterAll(async () => {
  await codecs[Symbol.asyncDispose]();
});

async function encoded(format: OutputFormat, audio = inChunks(speech, 24000)): Promise<Uint8Array> {
  return await codecs.encodeFile(audio, format, { signal });
}

test.each(['wav', 'mp3', 'flac', 'opus'] as const)(
  '%s goes out of one thread and into another',
  async (format) => {
    const file = await encoded(format);
    const streamed = Buffer.concat(
      await Array.fromAsync(codecs.encode(inChunks(speech, 24000), format, { signal })),
    );
    expect(Math.abs(streamed.length - file.length)).toBeLessThan(1000);
    const { samples, sampleRate } = await collectAudio(
      codecs.decode(file, { format, maxSeconds: 10, signal }),
    );
    expect(samples.length / sampleRate).toBe(2);
    if (sampleRate === 24000) expect(correlation(samples, speech)).toBeGreaterThan(0.999);
  },
);

test('an AudioFormatError is one on this side too', async () => {
  const read = collectAudio(
    codecs.decode(Buffer.from('no audio'), { format: 'wav', maxSeconds: 10, signal }),
  );
  await expect(read).rejects.toMatchObject({
    name: 'AudioFormatError',
    kind: 'invalid',
    format: 'wav',
    message: 'The audio is not of valid wav format.',
  });
});

test('the bytes stay the caller’s', async () => {
  const file = await encoded('wav');
  await collectAudio(codecs.decode(file, { maxSeconds: 10, signal }));
  expect(file.length).toBe(96044);
  const samples = new Int16Array(speech);
  await encoded('wav', inChunks(samples, 24000, samples.length));
  expect(samples).toEqual(speech);
});

test('aborting ends a decoding that nobody reads on, and the next one begins', async () => {
  const abort = new AbortController();
  const file = await encoded('wav', inChunks(testSpeech(30, 24000), 24000));
  const reading = codecs.decode(file, { maxSeconds: 60, signal: abort.signal });
  await reading.next();
  abort.abort(new Error('the client went away'));
  await expect(reading.next()).rejects.toThrow('the client went away');
  expect((await collectAudio(codecs.decode(file, { maxSeconds: 60, signal }))).samples.length).toBe(720_000);
});

test('one thread encodes several replies side by side, each as its audio comes', async () => {
  const progress: number[] = [];
  // Each takes its next chunk only once all the others have taken theirs.
  const replies = 6;
  const steps = 100;
  let arrived = 0;
  let turn = Promise.withResolvers<void>();
  async function together(): Promise<void> {
    arrived += 1;
    const current = turn;
    if (arrived === replies) {
      arrived = 0;
      turn = Promise.withResolvers();
      current.resolve();
    }
    await current.promise;
  }
  async function* inStep(index: number): AsyncGenerator<AudioChunk> {
    for (let step = 0; step < steps; step += 1) {
      await together();
      progress[index] = step;
      yield { samples: speech.subarray(step * 480, (step + 1) * 480), sampleRate: 24000 };
    }
  }
  const formats = ['mp3', 'opus', 'flac', 'wav', 'aac', 'mp3'] as const;
  const files = await Promise.all(formats.map((format, index) => encoded(format, inStep(index))));
  expect(progress).toEqual(Array.from({ length: replies }, () => steps - 1));
  const back = await collectAudio(codecs.decode(files[5] ?? new Uint8Array(), { maxSeconds: 10, signal }));
  expect(correlation(back.samples, speech)).toBeGreaterThan(0.999);
});

test('more than may wait are refused as busy', async () => {
  await using narrow = createCodecs({ workers: 1, waiting: 0 });
  const file = await encoded('wav');
  const first = narrow.decode(file, { maxSeconds: 10, signal });
  await first.next();
  await expect(narrow.decode(file, { maxSeconds: 10, signal }).next()).rejects.toMatchObject({
    reason: 'busy',
  });
  await first.return();
});

test('a file of 20 MB does not hold up the event loop', async () => {
  const minute = testSpeech(60, 24000);
  const wav = await encoded('wav', inChunks(minute, 24000));
  const mp3 = await encoded('mp3', inChunks(minute, 24000));
  const files = [
    Buffer.concat([wav.subarray(0, 44), ...Array(7).fill(wav.subarray(44))]),
    repeated(mp3, 5e6),
  ];
  // An unknown length, so that all seven minutes count.
  files[0]?.fill(0xff, 40, 44);
  for (const file of files) {
    const decoding = collectAudio(codecs.decode(file, { maxSeconds: 3600, signal }));
    expect(await longestTurnMs(decoding)).toBeLessThan(25);
    const { samples, sampleRate } = await decoding;
    expect(samples.length / sampleRate).toBeGreaterThan(400);
  }
}, 60_000);

/**
 * The longest turn of the event loop until `work` is done, in processor time of this thread: what other
 * programs on the machine take is left out.
 */
async function longestTurnMs(work: Promise<unknown>): Promise<number> {
  let isDone = false;
  const done = work.finally(() => {
    isDone = true;
  });
  let longest = 0;
  while (!isDone) {
    const before = process.threadCpuUsage();
    await setImmediate();
    const { user, system } = process.threadCpuUsage(before);
    longest = Math.max(longest, (user + system) / 1000);
  }
  await done;
  return longest;
}

function repeated(bytes: Uint8Array, length: number): Buffer {
  return Buffer.concat(Array.from({ length: Math.ceil(length / bytes.length) }, () => bytes));
}
