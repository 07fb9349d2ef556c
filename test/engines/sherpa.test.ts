import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AudioChunk } from '../../src/audio/chunk.ts';
import {
  type SpokenSample,
  speechRecognizerConformance,
} from '../../src/engine/conformance/speech-recognizer.ts';
import { speechSynthesizerConformance } from '../../src/engine/conformance/speech-synthesizer.ts';
import type { RecognitionEvent } from '../../src/engine/speech-recognizer.ts';
import {
  type SherpaRecognizer,
  type SherpaSynthesizer,
  sherpaRecognizer,
  sherpaSynthesizer,
} from '../../src/engines/sherpa/index.ts';
import { findEnginePackage } from '../support/engine-package.ts';
import { streamingToneEars, writeToneEars } from '../support/onnx/tone-ears.ts';
import { writeToneTransducer } from '../support/onnx/tone-transducer.ts';
import { laboriousToneVoice, writeToneVoice } from '../support/onnx/tone-voice.ts';

const runtime = (await findEnginePackage('sherpa', 'sherpa-onnx-node')) ?? '';
const { signal } = new AbortController();
const FIRST = 'the answer to your question is forty two';
const SECOND = 'turn off the lights in the kitchen';

let folder: string;
let voice: SherpaSynthesizer;
let speech: readonly [SpokenSample, SpokenSample];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samtal-sherpa-'));
  await Promise.all([
    writeToneVoice(join(folder, 'voice')),
    writeToneVoice(join(folder, 'laborious'), laboriousToneVoice(4)),
    writeToneEars(join(folder, 'ears')),
    writeToneEars(join(folder, 'streaming'), streamingToneEars()),
    writeToneTransducer(join(folder, 'transducer')),
  ]);
  if (runtime === '') return;
  voice = await sherpaSynthesizer({ runtime, model: join(folder, 'voice') });
  speech = [
    { text: FIRST, audio: await speak(FIRST) },
    { text: SECOND, audio: await speak(SECOND, 'marin') },
  ];
});

afterAll(async () => {
  await voice?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function speak(text: string, name = 'alloy'): Promise<AudioChunk> {
  const samples: number[] = [];
  for await (const event of voice.synthesize(once(text), { signal, voice: name, speed: 1 })) {
    if (event.type === 'audio') samples.push(...event.chunk.samples);
  }
  return { samples: Int16Array.from(samples), sampleRate: voice.sampleRate };
}

async function* once<T>(item: T): AsyncGenerator<T> {
  yield item;
}

async function hear(recognizer: SherpaRecognizer, audio: AudioChunk): Promise<readonly RecognitionEvent[]> {
  return await Array.fromAsync(recognizer.recognize(once(audio), { signal }));
}

function textOf(events: readonly RecognitionEvent[]): string {
  return events.flatMap((event) => (event.type === 'final' ? [event.text] : [])).join(' ');
}

describe.runIf(runtime !== '')('a voice of sherpa-onnx', () => {
  let narrow: SherpaSynthesizer;
  beforeAll(async () => {
    narrow = await sherpaSynthesizer({
      runtime,
      model: join(folder, 'voice'),
      jobsPerWorker: 1,
      waiting: 0,
    });
    await narrow.warm();
  });
  afterAll(() => narrow[Symbol.asyncDispose]());

  test.each(speechSynthesizerConformance)('$name', async ({ run }) => {
    await run({ synthesizer: voice, voice: 'alloy', narrow });
  });

  test('is silent for 20 ms at most before and after what is said', async () => {
    // A letter is a tone of 80 ms, and 80 ms of silence, which the next letter is to wait for and the end is not.
    const lengthMs = async (text: string): Promise<number> => (await speak(text)).samples.length / 16;
    expect(await lengthMs('aa')).toBeLessThanOrEqual(160 + 80 + 2 * 20);
    expect((await lengthMs('aaa')) - (await lengthMs('aa'))).toBe(160);
  });
});

describe.runIf(runtime !== '')('a voice that computes for a while', () => {
  const TEN_SENTENCES = 'ab. '.repeat(10);
  let laborious: SherpaSynthesizer;
  beforeAll(async () => {
    const model = join(folder, 'laborious');
    laborious = await sherpaSynthesizer({ runtime, model, jobsPerWorker: 1, waiting: 1 });
    await laborious.warm();
  });
  afterAll(() => laborious[Symbol.asyncDispose]());

  /** How long it took until the first audio, and until the end. */
  async function timesOf(text: string): Promise<{ readonly firstMs: number; readonly endMs: number }> {
    const startedAt = performance.now();
    let firstMs: number | undefined;
    for await (const _event of laborious.synthesize(once(text), { signal, voice: 'alloy', speed: 1 })) {
      firstMs ??= performance.now() - startedAt;
    }
    return { firstMs: firstMs ?? Number.NaN, endMs: performance.now() - startedAt };
  }

  test('is heard from its first sentence on while it makes the others', async () => {
    const { firstMs, endMs } = await timesOf(TEN_SENTENCES);
    expect(firstMs).toBeLessThan(endMs / 2);
  });

  test('makes no more sentences for nobody than the two that it has begun', async () => {
    const { endMs } = await timesOf(TEN_SENTENCES);
    for await (const _event of laborious.synthesize(once(TEN_SENTENCES), {
      signal,
      voice: 'alloy',
      speed: 1,
    }))
      break;
    expect((await timesOf('ab.')).endMs).toBeLessThan(endMs * 0.6);
  });
});

describe.runIf(runtime !== '').each(['ears', 'transducer', 'streaming'])(
  'a recognizer of sherpa-onnx: %s',
  (name) => {
    let recognizer: SherpaRecognizer;
    beforeAll(async () => {
      const model = join(folder, name);
      recognizer = await sherpaRecognizer({ runtime, model, jobsPerWorker: 2, waiting: 1 });
      await recognizer.warm();
    });
    afterAll(() => recognizer[Symbol.asyncDispose]());

    test.each(speechRecognizerConformance)('$name', async ({ run }) => {
      await run({ recognizer, speech, allowedErrorRate: 0, capacity: 3, hasPartials: true });
    });

    test('tells where each word is', async () => {
      const [{ audio }] = speech;
      const events = await hear(recognizer, audio);
      expect(textOf(events)).toBe(FIRST);
      const final = events.at(-1);
      const words = final?.type === 'final' ? final.words : [];
      expect(words?.map(({ text }) => text).join(' ')).toBe(FIRST);
      // Each letter takes 160 ms: "answer" begins with the fifth of them.
      const answer = words?.find(({ text }) => text === 'answer');
      expect(answer?.startMs).toBeGreaterThanOrEqual(4 * 160 - 60);
      expect(answer?.startMs).toBeLessThanOrEqual(4 * 160 + 60);
    });
  },
);
