import { beforeAll, describe, expect, test } from 'vitest';
import { type AudioChunk, durationMs } from '../../src/audio/chunk.ts';
import { transcribe } from '../../src/conversation/transcribe.ts';
import type { LanguageModel } from '../../src/engine/language-model.ts';
import type { SpeechRecognizer } from '../../src/engine/speech-recognizer.ts';
import { flite } from '../../src/engines/flite/flite.ts';
import { findPocketsphinx, type Pocketsphinx, pocketsphinx } from '../../src/engines/pocketsphinx/index.ts';
import { scripted } from '../../src/engines/scripted/index.ts';
import { webrtcVad } from '../../src/engines/webrtc-vad/webrtc-vad.ts';
import { writeWav } from '../conformance/wav-variants.ts';
import { openTestApp } from '../support/app.ts';
import { childProcesses } from '../support/child-processes.ts';
import { openSession, type RealtimeClient } from '../support/realtime-client.ts';

const canRun = process.platform === 'linux' && findPocketsphinx() !== undefined;
if (!canRun)
  console.warn('Left out, as it needs Linux and pocketsphinx: children that are killed or frozen.');

const { signal } = new AbortController();
const SILENCE_MS = 3_000;
/** The silence and a quarter, the start of a child with its model, and what a machine with other work adds. */
const BACK_WITHIN_MS = 15_000;
const SENTENCE = 'turn off the lights';
const HARM = { killed: 'SIGKILL', frozen: 'SIGSTOP' } as const;

let speech: AudioChunk;
beforeAll(async () => {
  await using voice = flite({ workers: 1 });
  speech = await speak(voice);
});

async function speak(voice: ReturnType<typeof flite>): Promise<AudioChunk> {
  const samples: number[] = [];
  async function* text(): AsyncGenerator<string> {
    yield SENTENCE;
  }
  for await (const event of voice.synthesize(text(), { signal, voice: 'alloy', speed: 1 })) {
    if (event.type === 'audio') samples.push(...event.chunk.samples);
  }
  return { samples: Int16Array.from(samples), sampleRate: voice.sampleRate };
}

function children(): readonly number[] {
  return childProcesses('pocketsphinx-child');
}

/** Two children of two places each, with room for twenty who wait. */
async function twoChildren(): Promise<Pocketsphinx> {
  const recognizer = pocketsphinx({ workers: 2, jobsPerWorker: 2, waiting: 20, silenceMs: SILENCE_MS });
  await recognizer.warm();
  expect(children()).toHaveLength(2);
  return recognizer;
}

/** Does `harm` to one of the children once `audio` is being heard. */
function harming(audio: AudioChunk, harm: NodeJS.Signals): () => AsyncGenerator<AudioChunk> {
  const half = audio.samples.length >> 1;
  let isDone = false;
  return async function* halves() {
    yield { ...audio, samples: audio.samples.subarray(0, half) };
    const [child] = children();
    if (!isDone && child !== undefined) process.kill(child, harm);
    isDone = true;
    yield { ...audio, samples: audio.samples.subarray(half) };
  };
}

async function hear(recognizer: SpeechRecognizer, audio: AsyncIterable<AudioChunk>): Promise<string> {
  const texts: string[] = [];
  for await (const event of recognizer.recognize(audio, { signal })) {
    if (event.type === 'final') texts.push(event.text);
  }
  return texts.join(' ');
}

async function* once(audio: AudioChunk): AsyncGenerator<AudioChunk> {
  yield audio;
}

describe.runIf(canRun).each(Object.entries(HARM))('a child that is %s', (_name, harm) => {
  test('interrupts what it was hearing, and no other of twenty', { timeout: 120_000 }, async () => {
    await using recognizer = await twoChildren();
    const audio = harming(speech, harm);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, async () => await hear(recognizer, audio())),
    );
    const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    const texts = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(failures.length).toBeGreaterThan(0);
    expect(failures.length).toBeLessThanOrEqual(2);
    for (const failure of failures) {
      expect(failure).toMatchObject({ name: 'EngineError', reason: 'unavailable', retryAfterSeconds: 1 });
    }
    expect(new Set(texts)).toEqual(new Set([await hear(recognizer, once(speech))]));
    expect(children()).toHaveLength(2);
    expect(recognizer.status).toMatchObject({ running: 0, waiting: 0, trouble: undefined });
  });

  test('costs those who keep their recording nothing but time', { timeout: 120_000 }, async () => {
    await using recognizer = await twoChildren();
    const expected = await hear(recognizer, once(speech));
    const [child = 0] = children();
    const started = performance.now();
    process.kill(child, harm);
    const heard = await Promise.all(
      [1, 2, 3, 4].map(async () => await transcribe(recognizer, { chunks: [speech] }, { signal })),
    );
    expect(heard).toEqual([expected, expected, expected, expected]);
    expect(performance.now() - started).toBeLessThan(BACK_WITHIN_MS);
  });

  test('leaves each of twenty spoken turns with one answer', { timeout: 240_000 }, async () => {
    {
      await using recognizer = await twoChildren();
      await using synthesizer = flite({ workers: 1 });
      const languageModel: LanguageModel = await scripted({
        script: { otherwise: { say: 'Yes. {heard}.' } },
      });
      const engines = { recognizer, languageModel, synthesizer, voiceActivity: await webrtcVad() };
      await using app = await openTestApp({ box: engines }, { sessions: 20, sessionsPerKey: 20 });
      const url = await app.listen();
      const clients = await Promise.all(
        Array.from({ length: 20 }, async () => {
          const path = '/openai/realtime?api-version=2025-04-01-preview&deployment=box';
          return await openSession(url + path, { headers: { 'api-key': app.key } });
        }),
      );
      for (const client of clients) take(client);
      const [first] = clients;
      await first?.until('input_audio_buffer.speech_started');
      const [child = 0] = children();
      process.kill(child, harm);
      await Promise.all(clients.map(async (client) => await client.until('response.done')));
      await Promise.all(clients.map(async (client) => await client.close()));
      for (const { events } of clients) {
        const ended = events.filter(({ type }) => type === 'response.done');
        expect(ended).toHaveLength(1);
        expect(ended[0]).toMatchObject({
          response: { status: expect.stringMatching(/^(completed|failed)$/) },
        });
        expect(events.filter(({ type }) => type === 'error')).toEqual([]);
        expect(events.filter(({ type }) => /transcription\.(completed|failed)$/.test(type))).toHaveLength(1);
      }
      // The sessions have been left, which their engines learn a moment later.
      await expect.poll(() => recognizer.status).toMatchObject({ running: 0, waiting: 0 });
      expect(children()).toHaveLength(2);
    }
    expect(children()).toEqual([]);
  });
});

describe.runIf(canRun)('a frozen child over HTTP', () => {
  test('is told once as 503 with when to retry, or costs time alone', { timeout: 120_000 }, async () => {
    await using recognizer = pocketsphinx({ workers: 1, silenceMs: SILENCE_MS });
    await recognizer.warm();
    const languageModel = await scripted({ script: { otherwise: { say: '{heard}' } } });
    await using app = await openTestApp({ box: { recognizer, languageModel } });
    const url = await app.listen();
    const freeze = (): void => {
      const [child = 0] = children();
      process.kill(child, 'SIGSTOP');
    };
    freeze();
    const interrupted = await transcription(url, app.key);
    expect([interrupted.status, interrupted.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await interrupted.json()).toMatchObject({
      error: {
        type: 'server_error',
        code: 'engine_unavailable',
        message: expect.stringMatching(/^pocketsphinx broke off/),
      },
    });
    const retried = await transcription(url, app.key);
    expect(await retried.json()).toMatchObject({ text: SENTENCE });
    freeze();
    const chat = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'api-key': app.key, 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'box',
        messages: [
          {
            role: 'user',
            content: [
              { type: 'input_audio', input_audio: { data: wav().toString('base64'), format: 'wav' } },
            ],
          },
        ],
      }),
    });
    expect(await chat.json()).toMatchObject({ choices: [{ message: { content: SENTENCE } }] });
  });
});

function wav(): Buffer {
  return Buffer.from(writeWav(speech.samples, { sampleRate: speech.sampleRate }));
}

async function transcription(url: string, key: string): Promise<Response> {
  const form = new FormData();
  form.set('model', 'box');
  form.set('file', new File([new Uint8Array(wav())], 'speech.wav'));
  return await fetch(`${url}/v1/audio/transcriptions`, {
    method: 'POST',
    headers: { 'api-key': key },
    body: form,
  });
}

/** One spoken turn, followed by the silence that ends it. */
function take(client: RealtimeClient): void {
  client.send({ type: 'session.update', session: { input_audio_transcription: { model: 'whisper-1' } } });
  const { samples, sampleRate } = speech;
  const silence = new Int16Array(24_000);
  const audio = Int16Array.from({ length: Math.floor(durationMs(speech) * 24) }, (_, index) => {
    return samples[Math.floor((index * sampleRate) / 24_000)] ?? 0;
  });
  for (const part of [audio, silence]) {
    for (let start = 0; start < part.length; start += 2_400) {
      const bytes = Buffer.from(part.slice(start, start + 2_400).buffer);
      client.send({ type: 'input_audio_buffer.append', audio: bytes.toString('base64') });
    }
  }
}
