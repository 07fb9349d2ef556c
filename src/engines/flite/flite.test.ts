import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { speechSynthesizerConformance } from '../../engine/conformance/speech-synthesizer.ts';
import { flite } from './flite.ts';

const synthesizer = flite();
const narrow = flite({ workers: 1, waiting: 0 });

beforeAll(async () => {
  await Promise.all([synthesizer.warm(), narrow.warm()]);
});

afterAll(async () => {
  await synthesizer[Symbol.asyncDispose]();
  await narrow[Symbol.asyncDispose]();
});

describe('flite is a speech synthesizer', () => {
  test.each(speechSynthesizerConformance)('$name', async ({ run }) => {
    await run({ synthesizer, narrow, voice: 'alloy' });
  });
});

const SENTENCE = 'The weather in the city is warm and sunny this afternoon.';

test('every voice of the API speaks', async () => {
  const lengths = await Promise.all(
    synthesizer.voices.map(async (voice) => (await speech({ voice })).length),
  );
  expect(synthesizer.voices).toHaveLength(13);
  for (const length of lengths) expect(length).toBeGreaterThan(2 * 16_000);
});

test('alloy, echo and shimmer are different people', async () => {
  const [alloy, echo, shimmer] = await Promise.all(
    ['alloy', 'echo', 'shimmer'].map(async (voice) => medianPitch(await speech({ voice }))),
  );
  expect(alloy).toBeGreaterThan(90);
  expect(alloy).toBeLessThan(115);
  expect(echo).toBeGreaterThan(118);
  expect(echo).toBeLessThan(140);
  expect(shimmer).toBeGreaterThan(200);
  expect(shimmer).toBeLessThan(245);
});

test.each([
  [0.25, 0.23, 0.27],
  [0.5, 0.47, 0.53],
  [2, 1.9, 2.1],
  [4, 3.5, 4.2],
])('at the speed %d it speaks that much faster', async (speed, least, most) => {
  const ratio = (await speech({})).length / (await speech({ speed })).length;
  expect(ratio).toBeGreaterThan(least);
  expect(ratio).toBeLessThan(most);
});

test('another language is refused with the remedy', async () => {
  await expect(async () => await speech({ language: 'sv-SE' })).rejects.toThrow(
    /not sv-SE.*apt-get install espeak-ng/,
  );
  await expect(speech({ language: 'en-GB' })).resolves.toBeDefined();
});

test('an unknown voice is refused', async () => {
  await expect(async () => await speech({ voice: 'toString' })).rejects.toThrow(/no voice toString/);
});

test('a long piece lets go of its thread when it is cancelled', async () => {
  const stop = new AbortController();
  const speaking = speech({ text: SENTENCE.repeat(40), speed: 0.25, signal: stop.signal });
  await expect.poll(() => synthesizer.status.running).toBe(1);
  stop.abort();
  await expect(speaking).rejects.toThrow(/aborted/);
  await expect.poll(() => synthesizer.status.running, { timeout: 500, interval: 5 }).toBe(0);
});

const MODEL = '/usr/share/pocketsphinx/model/en-us';
const canHear = existsSync(MODEL) && existsSync('/usr/bin/pocketsphinx_batch');
if (!canHear) console.warn('flite: left out what needs pocketsphinx: whether its speech is understood.');

test.runIf(canHear)('alloy is understood by a recognizer', async () => {
  expect(hear(await speech({}))).toBe('the weather in the city is warm and sunny this afternoon');
  expect(hear(await speech({ text: 'It was paid on 2026-11-21 at 10:30 with $5.20.' }))).toBe(
    'it was paid on november twenty first twenty twenty six at ten thirty with five dollars twenty cents',
  );
});

interface SpeechOptions {
  readonly text?: string;
  readonly voice?: string;
  readonly speed?: number;
  readonly language?: string;
  readonly signal?: AbortSignal;
}

async function speech(options: SpeechOptions): Promise<Int16Array> {
  const {
    text = SENTENCE,
    voice = 'alloy',
    speed = 1,
    signal = new AbortController().signal,
    language,
  } = options;
  async function* written(): AsyncGenerator<string> {
    yield text;
  }
  const samples: number[] = [];
  for await (const event of synthesizer.synthesize(written(), { voice, speed, signal, language })) {
    if (event.type === 'audio') samples.push(...event.chunk.samples);
  }
  return Int16Array.from(samples);
}

/** Hertz, by the autocorrelation of each 50 ms in which there is a voice. */
function medianPitch(samples: Int16Array): number {
  const window = 800;
  const found: number[] = [];
  for (let start = 0; start + 2 * window < samples.length; start += window / 2) {
    const part = samples.subarray(start, start + window);
    if (part.reduce((power, sample) => power + sample * sample, 0) / window < 250_000) continue;
    const best = { lag: 0, likeness: 0.6 };
    for (let lag = 40; lag <= 266; lag++) {
      const likeness = correlation(part, samples.subarray(start + lag, start + lag + window));
      // A longer lag has to be plainly better, or it is a multiple of the period.
      if (likeness > best.likeness + 0.02) Object.assign(best, { lag, likeness });
    }
    if (best.lag > 0) found.push(16_000 / best.lag);
  }
  return found.toSorted((one, other) => one - other)[found.length >> 1] ?? 0;
}

function correlation(one: Int16Array, other: Int16Array): number {
  let product = 0;
  let onePower = 0;
  let otherPower = 0;
  for (const [index, sample] of one.entries()) {
    const shifted = other[index] ?? 0;
    product += sample * shifted;
    onePower += sample * sample;
    otherPower += shifted * shifted;
  }
  return product / Math.sqrt(onePower * otherPower);
}

function hear(samples: Int16Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'samtal-hear-'));
  try {
    const inFolder = (name: string): string => join(folder, name);
    writeFileSync(inFolder('speech.raw'), Buffer.from(samples.buffer));
    writeFileSync(inFolder('list'), 'speech');
    execFileSync('/usr/bin/pocketsphinx_batch', [
      ...['-adcin', 'yes', '-cepdir', folder, '-cepext', '.raw', '-ctl', inFolder('list')],
      ...['-hyp', inFolder('heard'), '-logfn', '/dev/null', '-remove_silence', 'no'],
      ...['-hmm', `${MODEL}/en-us`, '-lm', `${MODEL}/en-us.lm.bin`, '-dict', `${MODEL}/cmudict-en-us.dict`],
    ]);
    return readFileSync(inFolder('heard'), 'utf8').replace(/ \(speech .*\n/, '');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
