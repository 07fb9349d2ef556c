import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toPcmBytes } from '../../src/audio/pcm-bytes.ts';
import { resampleChunk } from '../../src/audio/resample.ts';
import { collectAudio } from '../../src/audio/test-speech.ts';
import { readWav } from '../../src/audio/wav-reader.ts';
import { voiceActivityDetectorConformance } from '../../src/engine/conformance/voice-activity-detector.ts';
import { type SileroVad, sileroVad } from '../../src/engines/silero-vad/silero-vad.ts';
import type { SpeechEffect } from '../../src/realtime/speech-machine.ts';
import { VoiceInput } from '../../src/realtime/voice-input.ts';
import { findSileroFiles } from '../support/silero.ts';
import { trimmedSpeech } from '../support/trimmed-speech.ts';

const RUNTIMES = ['onnxruntime-web', 'onnxruntime-node'] as const;
const found = await Promise.all(RUNTIMES.map(async (name) => await findSileroFiles('silero-vad', name)));
const subjects = found.flatMap((files, index) => (files ? [{ runtime: RUNTIMES[index], files }] : []));

// A file without any test would count as a fault where nothing could be found.
test.skipIf(subjects.length > 0)('left out: the model or what runs it is not here', ({ skip }) => skip());

describe.each(subjects)('with the model and $runtime', ({ files }) => {
  let detector: SileroVad;
  let folder: string;
  let speech: Int16Array;

  beforeAll(async () => {
    detector = await sileroVad(files);
    folder = await mkdtemp(join(tmpdir(), 'samtal-silero-'));
    speech = await trimmedSpeech('Good morning, I would like to book a table for two people tonight.');
  });

  afterAll(async () => {
    await detector[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  describe('the detector of Silero is a voice activity detector', () => {
    test.each(voiceActivityDetectorConformance)('$name', async ({ run }) => {
      await run({ detector, speech: { samples: speech, sampleRate: 16_000 } });
    });
  });

  test('a voice that reads a question is found from its beginning to its end', async () => {
    const { samples } = await recording('arc-easy-q237.wav');
    const scores = await scoresOf(detector, samples);
    const first = scores.findIndex((score) => score >= 0.5) * 32;
    const last = (scores.findLastIndex((score) => score >= 0.5) + 1) * 32;
    expect(first).toBeLessThan(60 + 150);
    expect(last).toBeGreaterThan(9340 - 150);
    expect(last).toBeLessThan(9340 + 300);
  });

  test('an old recording of a man is no speech in his long pauses', async () => {
    const scores = await scoresOf(detector, (await recording('jfk.wav')).samples);
    const meanOf = (beginMs: number, endMs: number): number => {
      const part = scores.slice(Math.ceil(beginMs / 32), Math.floor(endMs / 32));
      return part.reduce((total, score) => total + score, 0) / part.length;
    };
    for (const [begin, end] of [
      [500, 2000],
      [3400, 4200],
      [5500, 7500],
      [8300, 10_500],
    ] as const)
      expect(meanOf(begin, end)).toBeGreaterThan(0.7);
    for (const [begin, end] of [
      [2500, 3100],
      [4700, 5300],
    ] as const)
      expect(meanOf(begin, end)).toBeLessThan(0.3);
  });

  test('a session hears a turn begin and end where the voice does', async () => {
    const effects = await turnsOf(detector, speech);
    const [start, stop] = effects;
    expect(effects.map(({ type }) => type)).toEqual(['start', 'stop']);
    // After 2 s of silence: 300 ms of padding before the onset, and 500 ms of silence after the end.
    expect(start?.atMs).toBeGreaterThan(2000 - 300 - 64);
    expect(start?.atMs).toBeLessThan(2000 - 300 + 96);
    const endMs = 2000 + speech.length / 16;
    expect(stop?.atMs).toBeGreaterThan(endMs + 500 - 200);
    expect(stop?.atMs).toBeLessThan(endMs + 500 + 300);
  });

  test('windows that are asked for without waiting are scored in their order', async () => {
    const windows = windowsOf(speech).slice(0, 40);
    const expected = await scoresOf(detector, speech.subarray(0, 40 * 512));
    await using stream = detector.open();
    const scores = await Promise.all(windows.map(async (window) => await stream.score(window)));
    expect(scores).toEqual(expected);
    const [one] = windows;
    if (!one) throw new Error('The speech is too short.');
    const many = Array.from({ length: 65 }, async () => await stream.score(one));
    const refused = (await Promise.allSettled(many)).filter(({ status }) => status === 'rejected');
    expect(refused).toMatchObject([{ reason: { reason: 'busy' } }]);
  });

  const UNUSABLE = {
    'is not there': async () => join(folder, 'missing.onnx'),
    'is a folder': async () => folder,
    'is empty': async () => await written(Buffer.alloc(0)),
    'is cut short': async () => await written((await readFile(files.model)).subarray(0, 1_000_000)),
    'holds text': async () => await written(Buffer.from('no model at all\n'.repeat(1000))),
    'is damaged throughout': async () =>
      await written(
        (await readFile(files.model)).map((byte, index) => (index % 1000 === 500 ? byte ^ 255 : byte)),
      ),
    'is far too large': async () => await written(Buffer.alloc(33 * 2 ** 20)),
  } as const;

  test.each(Object.entries(UNUSABLE))('a model that %s is refused as unavailable', async (_, makeModel) => {
    const model = await makeModel();
    await expect(sileroVad({ ...files, model })).rejects.toMatchObject({
      name: 'EngineError',
      reason: 'unavailable',
      message: expect.stringContaining(model),
    });
  });

  test('a model of other inputs is refused, and its inputs are named', async () => {
    const model = await written(identityModel());
    await expect(sileroVad({ ...files, model })).rejects.toThrow(
      `The model ${model} takes x, and silero_vad.onnx of version 5 or later takes input, sr, state.`,
    );
  });

  test('a runtime that is not there is refused with what gets it', async () => {
    const runtime = join(folder, 'nowhere.mjs');
    await expect(sileroVad({ ...files, runtime })).rejects.toMatchObject({
      reason: 'unavailable',
      message: `${runtime} can not be loaded. Get it again with samtal pull, or use onnxruntime-web.`,
    });
  });

  test('a model that is gone after the start is missed by nobody', async () => {
    const model = join(folder, 'moved.onnx');
    await copyFile(files.model, model);
    await using other = await sileroVad({ ...files, model });
    await rm(model);
    await using stream = other.open();
    expect(await stream.score(new Float32Array(512))).toBeLessThan(0.2);
  });

  test('a runtime that aborts is begun anew, and no stream has forgotten anything', async () => {
    const runtime = join(folder, 'aborting.mjs');
    await writeFile(runtime, abortingOnce(files.runtime, join(folder, 'has-aborted')));
    const expected = await scoresOf(detector, speech);
    await using other = await sileroVad({ ...files, runtime });
    expect(await scoresOf(other, speech)).toEqual(expected);
    expect(existsSync(join(folder, 'has-aborted'))).toBe(true);
  });

  async function written(bytes: Uint8Array): Promise<string> {
    const path = join(folder, 'unusable.onnx');
    await writeFile(path, bytes);
    return path;
  }
});

/** What a session makes of a voice between two pauses of 2 s, sent as 20 ms frames at 24 kHz. */
async function turnsOf(detector: SileroVad, voice: Int16Array): Promise<readonly SpeechEffect[]> {
  const samples = new Int16Array(voice.length + 64_000);
  samples.set(voice, 32_000);
  const bytes = toPcmBytes((await resampleChunk({ samples, sampleRate: 16_000 }, 24_000)).samples);
  const effects: SpeechEffect[] = [];
  await using input = new VoiceInput({
    detector,
    recognizerRate: undefined,
    noiseReducer: undefined,
    noiseField: () => undefined,
    rules: () => ({ threshold: 0.5, prefixPaddingMs: 300, silenceDurationMs: 500 }),
    onEffect: (effect) => effects.push(effect),
    onAudio: () => {},
    onDeaf: (error) => {
      throw error;
    },
    onNoisy: () => {},
    signal: new AbortController().signal,
  });
  for (let start = 0; start < bytes.length; start += 960)
    await input.append(bytes.subarray(start, start + 960), 'pcm16');
  return effects;
}

async function recording(name: string): Promise<{ readonly samples: Int16Array }> {
  const path = resolve(import.meta.dirname, '../../../shared/audio', name);
  return await resampleChunk(await collectAudio(readWav(await readFile(path))), 16_000);
}

async function scoresOf(detector: SileroVad, samples: Int16Array): Promise<readonly number[]> {
  await using stream = detector.open();
  const scores: number[] = [];
  for (const window of windowsOf(samples)) scores.push(await stream.score(window));
  return scores;
}

/** Whole windows only. */
function windowsOf(samples: Int16Array): readonly Float32Array[] {
  return Array.from({ length: Math.floor(samples.length / 512) }, (_, index) =>
    Float32Array.from(samples.subarray(index * 512, (index + 1) * 512), (sample) => sample / 32_768),
  );
}

/** The module of a runtime that aborts in its tenth run, as WebAssembly does when it is out of memory. */
function abortingOnce(runtime: string, flag: string): string {
  return `
    import { existsSync, writeFileSync } from 'node:fs';
    import * as real from ${JSON.stringify(pathToFileURL(runtime).href)};
    export const { env, Tensor } = real;
    let runs = 0;
    async function run(session, inputs) {
      runs += 1;
      if (runs < 10 || existsSync(${JSON.stringify(flag)})) return await session.run(inputs);
      writeFileSync(${JSON.stringify(flag)}, '');
      throw new WebAssembly.RuntimeError('Aborted()');
    }
    export const InferenceSession = {
      async create(bytes, options) {
        const session = await real.InferenceSession.create(bytes, options);
        return { inputNames: session.inputNames, run: (inputs) => run(session, inputs) };
      },
    };`;
}

/** An ONNX file, in protobuf, whose graph passes its input `x` on as `y`. */
function identityModel(): Uint8Array {
  const float = field(1, [8, 1]);
  const value = (name: string): number[] => [...field(1, text(name)), ...field(2, float)];
  const node = [...field(1, text('x')), ...field(2, text('y')), ...field(4, text('Identity'))];
  const graph = [
    ...field(1, node),
    ...field(2, text('g')),
    ...field(11, value('x')),
    ...field(12, value('y')),
  ];
  return Uint8Array.from([8, 8, ...field(7, graph), ...field(8, [16, 13])]);
}

function field(number: number, bytes: readonly number[]): number[] {
  return [number * 8 + 2, bytes.length, ...bytes];
}

function text(value: string): number[] {
  return [...Buffer.from(value)];
}
