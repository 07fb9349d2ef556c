import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toPcmBytes } from '../../audio/pcm-bytes.ts';
import { wavHeader } from '../../audio/wav-writer.ts';
import { speechModelConformance } from '../../engine/conformance/speech-model.ts';
import type { ConverseEvent, ConverseRequest, SpeechModel } from '../../engine/speech-model.ts';
import { azureUpstream } from './azure-upstream.ts';
import { type FakeUpstream, serveFake, sse } from './fake-upstream.ts';
import { type OpenAiAudioOptions, openAiAudio } from './index.ts';

const ASK: ConverseRequest = {
  messages: [{ role: 'user', text: 'Hello.' }],
  modality: 'audio',
  voice: 'alloy',
  tools: [],
  toolChoice: 'auto',
  sampling: {},
};
const STOP = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
const USAGE = {
  choices: [],
  usage: {
    prompt_tokens: 30,
    completion_tokens: 25,
    prompt_tokens_details: { audio_tokens: 20, cached_tokens: 0 },
    completion_tokens_details: { audio_tokens: 21, reasoning_tokens: 0 },
  },
};

function words(transcript: string): unknown {
  return { choices: [{ index: 0, delta: { audio: { id: 'audio_1', transcript } } }] };
}

function sound(bytes: Uint8Array): unknown {
  return { choices: [{ index: 0, delta: { audio: { data: Buffer.from(bytes).toString('base64') } } }] };
}

function connect(upstream: FakeUpstream, options: Partial<OpenAiAudioOptions> = {}): SpeechModel {
  return openAiAudio({ baseUrl: upstream.baseUrl, model: 'omni', ...options });
}

async function serveEvents(...events: readonly unknown[]): Promise<FakeUpstream> {
  return await serveFake((_, response) => stream(response).end(sse(...events)));
}

function stream(response: ServerResponse): ServerResponse {
  return response.writeHead(200, { 'content-type': 'text/event-stream' });
}

async function hear(upstream: FakeUpstream, request = ASK, options = {}): Promise<ConverseEvent[]> {
  const events = connect(upstream, options).converse(request, { signal: new AbortController().signal });
  return await Array.fromAsync(events);
}

function samplesOf(events: readonly ConverseEvent[]): number[] {
  return events.flatMap((event) => (event.type === 'audio' ? Array.from(event.chunk.samples) : []));
}

describe('speech behind chat completions keeps the promises of a speech model', () => {
  let upstream: FakeUpstream;
  beforeAll(async () => {
    upstream = await serveFake(async (_, response, body) => {
      const isSpoken = JSON.parse(body).modalities.includes('audio');
      const delta = { content: 'Hello there.' };
      stream(response).write(sse(isSpoken ? words('Hello there.') : { choices: [{ index: 0, delta }] }));
      for (let piece = 0; isSpoken && piece < 20 && !response.closed; piece += 1) {
        response.write(sse(sound(new Uint8Array(4_800))));
        await new Promise(setImmediate);
      }
      response.end(sse(STOP, USAGE));
    });
  });
  afterAll(async () => await upstream[Symbol.asyncDispose]());

  for (const { name, run } of speechModelConformance) {
    test(name, async () => await run({ model: connect(upstream), voice: 'alloy', prompt: 'Hello.' }));
  }
});

test('the request has what was said as WAV, and asks for words and pcm16', async () => {
  await using upstream = await serveEvents(words('Hi.'), STOP, USAGE);
  const clip = { chunks: [{ samples: Int16Array.of(1, 2, 3), sampleRate: 24_000 }] };
  const request: ConverseRequest = {
    ...ASK,
    messages: [
      { role: 'system', text: 'Be brief.' },
      { role: 'assistant', text: 'Said before.' },
      {
        role: 'user',
        parts: [
          { kind: 'text', text: 'What is this?' },
          { kind: 'audio', clip },
        ],
      },
    ],
    sampling: { temperature: 0.5, maxOutputTokens: 100 },
  };
  await hear(upstream, request, { voices: { alloy: 'Chelsie' } });
  const wav = Buffer.concat([wavHeader(24_000, 3), toPcmBytes(Int16Array.of(1, 2, 3))]).toString('base64');
  expect(JSON.parse(upstream.requests[0]?.body ?? '')).toEqual({
    model: 'omni',
    stream: true,
    stream_options: { include_usage: true },
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'assistant', content: 'Said before.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'input_audio', input_audio: { data: wav, format: 'wav' } },
        ],
      },
    ],
    temperature: 0.5,
    max_tokens: 100,
    modalities: ['text', 'audio'],
    audio: { voice: 'Chelsie', format: 'pcm16' },
  });
});

test('a written reply is asked for without a voice', async () => {
  await using upstream = await serveEvents(
    { choices: [{ index: 0, delta: { content: 'Hi.' } }] },
    STOP,
    USAGE,
  );
  await hear(upstream, { ...ASK, modality: 'text' });
  const body = JSON.parse(upstream.requests[0]?.body ?? '');
  expect(body.modalities).toEqual(['text']);
  expect(body).not.toHaveProperty('audio');
});

test('pieces of sound may be cut anywhere', async () => {
  const bytes = toPcmBytes(Int16Array.of(1, -2, 300, -400));
  await using upstream = await serveEvents(
    words('Hi.'),
    sound(bytes.subarray(0, 3)),
    sound(bytes.subarray(3)),
    STOP,
    USAGE,
  );
  expect(samplesOf(await hear(upstream))).toEqual([1, -2, 300, -400]);
});

test('what a server counts of sound is apart from its text', async () => {
  await using upstream = await serveEvents(words('Hi.'), STOP, USAGE);
  expect((await hear(upstream)).at(-1)).toEqual({
    type: 'finish',
    reason: 'stop',
    usage: {
      inputTokens: 10,
      outputTokens: 4,
      inputAudioTokens: 20,
      outputAudioTokens: 21,
      cachedInputTokens: 0,
      reasoningTokens: 0,
    },
  });
});

test('sound in chunks of their own, each a WAV file, after the end of the words', async () => {
  const wav = Buffer.concat([wavHeader(16_000, 2), toPcmBytes(Int16Array.of(5, 6))]);
  const piece = { modality: 'audio', choices: [{ index: 0, delta: { content: wav.toString('base64') } }] };
  await using upstream = await serveEvents(
    { modality: 'text', choices: [{ index: 0, delta: { content: 'Hi.' }, finish_reason: 'stop' }] },
    piece,
    piece,
    USAGE,
  );
  const events = await hear(upstream);
  expect(events.flatMap((event) => (event.type === 'text-delta' ? [event.delta] : []))).toEqual(['Hi.']);
  expect(samplesOf(events)).toEqual([5, 6, 5, 6]);
  expect(events.find(({ type }) => type === 'audio')).toMatchObject({ chunk: { sampleRate: 16_000 } });
});

test('a whole answer of a server that does not stream is read as well', async () => {
  const audio = { id: 'audio_1', transcript: 'Hi.', data: Buffer.from([7, 0]).toString('base64') };
  const whole = {
    choices: [{ message: { content: null, audio }, finish_reason: 'stop' }],
    usage: USAGE.usage,
  };
  await using upstream = await serveFake((_, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(whole)),
  );
  const events = await hear(upstream);
  expect(events[0]).toEqual({ type: 'text-delta', delta: 'Hi.' });
  expect(samplesOf(events)).toEqual([7]);
});

test('an answer that breaks off in the middle fails', async () => {
  await using upstream = await serveFake((_, response) =>
    stream(response).write(sse(words('Once upon')), () => response.destroy()),
  );
  await expect(hear(upstream)).rejects.toMatchObject({
    reason: 'failed',
    message: expect.stringContaining('broke off in the middle of a reply.'),
  });
});

test('leaving in the middle closes the connection', async () => {
  const closed = Promise.withResolvers<void>();
  await using upstream = await serveFake((_, response) => {
    response.on('close', closed.resolve);
    stream(response).write(sse(words('Once upon'), sound(new Uint8Array(4_800))));
  });
  const leaving = new AbortController();
  const events = connect(upstream).converse(ASK, { signal: leaving.signal })[Symbol.asyncIterator]();
  await events.next();
  leaving.abort();
  await expect(events.next()).rejects.toBe(leaving.signal.reason);
  await closed.promise;
});

test('an error that repeats sound and key is told without them', async () => {
  const message = `Invalid audio ${'UklGR'.repeat(40)} of sk-secret-key`;
  await using upstream = await serveFake((_, response) =>
    response.writeHead(500).end(JSON.stringify({ error: { message } })),
  );
  const error = await hear(upstream, ASK, { apiKey: 'sk-secret-key' }).catch((thrown: unknown) => thrown);
  expect(String(error)).toContain('answered 500: Invalid audio … of ***.');
});

test('a deployment of Azure is asked at its own address, with its own header', async () => {
  const paths: (string | undefined)[] = [];
  await using upstream = await serveFake((request, response) => {
    paths.push(request.url);
    stream(response).end(sse(words('Hi.'), STOP, USAGE));
  });
  const baseUrl = upstream.baseUrl.replace('/v1', '/');
  const there = { baseUrl, model: 'gpt-audio', apiKey: 'azure-key' };
  for (const apiVersion of ['2025-01-01-preview', undefined]) {
    const model = openAiAudio(azureUpstream(there, { deployment: 'my audio', apiVersion }));
    await Array.fromAsync(model.converse(ASK, { signal: new AbortController().signal }));
  }
  expect(paths).toEqual([
    '/openai/deployments/my%20audio/chat/completions?api-version=2025-01-01-preview',
    '/openai/v1/chat/completions',
  ]);
  expect(upstream.requests[0]?.headers).toMatchObject({ 'api-key': 'azure-key' });
  expect(upstream.requests[0]?.headers).not.toHaveProperty('authorization');
  expect(JSON.parse(upstream.requests[1]?.body ?? '').model).toBe('my audio');
});
