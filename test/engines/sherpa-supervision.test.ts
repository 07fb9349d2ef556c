import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AudioChunk } from '../../src/audio/chunk.ts';
import { sherpaRecognizer, sherpaSynthesizer } from '../../src/engines/sherpa/index.ts';
import { childProcesses } from '../support/child-processes.ts';
import { findEnginePackage } from '../support/engine-package.ts';
import { streamingToneEars, writeToneEars } from '../support/onnx/tone-ears.ts';
import { writeToneVoice } from '../support/onnx/tone-voice.ts';

const isLinux = process.platform === 'linux';
if (!isLinux) console.warn('Left out, as it needs Linux: children of sherpa-onnx that are killed or frozen.');
const runtime = isLinux ? ((await findEnginePackage('sherpa-supervision', 'sherpa-onnx-node')) ?? '') : '';

const { signal } = new AbortController();
const STREAMS = 20;
const SILENCE_MS = 3_000;
/** The silence and a quarter, the start of a child with its model, and what a machine with other work adds. */
const BACK_WITHIN_MS = 15_000;
const SENTENCE = 'turn off the lights';
const HARM = { killed: 'SIGKILL', frozen: 'SIGSTOP' } as const;

let folder: string;
let speech: AudioChunk;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samtal-sherpa-supervision-'));
  await Promise.all([
    writeToneVoice(join(folder, 'voice')),
    writeToneEars(join(folder, 'ears')),
    writeToneEars(join(folder, 'streaming'), streamingToneEars()),
  ]);
  if (runtime === '') return;
  await using voice = await sherpaSynthesizer({ runtime, model: join(folder, 'voice') });
  speech = { samples: Int16Array.from(await spoken(voice)), sampleRate: voice.sampleRate };
});
afterAll(() => rm(folder, { recursive: true }));

async function spoken(voice: Awaited<ReturnType<typeof sherpaSynthesizer>>): Promise<readonly number[]> {
  const samples: number[] = [];
  async function* text(): AsyncGenerator<string> {
    yield SENTENCE;
  }
  for await (const event of voice.synthesize(text(), { signal, voice: 'alloy', speed: 1 })) {
    if (event.type === 'audio') samples.push(...event.chunk.samples);
  }
  return samples;
}

/** The speech for each of `STREAMS`; when all have come to the middle, `harm` is done. */
function interrupted(harm: () => void): () => AsyncGenerator<AudioChunk> {
  const half = speech.samples.length >> 1;
  const { promise: isDone, resolve } = Promise.withResolvers<void>();
  let inTheMiddle = 0;
  return async function* halves() {
    yield { ...speech, samples: speech.samples.subarray(0, half) };
    inTheMiddle += 1;
    if (inTheMiddle === STREAMS) {
      harm();
      resolve();
    }
    await isDone;
    yield { ...speech, samples: speech.samples.subarray(half) };
  };
}

type Outcomes<T> = readonly PromiseSettledResult<T>[];

function failuresOf<T>(outcomes: Outcomes<T>): readonly unknown[] {
  return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
}

function valuesOf<T>(outcomes: Outcomes<T>): readonly T[] {
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
}

const INTERRUPTED = { name: 'EngineError', reason: 'unavailable', retryAfterSeconds: 1 };

describe.runIf(runtime !== '').each(Object.entries(HARM))(
  'a child of sherpa-onnx that is %s',
  (_name, harm) => {
    test.each(['ears', 'streaming'])(
      'interrupts what it was hearing, and no other of twenty: %s',
      {
        timeout: 60_000,
      },
      async (name) => {
        await using recognizer = await sherpaRecognizer({
          runtime,
          model: join(folder, name),
          workers: 2,
          jobsPerWorker: STREAMS / 2,
          waiting: 0,
          silenceMs: SILENCE_MS,
        });
        await recognizer.warm();
        const hear = async (audio: AsyncIterable<AudioChunk>): Promise<string> => {
          const events = await Array.fromAsync(recognizer.recognize(audio, { signal }));
          return events.flatMap((event) => (event.type === 'final' ? [event.text] : [])).join(' ');
        };
        const [child = 0] = childProcesses('recognizer-child');
        const audio = interrupted(() => process.kill(child, harm));
        const startedAt = performance.now();
        const outcomes = await Promise.allSettled(
          Array.from({ length: STREAMS }, async () => await hear(audio())),
        );
        expect(valuesOf(outcomes)).toEqual(new Array(STREAMS / 2).fill(SENTENCE));
        const failures = failuresOf(outcomes);
        expect(failures).toHaveLength(STREAMS / 2);
        for (const failure of failures) expect(failure).toMatchObject(INTERRUPTED);

        const again = await Promise.all(Array.from({ length: STREAMS }, async () => await hear(onceMore())));
        expect(again).toEqual(new Array(STREAMS).fill(SENTENCE));
        expect(performance.now() - startedAt).toBeLessThan(BACK_WITHIN_MS);
        expect(childProcesses('recognizer-child')).toHaveLength(2);
      },
    );

    test('interrupts what it was saying, once at most, and speaks again', { timeout: 60_000 }, async () => {
      await using voice = await sherpaSynthesizer({
        runtime,
        model: join(folder, 'voice'),
        jobsPerWorker: STREAMS,
        silenceMs: SILENCE_MS,
      });
      await voice.warm();
      const [child = 0] = childProcesses('synthesizer-child');
      const startedAt = performance.now();
      const speaking = Array.from({ length: STREAMS }, async () => (await spoken(voice)).length);
      process.kill(child, harm);
      const outcomes = await Promise.allSettled(speaking);
      for (const failure of failuresOf(outcomes)) expect(failure).toMatchObject(INTERRUPTED);
      for (const length of valuesOf(outcomes)) expect(length).toBe(speech.samples.length);
      expect((await spoken(voice)).length).toBe(speech.samples.length);
      expect(performance.now() - startedAt).toBeLessThan(BACK_WITHIN_MS);
    });
  },
);

async function* onceMore(): AsyncGenerator<AudioChunk> {
  yield speech;
}
