import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { speechSynthesizerConformance } from '../../src/engine/conformance/speech-synthesizer.ts';
import { type SherpaSynthesizer, sherpaSynthesizer } from '../../src/engines/sherpa/index.ts';
import { findEnginePackage } from '../support/engine-package.ts';
import { findEspeakData, writeKokoroVoice, writePiperVoice } from '../support/onnx/phoneme-voices.ts';

const runtime = (await findEnginePackage('sherpa-voices', 'sherpa-onnx-node')) ?? '';
const espeakData = findEspeakData('sherpa-voices') ?? '';
const { signal } = new AbortController();

const VOICES = [
  { family: 'Piper', write: writePiperVoice, sampleRate: 22_050 },
  { family: 'Kokoro', write: writeKokoroVoice, sampleRate: 24_000 },
];

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'samtal-sherpa-voices-'));
});
afterAll(() => rm(home, { recursive: true }));

async function opened(name: string, write: typeof writePiperVoice, options = {}): Promise<SherpaSynthesizer> {
  const model = join(home, name);
  await write(model, espeakData);
  const voice = await sherpaSynthesizer({ runtime, model, ...options });
  await voice.warm();
  return voice;
}

async function speak(voice: SherpaSynthesizer, text: string, name: string): Promise<readonly number[]> {
  async function* pieces(): AsyncGenerator<string> {
    yield text;
  }
  const samples: number[] = [];
  for await (const event of voice.synthesize(pieces(), { signal, voice: name, speed: 1 })) {
    if (event.type === 'audio') samples.push(...event.chunk.samples);
  }
  return samples;
}

describe.runIf(runtime !== '' && espeakData !== '').each(VOICES)(
  'a voice like those of $family',
  ({ family, write, sampleRate }) => {
    let voice: SherpaSynthesizer;
    let narrow: SherpaSynthesizer;
    beforeAll(async () => {
      voice = await opened(family, write);
      narrow = await opened(`narrow ${family}`, write, { jobsPerWorker: 1, waiting: 0 });
    });
    afterAll(() => Promise.all([voice[Symbol.asyncDispose](), narrow[Symbol.asyncDispose]()]));

    test.each(speechSynthesizerConformance)('$name', async ({ run }) => {
      await run({ synthesizer: voice, voice: 'alloy', narrow });
    });

    test('tells its rate and its language, and says no less than a tone a letter', async () => {
      expect(voice.sampleRate).toBe(sampleRate);
      expect(voice.languages).toEqual(['en']);
      expect((await speak(voice, 'Good morning.', 'marin')).length).toBeGreaterThan(8 * 2_560);
    });
  },
);

test.runIf(runtime !== '' && espeakData !== '')('those of Kokoro speak with their own names', async () => {
  await using voice = await opened('names', writeKokoroVoice);
  const loudest = async (name: string): Promise<number> => {
    const samples = await speak(voice, 'Good morning.', name);
    return samples.reduce((most, sample) => Math.max(most, sample), 0) / 32_768;
  };
  expect(await loudest('alloy')).toBeCloseTo(0.2, 1);
  expect(await loudest('am_echo')).toBeCloseTo(0.4, 1);
  expect(await loudest('echo')).toBeCloseTo(0.4, 1);
  expect(await loudest('fable')).toBeCloseTo(0.6, 1);
});
