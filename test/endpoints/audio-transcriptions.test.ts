import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestApp, type TestApp } from '../support/app.ts';
import { checkContract } from '../support/contract.ts';
import { secondCounter } from '../support/second-counter.ts';
import { toneWav } from '../support/tone.ts';
import { type Field, jsonOf, postForm, THREE_SECONDS, WHISPER } from './audio-form.ts';

const recognizer = secondCounter();
let server: TestApp;
let url: string;

beforeAll(async () => {
  server = await openTestApp(
    { 'whisper-1': { recognizer }, timed: { recognizer: secondCounter({ tellsWords: true }) } },
    { audioSeconds: 60 },
  );
  url = await server.listen();
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

async function post(fields: readonly Field[], path?: string): Promise<Response> {
  return await postForm({ url, key: server.key }, fields, path);
}

async function eventsOf(response: Response): Promise<Record<string, unknown>[]> {
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const text = await response.text();
  return text
    .split('\n\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line.replace(/^data: /, '')) as Record<string, unknown>);
}

describe('the transcript', () => {
  test('is JSON with the usage in tokens unless told', async () => {
    const body = await jsonOf(await post([THREE_SECONDS, WHISPER]));
    checkContract('openai-rest', 'CreateTranscriptionResponseJson', body);
    expect(body).toEqual({
      text: 'one two three',
      usage: {
        type: 'tokens',
        input_tokens: 35,
        input_token_details: { text_tokens: 0, audio_tokens: 35 },
        output_tokens: 3,
        total_tokens: 38,
      },
    });
  });

  test('does not depend on the order of the parts', async () => {
    expect(await jsonOf(await post([WHISPER, THREE_SECONDS]))).toMatchObject({ text: 'one two three' });
  });

  test.each([
    ['/openai/deployments/whisper-1/audio/transcriptions?api-version=2025-03-01-preview'],
    ['/openai/deployments/whisper-1/audio/transcriptions?api-version=2024-06-01'],
  ])('comes at %s without a model in the form', async (path) => {
    expect(await jsonOf(await post([THREE_SECONDS], path))).toMatchObject({ text: 'one two three' });
  });

  test('comes at the v1 address of Azure', async () => {
    const response = await post([THREE_SECONDS, WHISPER], '/openai/v1/audio/transcriptions');
    expect(await jsonOf(response)).toMatchObject({ text: 'one two three' });
  });

  test('is bare text', async () => {
    const response = await post([THREE_SECONDS, WHISPER, ['response_format', 'text']]);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await response.text()).toBe('one two three\n');
  });

  test('is SubRip subtitles', async () => {
    const response = await post([['response_format', 'srt'], WHISPER, THREE_SECONDS]);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await response.text()).toBe(
      '1\n00:00:00,000 --> 00:00:01,000\none\n\n' +
        '2\n00:00:01,000 --> 00:00:02,000\ntwo\n\n' +
        '3\n00:00:02,000 --> 00:00:03,000\nthree\n\n',
    );
  });

  test('is WebVTT', async () => {
    const response = await post([['response_format', 'vtt'], WHISPER, THREE_SECONDS]);
    expect(await response.text()).toMatch(/^WEBVTT\n\n00:00:00\.000 --> 00:00:01\.000\none\n\n/);
  });

  test('is verbose, with an utterance as a segment', async () => {
    const fields: Field[] = [
      ['response_format', 'verbose_json'],
      ['temperature', '0.25'],
    ];
    const body = await jsonOf(await post([...fields, WHISPER, THREE_SECONDS]));
    // The service sends `task`, which its schema does not know.
    const { task: _task, ...published } = body;
    checkContract('openai-rest', 'CreateTranscriptionResponseVerboseJson', published);
    expect(body).toMatchObject({
      task: 'transcribe',
      language: 'english',
      duration: 3.5,
      text: 'one two three',
      usage: { type: 'duration', seconds: 4 },
    });
    expect(body).not.toHaveProperty('words');
    expect(body['segments']).toHaveLength(3);
    expect((body['segments'] as unknown[])[1]).toEqual({
      id: 1,
      seek: 0,
      start: 1,
      end: 2,
      text: ' two',
      tokens: [],
      temperature: 0.25,
      avg_logprob: 0,
      compression_ratio: 1,
      no_speech_prob: 0,
    });
  });

  test('tells the times of words, and of segments beside them when both are asked for', async () => {
    const timed: Field[] = [['model', 'timed'], ['response_format', 'verbose_json'], THREE_SECONDS];
    const words = await jsonOf(await post([...timed, ['timestamp_granularities[]', 'word']]));
    expect(words['words']).toEqual([
      { word: 'one', start: 0, end: 1 },
      { word: 'two', start: 1, end: 2 },
      { word: 'three', start: 2, end: 3 },
    ]);
    expect(words).not.toHaveProperty('segments');
    const both = await jsonOf(
      await post([...timed, ['timestamp_granularities[]', 'word'], ['timestamp_granularities[]', 'segment']]),
    );
    expect(both['words']).toHaveLength(3);
    expect(both['segments']).toHaveLength(3);
  });

  test('is of the content, whatever the file is called', async () => {
    const file: Field = ['file', new Blob([toneWav(2)]), 'speech.mp3'];
    expect(await jsonOf(await post([file, WHISPER]))).toMatchObject({ text: 'one two' });
  });

  test('is empty where nothing is said', async () => {
    const file: Field = ['file', new Blob([toneWav(0.5)]), 'short.wav'];
    expect(await jsonOf(await post([file, WHISPER]))).toMatchObject({ text: '' });
    const verbose = await jsonOf(await post([file, WHISPER, ['response_format', 'verbose_json']]));
    expect(verbose).toMatchObject({ text: '', segments: [] });
  });

  test('is asked of the recognizer with the language and with all hints', async () => {
    await jsonOf(
      await post([
        THREE_SECONDS,
        WHISPER,
        ['language', 'en-US'],
        ['prompt', 'Counting.'],
        ['keywords[]', 'one'],
        ['keywords[]', 'two'],
        ['chunking_strategy', '{"type":"server_vad","threshold":0.5}'],
        ['temperature', '0'],
        ['stream', 'false'],
      ]),
    );
    expect(recognizer.asked).toEqual({ language: 'en-US', prompt: 'Counting., one, two' });
    await jsonOf(await post([THREE_SECONDS, WHISPER, ['languages[]', 'sv'], ['languages[]', 'en']]));
    expect(recognizer.asked.language).toBe('en');
  });

  test('comes for chunking strategies in each form that the SDKs write', async () => {
    const auto = await post([THREE_SECONDS, WHISPER, ['chunking_strategy', 'auto']]);
    expect(auto.status).toBe(200);
    const nested = await post([THREE_SECONDS, WHISPER, ['chunking_strategy[type]', 'server_vad']]);
    expect(nested.status).toBe(200);
    const wrong = await post([THREE_SECONDS, WHISPER, ['chunking_strategy[type]', 'client_vad']]);
    expect(wrong.status).toBe(400);
  });
});

describe('the stream', () => {
  test('tells each utterance once and ends with the whole and its usage', async () => {
    const events = await eventsOf(await post([THREE_SECONDS, WHISPER, ['stream', 'true']]));
    const done = events.pop();
    for (const event of events) checkContract('openai-rest', 'TranscriptTextDeltaEvent', event);
    checkContract('openai-rest', 'TranscriptTextDoneEvent', done);
    expect(events).toEqual([
      { type: 'transcript.text.delta', delta: 'one' },
      { type: 'transcript.text.delta', delta: ' two' },
      { type: 'transcript.text.delta', delta: ' three' },
    ]);
    expect(done).toEqual({
      type: 'transcript.text.done',
      text: 'one two three',
      usage: {
        type: 'tokens',
        input_tokens: 35,
        input_token_details: { text_tokens: 0, audio_tokens: 35 },
        output_tokens: 3,
        total_tokens: 38,
      },
    });
  });

  test('has an end also where nothing is said', async () => {
    const file: Field = ['file', new Blob([toneWav(0.5)]), 'short.wav'];
    const events = await eventsOf(await post([file, WHISPER, ['stream', 'true']]));
    expect(events).toMatchObject([{ type: 'transcript.text.done', text: '' }]);
  });

  test('begins while the file is still being heard', async () => {
    const counter = secondCounter();
    await using long = await openTestApp({ long: { recognizer: counter } });
    const form = new FormData();
    form.append('file', new Blob([toneWav(600)]), 'long.wav');
    form.append('model', 'long');
    form.append('stream', 'true');
    const response = await fetch(`${await long.listen()}/v1/audio/transcriptions`, {
      method: 'POST',
      headers: { 'api-key': long.key },
      body: form,
    });
    const reader = response.body?.getReader();
    const first = await reader?.read();
    expect(Buffer.from(first?.value ?? []).toString()).toMatch(/^data: \{"type":"transcript\.text\.delta"/);
    expect(counter.secondsHeard).toBeLessThan(300);
    await reader?.cancel();
  });
});
