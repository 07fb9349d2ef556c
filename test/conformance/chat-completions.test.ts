import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkContract } from '../support/contract.ts';
import { readEvents } from '../support/events.ts';
import { type RequestOptions, startTestServer, type TestServer } from '../support/test-server.ts';

/** Each address form, with the bundle that publishes its shapes. */
const FORMS = [
  {
    name: 'the Azure deployment address',
    path: '/openai/deployments/gpt-4o-audio-preview/chat/completions?api-version=2025-01-01-preview',
    bundle: 'azure-rest-2025-03-01-preview',
    completion: 'createChatCompletionResponse',
    chunk: 'createChatCompletionStreamResponse',
  },
  {
    name: 'the Azure v1 address',
    path: '/openai/v1/chat/completions',
    bundle: 'azure-rest-v1',
    completion: 'AzureCreateChatCompletionResponse',
    chunk: 'AzureCreateChatCompletionStreamResponse',
  },
  {
    name: 'the OpenAI address',
    path: '/v1/chat/completions',
    bundle: 'openai-rest',
    completion: 'CreateChatCompletionResponse',
    chunk: 'CreateChatCompletionStreamResponse',
  },
] as const;

const model = 'gpt-4o-audio-preview';
const hello = { role: 'user', content: 'Hello there.' };
const spoken = (format: string) => ({ modalities: ['text', 'audio'], audio: { voice: 'alloy', format } });
const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

interface Completion {
  readonly id: string;
  readonly model: string;
  readonly system_fingerprint: string;
  readonly choices: readonly {
    readonly finish_reason: string;
    readonly message: {
      readonly content: string | null;
      readonly audio?: { id: string; expires_at: number; data: string; transcript: string };
      readonly tool_calls?: readonly { id: string; function: { name: string; arguments: string } }[];
      readonly function_call?: { name: string; arguments: string };
    };
  }[];
  readonly usage: {
    readonly prompt_tokens: number;
    readonly completion_tokens: number;
    readonly total_tokens: number;
    readonly prompt_tokens_details: Readonly<Record<string, number>>;
    readonly completion_tokens_details: Readonly<Record<string, number>>;
  };
}

interface Chunk {
  readonly id: string;
  readonly choices: readonly {
    readonly index: number;
    readonly finish_reason: string | null;
    readonly delta: {
      readonly role?: string;
      readonly content?: string | null;
      readonly audio?: { id?: string; transcript?: string; data?: string; expires_at?: number };
      readonly tool_calls?: readonly {
        index: number;
        id?: string;
        function: { name?: string; arguments: string };
      }[];
    };
  }[];
  readonly usage?: { readonly total_tokens: number } | null;
}

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

async function complete(path: string, body: Record<string, unknown>): Promise<Completion> {
  const response = await server.post(path, { model, ...body });
  const answer = (await response.json()) as Completion;
  if (response.status !== 200) throw new Error(`${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

async function stream(path: string, body: Record<string, unknown>): Promise<readonly Chunk[]> {
  const response = await server.post(path, { model, stream: true, ...body });
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const events = await readEvents(response);
  expect(events.at(-1)).toBe('[DONE]');
  return events.slice(0, -1) as Chunk[];
}

describe.each(FORMS)('at $name', (form) => {
  test('text is answered in text', async () => {
    const answer = await complete(form.path, { messages: [hello] });
    checkContract(form.bundle, form.completion, answer);
    expect(answer.choices[0]?.message).toEqual({
      role: 'assistant',
      content: expect.stringContaining('Hello there.'),
      refusal: null,
    });
  });

  test('text is answered in speech', async () => {
    const answer = await complete(form.path, { ...spoken('wav'), messages: [hello] });
    checkContract(form.bundle, form.completion, answer);
    const { content, audio } = answer.choices[0]?.message ?? {};
    expect(content).toBeNull();
    expect(audio?.transcript).toContain('Hello there.');
    expect(
      Buffer.from(audio?.data ?? '', 'base64')
        .subarray(0, 4)
        .toString(),
    ).toBe('RIFF');
    expect(audio?.expires_at).toBeGreaterThan(Date.now() / 1000 + 3000);
  });

  test('a stream of text', async () => {
    const chunks = await stream(form.path, { messages: [hello], stream_options: { include_usage: true } });
    for (const chunk of chunks) checkContract(form.bundle, form.chunk, chunk);
    const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
    expect(text).toContain('Hello there.');
    expect(chunks.filter((chunk) => chunk.choices[0]?.delta.role === 'assistant')).toHaveLength(1);
    expect(new Set(chunks.map((chunk) => chunk.id)).size).toBe(1);
    expect(chunks.at(-1)?.choices).toEqual([]);
    expect(chunks.at(-1)?.usage?.total_tokens).toBeGreaterThan(5);
    expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
  });

  test('a stream of speech', async () => {
    const chunks = await stream(form.path, { ...spoken('pcm16'), messages: [hello] });
    for (const chunk of chunks) checkContract(form.bundle, form.chunk, chunk);
    const parts = chunks.flatMap((chunk) => chunk.choices[0]?.delta.audio ?? []);
    expect(parts[0]).toEqual({ id: expect.stringMatching(/^audio_/), transcript: '' });
    expect(new Set(parts.map((part) => part.id)).size).toBe(1);
    expect(parts.map((part) => part.transcript ?? '').join('')).toContain('Hello there.');
    const audio = parts.flatMap((part) =>
      part.data === undefined ? [] : [Buffer.from(part.data, 'base64')],
    );
    expect(audio.every((piece) => piece.length > 0 && piece.length % 2 === 0)).toBe(true);
    expect(parts.at(-1)?.expires_at).toBeGreaterThan(Date.now() / 1000);
    expect(chunks.at(-1)?.choices[0]).toMatchObject({ delta: {}, finish_reason: 'stop' });
    expect(chunks.every((chunk) => (chunk.choices[0]?.delta.content ?? null) === null)).toBe(true);
  });

  test('a tool call, whole and as a stream', async () => {
    const request = { messages: [hello], tools: [weather], tool_choice: 'required' };
    const answer = await complete(form.path, request);
    checkContract(form.bundle, form.completion, answer);
    const [choice] = answer.choices;
    expect(choice?.finish_reason).toBe('tool_calls');
    expect(JSON.parse(choice?.message.tool_calls?.[0]?.function.arguments ?? '')).toHaveProperty('city');

    const chunks = await stream(form.path, request);
    for (const chunk of chunks) checkContract(form.bundle, form.chunk, chunk);
    const calls = chunks.flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? []);
    expect(calls[0]).toMatchObject({ index: 0, id: expect.any(String), function: { name: 'get_weather' } });
    expect(JSON.parse(calls.map((call) => call.function.arguments).join(''))).toHaveProperty('city');
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('tool_calls');
  });
});

describe('what an answer says of itself', () => {
  const path = '/v1/chat/completions';

  test('usage adds up, audio by the published rates', async () => {
    const { usage, choices } = await complete(path, { ...spoken('pcm16'), messages: [hello] });
    const { prompt_tokens_details: prompt, completion_tokens_details: completion } = usage;
    expect(usage.prompt_tokens).toBe((prompt['text_tokens'] ?? 0) + (prompt['audio_tokens'] ?? 0));
    expect(usage.completion_tokens).toBe(
      (completion['text_tokens'] ?? 0) + (completion['audio_tokens'] ?? 0),
    );
    expect(usage.total_tokens).toBe(usage.prompt_tokens + usage.completion_tokens);
    const seconds = Buffer.from(choices[0]?.message.audio?.data ?? '', 'base64').length / 48_000;
    expect(completion['audio_tokens']).toBe(Math.ceil(seconds * 20));
  });

  test('the fingerprint names the engines', async () => {
    const answer = await complete(path, { messages: [hello] });
    expect(answer.system_fingerprint).toMatch(/^fp_.*scripted/);
  });

  test('Azure has its content filter fields, and no verdict in them', async () => {
    const azure = (await complete(FORMS[0].path, { messages: [hello] })) as Completion &
      Record<string, unknown>;
    expect(azure['prompt_filter_results']).toEqual([{ prompt_index: 0, content_filter_results: {} }]);
    expect(azure.choices[0]).toHaveProperty('content_filter_results', {});
    const openai = (await complete(path, { messages: [hello] })) as Completion & Record<string, unknown>;
    expect(openai).not.toHaveProperty('prompt_filter_results');
  });

  test('n choices, the prompt counted once', async () => {
    const one = await complete(path, { messages: [hello] });
    const three = await complete(path, { messages: [hello], n: 3 });
    expect(three.choices).toHaveLength(3);
    expect(three.usage.prompt_tokens).toBe(one.usage.prompt_tokens);
    expect(three.usage.completion_tokens).toBe(3 * one.usage.completion_tokens);
  });

  test('a reply cut by max_completion_tokens ends with length', async () => {
    const answer = await complete(path, { messages: [hello], max_completion_tokens: 3 });
    expect(answer.choices[0]?.finish_reason).toBe('length');
    expect(answer.usage.completion_tokens).toBeLessThanOrEqual(3);
  });

  test('a stop sequence is not in the reply', async () => {
    const answer = await complete(path, { messages: [hello], stop: 'there' });
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'stop' });
    expect(answer.choices[0]?.message.content).not.toContain('there');
  });

  test('the functions of the older API get a function_call', async () => {
    const answer = await complete(path, {
      messages: [hello],
      functions: [weather.function],
      function_call: { name: 'get_weather' },
    });
    expect(answer.choices[0]).toMatchObject({
      finish_reason: 'function_call',
      message: { function_call: { name: 'get_weather' } },
    });
  });

  test('request ids and the client’s own id come back', async () => {
    const response = await server.post(
      FORMS[0].path,
      { messages: [hello] },
      { headers: { 'x-ms-client-request-id': 'abc-1' } },
    );
    expect(response.headers.get('x-request-id')).toMatch(/^req_/);
    expect(response.headers.get('apim-request-id')).toBe(response.headers.get('x-request-id'));
    expect(response.headers.get('x-ms-client-request-id')).toBe('abc-1');
  });
});

describe('audio ids', () => {
  const path = '/v1/chat/completions';

  async function speakOnce(target: TestServer): Promise<string> {
    const response = await target.post(path, { model, ...spoken('wav'), messages: [hello] });
    const { choices } = (await response.json()) as Completion;
    return choices[0]?.message.audio?.id ?? '';
  }

  function followUp(id: string) {
    return {
      model,
      messages: [
        hello,
        { role: 'assistant', audio: { id } },
        { role: 'user', content: 'Summarize what you said so far.' },
      ],
    };
  }

  test('a follow-up by id knows what was said', async () => {
    const response = await server.post(path, followUp(await speakOnce(server)));
    const { choices } = (await response.json()) as Completion;
    expect(choices[0]?.message.content).toContain('I said: Hello. You said: Hello there.');
  });

  test('an id still works after a restart', async () => {
    await using stack = new AsyncDisposableStack();
    const home = await mkdtemp(join(tmpdir(), 'samtal-'));
    stack.defer(async () => await rm(home, { recursive: true }));
    const first = await startTestServer({ home });
    const id = await speakOnce(first);
    await first[Symbol.asyncDispose]();
    const second = stack.use(await startTestServer({ home }));
    expect((await second.post(path, followUp(id))).status).toBe(200);
  });

  test('unknown, expired and foreign ids get one and the same answer', async () => {
    await using other = await startTestServer({
      config: {
        storage: { audioSeconds: 1 },
        auth: { keys: [{ name: 'guest', from: { sha256: GUEST_SHA256 } }] },
      },
    });
    const ask = async (id: string, init?: RequestOptions) => {
      const response = await other.post(path, followUp(id), init);
      const { error } = (await response.json()) as { error: { message: string } };
      return { status: response.status, error: { ...error, message: error.message.replace(id, 'ID') } };
    };
    const id = await speakOnce(other);
    const foreign = await ask(id, { headers: { 'api-key': GUEST_KEY } });
    await expect
      .poll(async () => (await other.post(path, followUp(id))).status, { timeout: 5_000 })
      .toBe(404);
    const expired = await ask(id);
    const unknown = await ask('audio_neverThere');
    expect(unknown).toEqual({
      status: 404,
      error: {
        message: "Audio with id 'ID' not found or expired.",
        type: 'invalid_request_error',
        param: 'messages[1].audio.id',
        code: 'audio_not_found',
      },
    });
    expect(foreign).toEqual(unknown);
    expect(expired).toEqual(unknown);
  });
});

const GUEST_KEY = 'guest-key-of-the-conformance-tests-0123456789';
/** Of `GUEST_KEY`. */
const GUEST_SHA256 = 'a754b5d328d2ddeb219e900550a0d6b8638417ffcfe63f5e7e3aa978d76cf270';

describe('stored completions', () => {
  const path = '/v1/chat/completions';

  test('are kept only when asked for, listed, changed and deleted', async () => {
    const kept = await complete(path, { messages: [hello], store: true, metadata: { topic: 'greeting' } });
    await complete(path, { messages: [hello] });

    const list = (await (await server.get(`${path}?metadata[topic]=greeting`)).json()) as {
      data: Completion[];
    };
    checkContract('openai-rest', 'ChatCompletionList', list);
    expect(list.data.map((completion) => completion.id)).toEqual([kept.id]);

    const changed = (await (
      await server.post(`${path}/${kept.id}`, { metadata: { topic: 'other' } })
    ).json()) as object;
    expect(changed).toMatchObject({ id: kept.id, metadata: { topic: 'other' } });

    const messages = await (await server.get(`${path}/${kept.id}/messages`)).json();
    // The published schema lets a message be of the assistant alone; the page's own example is of a user.
    expect(messages).toMatchObject({ data: [{ role: 'user', content: 'Hello there.' }] });

    const deleted = await (await server.get(`${path}/${kept.id}`, { method: 'DELETE' })).json();
    checkContract('openai-rest', 'ChatCompletionDeleted', deleted);
    expect((await server.get(`${path}/${kept.id}`)).status).toBe(404);
  });
});
