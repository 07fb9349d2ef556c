import { afterAll, expect, test } from 'vitest';
import { AudioFormatError } from '../audio-format-error.ts';
import { broken, wholeNumbers } from '../test-breakage.ts';
import { inChunks, testSpeech } from '../test-speech.ts';
import { createCodecs } from './codec-pool.ts';

const FILES_PER_FORMAT = 60;
const MAX_SECONDS = 20;

const codecs = createCodecs({ workers: 1, waiting: 1 });
const speech = testSpeech(2, 24000);

afterAll(async () => {
  await codecs[Symbol.asyncDispose]();
});

/** `decoded`, or the kind of the one error that is allowed. */
async function outcome(bytes: Uint8Array): Promise<string> {
  // A decoder that hangs is a failure of this test, not a reason to wait.
  const signal = AbortSignal.timeout(10_000);
  let seconds = 0;
  try {
    for await (const { samples, sampleRate } of codecs.decode(bytes, { maxSeconds: MAX_SECONDS, signal }))
      seconds += samples.length / sampleRate;
  } catch (error) {
    if (error instanceof AudioFormatError) return error.kind;
    throw error;
  }
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(MAX_SECONDS);
  return 'decoded';
}

test.each(['wav', 'mp3', 'flac', 'opus'] as const)(
  'every broken %s is decoded or refused',
  async (format) => {
    const { signal } = new AbortController();
    const file = await codecs.encodeFile(inChunks(speech, 24000), format, { signal });
    const random = wholeNumbers(20_241_217);
    const outcomes = new Map<string, number>();
    for (let count = 0; count < FILES_PER_FORMAT; count += 1) {
      const result = await outcome(broken(file, random));
      outcomes.set(result, (outcomes.get(result) ?? 0) + 1);
    }
    expect(await outcome(file)).toBe('decoded');
    expect(outcomes.get('decoded')).toBeGreaterThan(FILES_PER_FORMAT / 4);
  },
  60_000,
);
