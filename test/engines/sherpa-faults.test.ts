import { copyFile, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SherpaRecognizer, SherpaSynthesizer } from '../../src/engines/sherpa/index.ts';
import { sherpaRecognizer, sherpaSynthesizer } from '../../src/engines/sherpa/index.ts';
import { findEnginePackage } from '../support/engine-package.ts';
import { type OnnxModel, writeOnnx } from '../support/onnx/onnx-writer.ts';
import { streamingToneEars, toneEars, writeToneEars } from '../support/onnx/tone-ears.ts';
import { toneVoice, writeToneVoice } from '../support/onnx/tone-voice.ts';

const runtime = (await findEnginePackage('sherpa-faults', 'sherpa-onnx-node')) ?? '';
const { signal } = new AbortController();

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'samtal-sherpa-faults-'));
  await Promise.all([
    writeToneVoice(join(folder, 'voice')),
    writeToneEars(join(folder, 'ears')),
    writeToneEars(join(folder, 'streaming'), streamingToneEars()),
  ]);
});
afterAll(() => rm(folder, { recursive: true }));

/** What is done to one file of a model, and what is told of it. */
interface Damage {
  readonly what: string;
  readonly harm: (network: string, tokens: string, model: OnnxModel) => Promise<void>;
  readonly told: RegExp;
}

const DAMAGES: readonly Damage[] = [
  {
    what: 'a network that is cut short',
    harm: async (network) => await truncate(network, (await readFile(network)).length - 100),
    told: /model\.onnx is cut short\. Get it again\./,
  },
  {
    what: 'a network without a byte',
    harm: async (network) => await truncate(network, 0),
    told: /model\.onnx is cut short\. Get it again\./,
  },
  {
    what: 'a network that is something else',
    harm: async (network) => await writeFile(network, '<!doctype html><title>Not found</title>'.repeat(50)),
    told: /model\.onnx is no ONNX model\. Get it again\./,
  },
  {
    what: 'a network with other bytes inside',
    harm: async (network) => {
      const bytes = await readFile(network);
      await writeFile(network, bytes.fill(0x5a, 200, 600));
    },
    told: /Get (?:it|the model) again/,
  },
  {
    what: 'a network whose operators nobody knows',
    harm: async (network, _tokens, model) => {
      const nodes = model.nodes.map((node) => ({ ...node, operator: 'Unheard' }));
      await writeFile(network, writeOnnx({ ...model, nodes }));
    },
    told: /Get (?:it|the model) again/,
  },
  {
    what: 'a network with an input too few',
    harm: async (network, _tokens, model) =>
      await writeFile(network, writeOnnx({ ...model, inputs: model.inputs.slice(0, 1) })),
    told: /Get (?:it|the model) again/,
  },
  {
    what: 'no tokens.txt',
    harm: async (_network, tokens) => await rm(tokens),
    told: /has no file tokens\.txt/,
  },
  {
    what: 'an empty tokens.txt',
    harm: async (_network, tokens) => await truncate(tokens, 0),
    told: /tokens\.txt has 0 bytes/,
  },
  {
    what: 'a tokens.txt of something else',
    harm: async (_network, tokens) => await writeFile(tokens, 'what is this even\n'.repeat(10)),
    told: /Get the model again/,
  },
];

interface Kind {
  readonly model: () => OnnxModel;
  readonly open: (model: string) => Promise<SherpaRecognizer | SherpaSynthesizer>;
}

const hearing = async (model: string): Promise<SherpaRecognizer> =>
  await sherpaRecognizer({ runtime, model });
const KINDS: Readonly<Record<string, Kind>> = {
  voice: {
    model: toneVoice,
    open: async (model) => await sherpaSynthesizer({ runtime, model }),
  },
  ears: { model: toneEars, open: hearing },
  streaming: { model: streamingToneEars, open: hearing },
};

describe.runIf(runtime !== '').each(Object.entries(KINDS))('a model folder, %s, that has', (name, kind) => {
  test.each(DAMAGES)('$what is refused with what to do', async ({ what, harm, told }) => {
    const damaged = join(folder, `${name} with ${what}`);
    await mkdir(damaged);
    const [network, tokens] = [join(damaged, 'model.onnx'), join(damaged, 'tokens.txt')];
    await copyFile(join(folder, name, 'model.onnx'), network);
    await copyFile(join(folder, name, 'tokens.txt'), tokens);
    await harm(network, tokens, kind.model());
    await expect(warmed(kind, damaged)).rejects.toMatchObject({
      name: 'EngineError',
      engine: 'sherpa',
      reason: 'unavailable',
      message: expect.stringMatching(told),
    });
  });
});

async function warmed(kind: Kind, model: string): Promise<void> {
  await using engine = await kind.open(model);
  await engine.warm();
}

describe.runIf(runtime !== '')('a model of sherpa-onnx', () => {
  test('that can not be loaded is refused to who hears without having warmed it', async () => {
    const damaged = join(folder, 'ears, damaged');
    await writeToneEars(damaged, streamingToneEars());
    await writeFile(join(damaged, 'tokens.txt'), 'what is this even\n');
    await using recognizer = await sherpaRecognizer({ runtime, model: damaged });
    const events = recognizer.recognize(silence(), { signal });
    await expect(Array.fromAsync(events)).rejects.toThrow(/Get the model again/);
  });

  test('is loaded once its files are there, by the engine that could not before', async () => {
    const mended = join(folder, 'voice, mended');
    await writeToneVoice(mended);
    const network = await readFile(join(mended, 'model.onnx'));
    await writeFile(join(mended, 'model.onnx'), Buffer.from(network).fill(0x5a, 200, 600));
    await using voice = await sherpaSynthesizer({ runtime, model: mended });
    await expect(voice.warm()).rejects.toMatchObject({ reason: 'unavailable' });
    await writeFile(join(mended, 'model.onnx'), network);
    await voice.warm();
    expect(await spokenSamples(voice, 'good morning')).toBeGreaterThan(16_000);
  });

  test('is of no use without its package, and says where that comes from', async () => {
    const model = join(folder, 'voice');
    await using voice = await sherpaSynthesizer({ runtime: join(folder, 'nowhere.js'), model });
    await expect(voice.warm()).rejects.toMatchObject({
      reason: 'unavailable',
      message: expect.stringMatching(/samtal pull sherpa-onnx-node/),
    });
  });

  test('with a voice can not hear, and with a recognizer can not speak', async () => {
    await expect(sherpaRecognizer({ runtime, model: join(folder, 'voice') })).rejects.toMatchObject({
      message: expect.stringMatching(/a voice in it, which can not hear/),
    });
    await expect(sherpaSynthesizer({ runtime, model: join(folder, 'ears') })).rejects.toMatchObject({
      message: expect.stringMatching(/a recognizer in it, which can not speak/),
    });
  });

  test('says nothing, and fails nobody, in a text that it has no sounds for', async () => {
    await using voice = await sherpaSynthesizer({ runtime, model: join(folder, 'voice') });
    expect(await spokenSamples(voice, '12 345')).toBe(0);
    expect(await spokenSamples(voice, 'Привет')).toBe(0);
    expect(await spokenSamples(voice, 'good morning')).toBeGreaterThan(16_000);
  });

  test('refuses voices, languages and rates that it does not have, with what it has', async () => {
    await using voice = await sherpaSynthesizer({ runtime, model: join(folder, 'voice') });
    expect(() => speak(voice, 'Hello.', { voice: 'zara' })).toThrow(/no voice zara/);
    expect(() => speak(voice, 'Hej.', { language: 'sv-SE' })).toThrow(/speaks en, not sv-SE/);
    await using recognizer = await sherpaRecognizer({
      runtime,
      model: join(folder, 'ears'),
      languages: ['en'],
    });
    const swedish = recognizer.recognize(silence(), { signal, language: 'sv' });
    await expect(Array.fromAsync(swedish)).rejects.toMatchObject({ reason: 'unsupported' });
    const fast = recognizer.recognize(silence(48_000), { signal });
    await expect(Array.fromAsync(fast)).rejects.toThrow(/16000 Hz audio, not 48000 Hz/);
    const british = recognizer.recognize(silence(), { signal, language: 'en-GB' });
    expect(await Array.fromAsync(british)).toEqual([]);
  });

  test('has no speaker who is not in it', async () => {
    const model = join(folder, 'voice');
    await expect(sherpaSynthesizer({ runtime, model, speakers: { alloy: 5 } })).rejects.toMatchObject({
      message: expect.stringMatching(/"alloy" is to be spoken by "5".*speakers 0 to 4/),
    });
  });

  test('speaks with the speaker whom the voice names, each as loud as it is', async () => {
    const model = join(folder, 'voice');
    await using voice = await sherpaSynthesizer({ runtime, model, speakers: { narrator: 4, alloy: 0 } });
    const [quiet, loud, fourth] = await Promise.all(
      ['alloy', 'narrator', '3'].map(async (name) => await loudestSample(voice, name)),
    );
    expect(quiet).toBeCloseTo(0.2 * 32_768, -3);
    expect(fourth).toBeCloseTo(0.5 * 32_768, -3);
    expect(loud).toBeCloseTo(0.6 * 32_768, -3);
  });
});

async function* silence(sampleRate = 16_000): AsyncGenerator<{ samples: Int16Array; sampleRate: number }> {
  yield { samples: new Int16Array(sampleRate), sampleRate };
}

interface Manner {
  readonly voice?: string;
  readonly language?: string;
}

function speak(voice: SherpaSynthesizer, text: string, { voice: name = 'alloy', language }: Manner = {}) {
  async function* pieces(): AsyncGenerator<string> {
    yield text;
  }
  return voice.synthesize(pieces(), { signal, voice: name, speed: 1, language });
}

async function samplesOf(voice: SherpaSynthesizer, text: string, name?: string): Promise<readonly number[]> {
  const samples: number[] = [];
  for await (const event of speak(voice, text, name === undefined ? {} : { voice: name })) {
    if (event.type === 'audio') samples.push(...event.chunk.samples);
  }
  return samples;
}

async function spokenSamples(voice: SherpaSynthesizer, text: string): Promise<number> {
  return (await samplesOf(voice, text)).length;
}

async function loudestSample(voice: SherpaSynthesizer, name: string): Promise<number> {
  return (await samplesOf(voice, 'aaa', name)).reduce((most, sample) => Math.max(most, sample), 0);
}
