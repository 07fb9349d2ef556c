import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import type { AudioChunk } from '../../audio/chunk.ts';
import { readWav } from '../../audio/wav-reader.ts';
import type { RecognitionEvent, RecognizeOptions, SpeechRecognizer } from '../../engine/speech-recognizer.ts';
import { type FakeUpstream, serveFake, sse } from './fake-upstream.ts';
import { type OpenAiTranscriptionsOptions, openAiTranscriptions } from './index.ts';

const signal = new AbortController().signal;

function connect(
  upstream: FakeUpstream,
  options: Partial<OpenAiTranscriptionsOptions> = {},
): SpeechRecognizer {
  return openAiTranscriptions({ baseUrl: upstream.baseUrl, model: 'whisper', ...options });
}

/** Half a second in chunks of a tenth. */
async function* speech(): AsyncGenerator<AudioChunk> {
  for (let chunk = 0; chunk < 5; chunk += 1) {
    yield { samples: new Int16Array(1_600).fill(chunk * 100), sampleRate: 16_000 };
  }
}

async function hear(
  recognizer: SpeechRecognizer,
  options: Partial<RecognizeOptions> = {},
  audio: AsyncIterable<AudioChunk> = speech(),
): Promise<RecognitionEvent[]> {
  return await Array.fromAsync(recognizer.recognize(audio, { signal, ...options }));
}

async function serveText(
  answer: (response: ServerResponse, form: FormData) => unknown,
): Promise<FakeUpstream> {
  return await serveFake(async (request, response, body) => {
    const headers = { 'content-type': request.headers['content-type'] ?? '' };
    const form = await new Response(Buffer.from(body, 'latin1'), { headers }).formData();
    answer(response, form);
  });
}

test('the audio reaches the server as one wav file, with language and prompt', async () => {
  const forms: FormData[] = [];
  await using upstream = await serveText((response, form) => {
    forms.push(form);
    response.end('{"text":"Hej."}');
  });
  await hear(connect(upstream, { apiKey: 'sk-1234' }), { language: 'sv-SE', prompt: 'Malmö' });
  const [form] = forms;
  expect(form?.get('language')).toBe('sv');
  expect(form?.get('prompt')).toBe('Malmö');
  expect(form?.get('model')).toBe('whisper');
  expect(form?.get('response_format')).toBe('verbose_json');
  expect(form?.getAll('timestamp_granularities[]')).toEqual(['segment', 'word']);
  const file = form?.get('file');
  const bytes = file instanceof File ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array();
  const [chunk] = readWav(bytes);
  expect([chunk?.sampleRate, chunk?.samples.length, chunk?.samples[7_999]]).toEqual([16_000, 8_000, 400]);
  expect(upstream.requests[0]?.headers.authorization).toBe('Bearer sk-1234');
});

test('segments become finals, with the words that lie in them', async () => {
  const answer = {
    text: 'Hello there. Bye.',
    language: 'english',
    segments: [
      { start: 0, end: 0.3, text: ' Hello there.' },
      { start: 0.3, end: 0.5, text: ' Bye.' },
    ],
    words: [
      { word: 'Hello', start: 0, end: 0.1 },
      { word: 'there', start: 0.1, end: 0.3 },
      { word: 'Bye', start: 0.35, end: 0.5 },
    ],
  };
  await using upstream = await serveText((response) => response.end(JSON.stringify(answer)));
  expect(await hear(connect(upstream))).toEqual([
    {
      type: 'final',
      text: 'Hello there.',
      startMs: 0,
      endMs: 300,
      words: [
        { text: 'Hello', startMs: 0, endMs: 100 },
        { text: 'there', startMs: 100, endMs: 300 },
      ],
    },
    {
      type: 'final',
      text: 'Bye.',
      startMs: 300,
      endMs: 500,
      words: [{ text: 'Bye', startMs: 350, endMs: 500 }],
    },
  ]);
});

test('a server that knows no times is asked without, from then on', async () => {
  await using upstream = await serveText((response, form) => {
    const error = { message: "response_format 'verbose_json' is not compatible", param: 'response_format' };
    if (form.get('response_format') === 'json') response.end('{"text":"Hello."}');
    else response.writeHead(400).end(JSON.stringify({ error }));
  });
  const recognizer = connect(upstream);
  const expected = [{ type: 'final', text: 'Hello.', startMs: 0, endMs: 500 }];
  expect(await hear(recognizer)).toEqual(expected);
  expect(await hear(recognizer)).toEqual(expected);
  expect(upstream.requests.length).toBe(3);
});

test('a streamed transcript gives partials, then a final', async () => {
  await using upstream = await serveText((response, form) => {
    expect(form.get('stream')).toBe('true');
    response
      .writeHead(200, { 'content-type': 'text/event-stream' })
      .end(
        sse(
          { type: 'transcript.text.delta', delta: 'Hel' },
          { type: 'transcript.text.delta', delta: 'lo.' },
          { type: 'transcript.text.done', text: 'Hello.' },
        ),
      );
  });
  expect(await hear(connect(upstream, { stream: true }))).toEqual([
    { type: 'partial', text: 'Hel', settled: 'Hel' },
    { type: 'partial', text: 'Hello.', settled: 'Hello.' },
    { type: 'final', text: 'Hello.', startMs: 0, endMs: 500 },
  ]);
});

test.each([
  ['Yellow.', 'Hello'],
  ['Hello.', 'Hello.'],
])('a streamed transcript that ends as "%s" takes back nothing', async (end, text) => {
  await using upstream = await serveText((response) => {
    const delta = { type: 'transcript.text.delta', delta: 'Hello' };
    response
      .writeHead(200, { 'content-type': 'text/event-stream' })
      .end(sse(delta, { type: 'transcript.text.done', text: end }));
  });
  expect(await hear(connect(upstream, { stream: true }))).toMatchObject([
    { type: 'partial', settled: 'Hello' },
    { type: 'final', text },
  ]);
});

test('silence has no finals, and no audio makes no request', async () => {
  await using upstream = await serveText((response) => response.end('{"text":" "}'));
  expect(await hear(connect(upstream))).toEqual([]);
  expect(await hear(connect(upstream), {}, (async function* () {})())).toEqual([]);
  expect(upstream.requests.length).toBe(1);
});

test('audio beyond the bound and a language that is not heard are refused', async () => {
  await using upstream = await serveText((response) => response.end('{"text":""}'));
  await expect(hear(connect(upstream, { longestSeconds: 0.4 }))).rejects.toMatchObject({
    reason: 'unsupported',
    message: 'openai-transcriptions takes at most 0.4 s of audio at a time.',
  });
  await expect(hear(connect(upstream, { languages: ['en'] }), { language: 'sv' })).rejects.toMatchObject({
    reason: 'unsupported',
  });
  expect(upstream.requests.length).toBe(0);
});

test('an abort is heard while the speaker still speaks and while the server still listens', async () => {
  await using upstream = await serveText(() => {});
  for (const isSpeaking of [true, false]) {
    const controller = new AbortController();
    async function* speaking(): AsyncGenerator<AudioChunk> {
      yield* speech();
      controller.abort(new Error('enough'));
      if (isSpeaking) await new Promise(() => {});
    }
    await expect(hear(connect(upstream), { signal: controller.signal }, speaking())).rejects.toThrow(
      'enough',
    );
  }
});

test('what is no transcript fails', async () => {
  await using upstream = await serveText((response) => response.end('<html></html>'));
  await expect(hear(connect(upstream))).rejects.toMatchObject({
    reason: 'failed',
    message: expect.stringContaining('sent something that is not a transcript.'),
  });
});
