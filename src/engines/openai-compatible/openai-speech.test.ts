import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toPcmBytes } from '../../audio/pcm-bytes.ts';
import { wavHeader } from '../../audio/wav-writer.ts';
import { speechSynthesizerConformance } from '../../engine/conformance/speech-synthesizer.ts';
import type { SpeechSynthesizer, SynthesisEvent } from '../../engine/speech-synthesizer.ts';
import { type FakeUpstream, serveFake } from './fake-upstream.ts';
import { type OpenAiSpeechOptions, openAiSpeech } from './index.ts';

const signal = new AbortController().signal;

/** A tone that lasts 5 ms for each letter. */
function tone(letters: number, sampleRate = 24_000): Uint8Array {
  const samples = Int16Array.from(
    { length: letters * 0.005 * sampleRate },
    (_, at) => 8_000 * Math.sin(at / 10),
  );
  return toPcmBytes(samples);
}

function connect(upstream: FakeUpstream, options: Partial<OpenAiSpeechOptions> = {}): SpeechSynthesizer {
  return openAiSpeech({ baseUrl: upstream.baseUrl, model: 'tts', voices: { alloy: 'af_sky' }, ...options });
}

async function* from(...pieces: string[]): AsyncGenerator<string> {
  yield* pieces;
}

async function speak(synthesizer: SpeechSynthesizer, ...pieces: string[]): Promise<SynthesisEvent[]> {
  return await Array.fromAsync(synthesizer.synthesize(from(...pieces), { signal, voice: 'alloy', speed: 1 }));
}

function samplesOf(events: readonly SynthesisEvent[]): number[] {
  return events.flatMap((event) => (event.type === 'audio' ? Array.from(event.chunk.samples) : []));
}

async function serveSpeech(answer: (response: ServerResponse) => unknown): Promise<FakeUpstream> {
  return await serveFake((_, response) => answer(response));
}

describe('speech behind HTTP keeps the promises of a speech synthesizer', () => {
  let upstream: FakeUpstream;
  beforeAll(async () => {
    upstream = await serveFake((_, response, body) => {
      const { input, speed = 1 } = JSON.parse(body);
      response.end(tone(Buffer.from(input, 'latin1').toString('utf8').length / speed));
    });
  });
  afterAll(async () => await upstream[Symbol.asyncDispose]());

  for (const { name, run } of speechSynthesizerConformance) {
    test(name, async () => await run({ synthesizer: connect(upstream), voice: 'alloy' }));
  }
});

test('the request names the voice of the server, and the speed when it is not 1', async () => {
  await using upstream = await serveSpeech((response) => response.end(tone(1)));
  const synthesizer = connect(upstream, { extraBody: { instructions: 'Calmly.' } });
  await Array.fromAsync(synthesizer.synthesize(from('Hi.'), { signal, voice: 'alloy', speed: 1.5 }));
  expect(JSON.parse(upstream.requests[0]?.body ?? '')).toEqual({
    model: 'tts',
    input: 'Hi.',
    voice: 'af_sky',
    response_format: 'pcm',
    speed: 1.5,
    instructions: 'Calmly.',
  });
});

test('a wav file at another rate is brought to 24 kHz', async () => {
  await using upstream = await serveSpeech((response) => {
    response.end(Buffer.concat([wavHeader(16_000), tone(100, 16_000)]));
  });
  const events = await speak(connect(upstream, { format: 'wav' }), 'Hi.');
  expect(samplesOf(events).length).toBe(12_000);
  expect(events.at(-1)).toEqual({ type: 'spoken', text: 'Hi.', endMs: 500 });
});

test('the next piece is asked for while this one is read, and no more than one', async () => {
  const asked = Promise.withResolvers<void>();
  await using upstream = await serveFake((_, response, body) => {
    if (JSON.parse(body).input === 'two') asked.resolve();
    response.end(tone(10));
  });
  const synthesizer = connect(upstream);
  const events = synthesizer.synthesize(from('one', 'two', 'three'), { signal, voice: 'alloy', speed: 1 });
  for await (const event of events) {
    if (event.type === 'spoken') break;
    await asked.promise;
  }
  expect(upstream.requests.map(({ body }) => JSON.parse(body).input)).toEqual(['one', 'two']);
});

test('leaving early closes the connection of this piece and of the next', async () => {
  const closed: Promise<void>[] = [];
  const bothCame = Promise.withResolvers<void>();
  await using upstream = await serveSpeech((response) => {
    closed.push(new Promise((resolve) => response.on('close', resolve)));
    response.write(tone(10));
    if (closed.length === 2) bothCame.resolve();
  });
  const events = connect(upstream).synthesize(from('one', 'two'), { signal, voice: 'alloy', speed: 1 });
  for await (const _ of events) {
    await bothCame.promise;
    break;
  }
  await Promise.all(closed);
});

test('leaving early closes the connection of an answer that waits for its turn', async () => {
  const closed = Promise.withResolvers<void>();
  let first: ServerResponse | undefined;
  await using upstream = await serveSpeech((response) => {
    const before = first;
    first ??= response;
    response.write(tone(10), () => before?.write(tone(10)));
    if (before) response.on('close', closed.resolve);
  });
  let samples = 0;
  for await (const event of connect(upstream).synthesize(from('one', 'two'), {
    signal,
    voice: 'alloy',
    speed: 1,
  })) {
    samples += samplesOf([event]).length;
    // The rest of the first answer was sent after the head of the second.
    if (samples > 1_200) break;
  }
  await closed.promise;
});

test('a text longer than the API takes is sent in parts, and its mark comes once', async () => {
  await using upstream = await serveSpeech((response) => response.end(tone(1)));
  const events = await speak(connect(upstream), 'word '.repeat(1_700));
  expect(upstream.requests.map(({ body }) => JSON.parse(body).input.length <= 4_000)).toEqual([
    true,
    true,
    true,
  ]);
  expect(events.filter((event) => event.type === 'spoken').length).toBe(1);
});

test.each([
  [{ 'content-type': 'application/json' }, {}, 'answered with application/json instead of speech.'],
  [{ 'content-type': 'audio/wav' }, { format: 'wav' as const }, 'sent something that is not a wav file.'],
])('an answer that is no speech fails: %j', async (headers, options, message) => {
  await using upstream = await serveSpeech((response) =>
    response.writeHead(200, headers).end('{"oh": "no, this is none"}'),
  );
  await expect(speak(connect(upstream, options), 'Hi.')).rejects.toMatchObject({
    reason: 'failed',
    message: expect.stringContaining(message),
  });
});

test('a connection that is cut, or goes silent, fails', async () => {
  await using cut = await serveSpeech((response) => response.write(tone(10), () => response.destroy()));
  await expect(speak(connect(cut), 'Hi.')).rejects.toThrow('broke off in the middle of a speech.');
  await using silent = await serveSpeech((response) => response.write(tone(10)));
  await expect(speak(connect(silent, { timeouts: { betweenTokensMs: 20 } }), 'Hi.')).rejects.toThrow(
    'sent no speech for 0.02 s.',
  );
});

test('a voice that is not there is refused with those that are', async () => {
  await using upstream = await serveSpeech((response) => response.end());
  await expect(
    Array.fromAsync(connect(upstream).synthesize(from('Hi.'), { signal, voice: 'bob', speed: 1 })),
  ).rejects.toMatchObject({ reason: 'unsupported', message: 'There is no voice bob. There is: alloy.' });
});
