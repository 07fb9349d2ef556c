import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { AudioChunk } from '../src/audio/chunk.ts';
import { inChunks } from '../src/audio/test-speech.ts';
import { type SherpaRecognizer, sherpaRecognizer, sherpaSynthesizer } from '../src/engines/sherpa/index.ts';
import { EngineError } from '../src/util/errors.ts';
import { findEnginePackage } from '../test/support/engine-package.ts';
import { writeToneEars } from '../test/support/onnx/tone-ears.ts';
import { writeToneVoice } from '../test/support/onnx/tone-voice.ts';
import type { Benchmark, Figure } from './benchmark.ts';
import { compare } from './compare.ts';
import { heavyEars } from './heavy-ears.ts';
import { memoryOfChildren } from './process-cpu.ts';
import { spreadOf } from './spread.ts';
import { vadCost } from './vad.ts';

const SAMPLE_RATE = 16_000;
const WORD = 'mirror';
const LITTLE_MORE = { atMost: 1.1 };
const SEVERAL = { atLeast: 8 };
const ROUNDS = 12;

/** What the process around an engine and its pool cost, with sherpa-onnx and a generated model of a real one's weight. */
export const engines: Benchmark = {
  name: 'engines',
  async run(log) {
    const cost = await vadCost(log);
    const runtime = await findEnginePackage('engines', 'sherpa-onnx-node');
    if (runtime === undefined) return cost;
    const folder = await mkdtemp(join(tmpdir(), 'samtal-bench-'));
    try {
      log('generating the models');
      await Promise.all([
        writeToneVoice(join(folder, 'voice')),
        writeToneEars(join(folder, 'ears'), heavyEars()),
      ]);
      const speech = await aSecondOf(WORD, runtime, join(folder, 'voice'));
      return [...(await measure({ runtime, ears: join(folder, 'ears'), speech })), ...cost];
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

interface Subject {
  readonly runtime: string;
  readonly ears: string;
  readonly speech: AudioChunk;
}

async function measure({ runtime, ears, speech }: Subject): Promise<readonly Figure[]> {
  const child = fork(new URL('bare-sherpa-child.ts', import.meta.url), [runtime, ears], {
    serialization: 'advanced',
  });
  await using recognizer = await sherpaRecognizer({
    runtime,
    model: ears,
    threads: 1,
    jobsPerWorker: 8,
    waiting: 0,
  });
  try {
    await Promise.all([once(child, 'message'), recognizer.warm()]);
    return [
      await timeFigure(recognizer, child, speech),
      memoryFigure(child),
      await sharingFigure(recognizer, speech),
    ];
  } finally {
    child.disconnect();
  }
}

async function timeFigure(
  recognizer: SherpaRecognizer,
  child: ChildProcess,
  speech: AudioChunk,
): Promise<Figure> {
  const ours = async (): Promise<number> => {
    const startedAt = performance.now();
    expectWord(await hear(recognizer, speech));
    return performance.now() - startedAt;
  };
  const bare = async (): Promise<number> => {
    child.send(speech.samples);
    const [{ tookMs, text }] = (await once(child, 'message')) as [{ tookMs: number; text: string }];
    expectWord(text);
    return tookMs;
  };
  const compared = await compare({ ours, bare, target: LITTLE_MORE, rounds: ROUNDS, warmUps: 3 });
  return {
    name: 'a second heard by sherpa-onnx in its pool, time',
    unit: 'ratio',
    spread: compared.spread,
    target: LITTLE_MORE,
    how: 'From the first chunk of 100 ms to the last word, ÷ the library called in a process of its own without anything around it; a generated streaming model with the work of a real one',
    detail: `${compared.ours.toFixed(1)} ms ÷ ${compared.bare.toFixed(1)} ms`,
  };
}

/** After both have heard the same. */
function memoryFigure({ pid = 0 }: ChildProcess): Figure {
  const memory = memoryOfChildren();
  const bare = memory.get(pid) ?? Number.NaN;
  const ours = Math.max(...[...memory].flatMap(([each, bytes]) => (each === pid ? [] : bytes)));
  const toMib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  return {
    name: 'the same, resident memory of the process',
    unit: 'ratio',
    spread: spreadOf([ours / bare]),
    target: LITTLE_MORE,
    how: 'The process of the pool ÷ the process that calls the library',
    detail: `${toMib(ours)} ÷ ${toMib(bare)}`,
  };
}

/** How many streams, each in real time, one recognizer takes before it refuses, none of them heard wrong. */
async function sharingFigure(recognizer: SherpaRecognizer, speech: AudioChunk): Promise<Figure> {
  const heard: Promise<string>[] = [];
  const refused = new AbortController();
  while (!refused.signal.aborted) {
    const stream = hear(recognizer, inRealTime(speech)).catch((error: unknown) => {
      if (!(error instanceof EngineError) || error.reason !== 'busy') throw error;
      refused.abort();
      return '';
    });
    heard.push(stream);
    await Promise.race([stream, setTimeout(50)]);
    if (heard.length > 64) throw new Error('Nothing is ever refused.');
  }
  const texts = (await Promise.all(heard)).filter((text) => text !== '');
  for (const text of texts) expectWord(text);
  return {
    name: 'streams that share one recognizer before one more is refused',
    unit: 'count',
    spread: spreadOf([texts.length]),
    target: SEVERAL,
    how: 'In real time and at once, all of them heard right; one process, one thread, the default of places',
    detail: 'the next is refused at once as busy',
  };
}

async function* inRealTime({ samples, sampleRate }: AudioChunk): AsyncGenerator<AudioChunk, void, void> {
  for await (const chunk of inChunks(samples, sampleRate, sampleRate / 10)) {
    await setTimeout(100);
    yield chunk;
  }
}

async function hear(
  recognizer: SherpaRecognizer,
  speech: AudioChunk | AsyncIterable<AudioChunk>,
): Promise<string> {
  const audio = 'samples' in speech ? inChunks(speech.samples, SAMPLE_RATE, SAMPLE_RATE / 10) : speech;
  const { signal } = new AbortController();
  const events = await Array.fromAsync(recognizer.recognize(audio, { signal }));
  return events.flatMap((event) => (event.type === 'final' ? event.text : [])).join(' ');
}

function expectWord(text: string): void {
  if (text.trim().toLowerCase() !== WORD) throw new Error(`"${WORD}" was heard as "${text}".`);
}

/** About a second of the tone voice. */
async function aSecondOf(text: string, runtime: string, model: string): Promise<AudioChunk> {
  await using voice = await sherpaSynthesizer({ runtime, model });
  const { signal } = new AbortController();
  const samples: number[] = [];
  for await (const event of voice.synthesize(only(text), { voice: 'alloy', speed: 1, signal }))
    if (event.type === 'audio') samples.push(...event.chunk.samples);
  return { samples: Int16Array.from(samples), sampleRate: voice.sampleRate };
}

async function* only(text: string): AsyncGenerator<string, void, void> {
  yield text;
}
