import { describe, expect, test } from 'vitest';
import { languageModelConformance } from '../../engine/conformance/language-model.ts';
import type { Clock } from '../../util/clock.ts';
import { scripted } from '../scripted/index.ts';
import { ASK, answerWith, connect, run, STOPPED, textOf, WEATHER } from './ask-fake.ts';
import { serveFake, serveModel, sse, textChunk } from './fake-upstream.ts';

describe('a model behind HTTP keeps the promises of a language model', async () => {
  const model = await scripted();
  for (const { name, run: check } of languageModelConformance) {
    test(name, async () => {
      await using upstream = await serveModel(model);
      await check({
        model: connect(upstream),
        prompt: 'Is a golden retriever a good family dog?',
        isDeterministic: true,
        callsTools: true,
      });
    });
  }
});

describe('what is sent', () => {
  test('messages, tools and sampling reach the server as the API has them', async () => {
    await using upstream = await serveFake((_, response) => response.end(sse(textChunk('Yes.'), STOPPED)));
    const model = connect(upstream, {
      apiKey: 'sk-1234',
      headers: { 'x-team': 'voice' },
      extraBody: { reasoning_effort: 'none' },
    });
    await run(model, {
      messages: [
        { role: 'system', text: 'Be brief.' },
        { role: 'user', text: 'Weather?' },
        { role: 'assistant', text: '', toolCalls: [{ callId: 'c1', name: 'get_weather', arguments: '{}' }] },
        { role: 'tool', callId: 'c1', output: 'Rain.' },
      ],
      tools: [WEATHER],
      toolChoice: { name: 'get_weather' },
      responseFormat: { type: 'json_schema', jsonSchema: { type: 'object' } },
      sampling: { temperature: 0.2, topP: 0.9, maxOutputTokens: 50, stop: ['END'], seed: 7 },
    });
    const [request] = upstream.requests;
    expect(request?.headers).toMatchObject({ authorization: 'Bearer sk-1234', 'x-team': 'voice' });
    expect(JSON.parse(request?.body ?? '')).toEqual({
      model: 'tiny',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Weather?' },
        {
          role: 'assistant',
          content: '',
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'get_weather', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'Rain.' },
      ],
      stream: true,
      stream_options: { include_usage: true },
      tools: [{ type: 'function', function: { name: 'get_weather', parameters: { type: 'object' } } }],
      tool_choice: { type: 'function', function: { name: 'get_weather' } },
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'reply', schema: { type: 'object' }, strict: true },
      },
      temperature: 0.2,
      top_p: 0.9,
      max_tokens: 50,
      stop: ['END'],
      seed: 7,
      reasoning_effort: 'none',
    });
  });

  test('a field that the server refuses is left out or renamed, from then on', async () => {
    await using upstream = await serveFake((_, response, body) => {
      const sent = JSON.parse(body);
      const refused = ['stream_options', 'max_tokens', 'temperature'].find((field) => field in sent);
      const hint = refused === 'max_tokens' ? " Use 'max_completion_tokens' instead." : '';
      const error = { message: `Unsupported parameter: '${refused}'.${hint}`, param: refused };
      if (refused) response.writeHead(400).end(JSON.stringify({ error }));
      else response.end(sse(textChunk('Fine.'), STOPPED));
    });
    const model = connect(upstream);
    const request = { ...ASK, sampling: { temperature: 0.5, maxOutputTokens: 9 } };
    expect(textOf(await run(model, request))).toBe('Fine.');
    expect(upstream.requests.length).toBe(4);
    expect(textOf(await run(model, request))).toBe('Fine.');
    expect(upstream.requests.length).toBe(5);
    expect(JSON.parse(upstream.requests.at(-1)?.body ?? '')).toMatchObject({ max_completion_tokens: 9 });
  });

  test('a value that the server refuses is not left out', async () => {
    const error = { message: "Invalid 'temperature': expected at most 1.", param: 'temperature' };
    await using upstream = await serveFake((_, response) => {
      response.writeHead(400).end(JSON.stringify({ error }));
    });
    await expect(run(connect(upstream), { ...ASK, sampling: { temperature: 2 } })).rejects.toMatchObject({
      reason: 'unsupported',
      message: expect.stringContaining('expected at most 1.'),
    });
    expect(upstream.requests.length).toBe(1);
  });

  test('a query in the base URL is kept', async () => {
    let path: string | undefined;
    await using upstream = await serveFake((request, response) => {
      path = request.url;
      response.end(sse(STOPPED));
    });
    await run(connect(upstream, { baseUrl: `${upstream.baseUrl}/?api-version=2025-01-01-preview` }));
    expect(path).toBe('/v1/chat/completions?api-version=2025-01-01-preview');
  });
});

describe('odd answers', () => {
  const usual = sse(textChunk('One'), textChunk(' two.'), STOPPED);

  test.each([
    ['without [DONE]', usual],
    ['with CRLF', `${usual}data: [DONE]\n\n`.replaceAll('\n', '\r\n')],
    [
      'with comments to keep the connection alive',
      `: ping\n\n${usual.replaceAll('\n\n', '\n\n: PROCESSING\n\n')}`,
    ],
    ['with lines that are no event', `garbage\nfoo: bar\nretry: x\n\n${usual}`],
    ['without the empty line at the end', usual.trimEnd()],
    ['with an empty choice list first', sse({ choices: [], model: '' }) + usual],
    ['as parts', sse({ choices: [{ delta: { content: [{ type: 'text', text: 'One two.' }] } }] }, STOPPED)],
  ])('a reply %s is understood', async (_, body) => {
    const events = await answerWith(body);
    expect(textOf(events)).toBe('One two.');
    expect(events.at(-1)).toEqual({
      type: 'finish',
      reason: 'stop',
      usage: { inputTokens: 9, outputTokens: 3 },
    });
  });

  test('usage and its details are those of the server', async () => {
    const usage = {
      prompt_tokens: 40,
      completion_tokens: 12,
      prompt_tokens_details: { cached_tokens: 30 },
      completion_tokens_details: { reasoning_tokens: 5 },
    };
    const events = await answerWith(usual + sse({ choices: [], usage }));
    expect(events.at(-1)).toMatchObject({
      usage: { inputTokens: 40, outputTokens: 12, cachedInputTokens: 30, reasoningTokens: 5 },
    });
  });

  test('a server that does not stream is understood', async () => {
    const whole = { choices: [{ message: { content: 'All at once.' }, finish_reason: 'length' }] };
    const events = await answerWith(JSON.stringify(whole), ASK, 'application/json');
    expect(textOf(events)).toBe('All at once.');
    expect(events.at(-1)).toMatchObject({ reason: 'length' });
  });

  test('a very long line is read whole, and one beyond any reason is a fault', async () => {
    const long = 'word '.repeat(200_000);
    expect(textOf(await answerWith(sse(textChunk(long), STOPPED)))).toBe(long);
    await expect(answerWith(`data: ${'x'.repeat(17 * 1024 * 1024)}`)).rejects.toMatchObject({
      reason: 'failed',
    });
  });

  test.each([
    ['data: {"choices": [\n\n', 'text/event-stream', 'sent something that is not a chat completion.'],
    [sse(textChunk('One')), 'text/event-stream', 'ended in the middle of a reply.'],
    [
      sse({ error: { message: 'out of memory' } }),
      'text/event-stream',
      'reported: {"message":"out of memory"}',
    ],
    ['<html>Welcome</html>', 'text/html', 'answered with a web page. Check the base URL.'],
  ])('a broken answer fails and says how: %s', async (body, type, message) => {
    await expect(answerWith(body, ASK, type)).rejects.toMatchObject({
      name: 'EngineError',
      reason: 'failed',
      message: expect.stringContaining(message),
    });
  });

  test('a connection cut in the middle fails, and one cut after the finish does not matter', async () => {
    const cut = async (body: string): Promise<string> => {
      await using upstream = await serveFake((_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(body, () => response.destroy());
      });
      return textOf(await run(connect(upstream)));
    };
    await expect(cut(sse(textChunk('One')))).rejects.toMatchObject({
      reason: 'failed',
      message: expect.stringContaining('broke off in the middle of a reply.'),
    });
    expect(await cut(usual)).toBe('One two.');
  });
});

describe('time', () => {
  test('a server that never begins, or stops in the middle, is given up', async () => {
    for (const body of ['', sse(textChunk('One'))]) {
      await using upstream = await serveFake((_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(`: hello\n\n${body}`);
      });
      const timeouts = { firstTokenMs: 40, betweenTokensMs: 20 };
      await expect(run(connect(upstream, { timeouts }))).rejects.toMatchObject({
        reason: 'failed',
        message: expect.stringContaining(
          body === '' ? 'sent no token for 0.04 s.' : 'sent no token for 0.02 s.',
        ),
      });
    }
  });

  test('a reader that takes its time is not a server that has stopped', async () => {
    const read = Promise.withResolvers<void>();
    await using upstream = await serveFake(async (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(sse(textChunk('One')));
      await read.promise;
      response.end(sse(textChunk(' two.'), STOPPED));
    });
    const due = new Set<() => void>();
    const clock: Clock = {
      now: () => 0,
      after: (_, callback) => {
        due.add(callback);
        return () => due.delete(callback);
      },
    };
    let text = '';
    const events = connect(upstream, { clock }).generate(ASK, { signal: new AbortController().signal });
    for await (const event of events) {
      for (const callback of due) callback();
      if (event.type === 'text-delta') text += event.delta;
      read.resolve();
    }
    expect(text).toBe('One two.');
  });

  test('the connection is closed as soon as the reply is aborted or left', async () => {
    const closed: Promise<void>[] = [];
    await using upstream = await serveFake((_, response) => {
      closed.push(new Promise((resolve) => response.on('close', resolve)));
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(sse(textChunk('One'), textChunk(' two')));
    });
    const model = connect(upstream);
    const controller = new AbortController();
    await expect(async () => {
      for await (const _ of model.generate(ASK, { signal: controller.signal }))
        controller.abort(new Error('no'));
    }).rejects.toThrow('no');
    for await (const _ of model.generate(ASK, { signal: new AbortController().signal })) break;
    await Promise.all(closed);
    expect(closed.length).toBe(2);
  });
});

test('the connection of an answer that is not read is closed', async () => {
  const closed = Promise.withResolvers<void>();
  await using upstream = await serveFake((_, response) => {
    response.on('close', closed.resolve);
    response.writeHead(200, { 'content-type': 'text/html' }).write('<html>');
  });
  await expect(run(connect(upstream))).rejects.toThrow('web page');
  await closed.promise;
});

describe('thinking', () => {
  test('reasoning fields are not part of the text', async () => {
    const thought = { choices: [{ delta: { content: '', reasoning_content: 'Hm.', reasoning: 'Hm.' } }] };
    expect(textOf(await answerWith(sse(thought, textChunk('Yes.'), STOPPED)))).toBe('Yes.');
  });

  test('a server whose template opens the thought is understood when it is said to', async () => {
    await using upstream = await serveFake((_, response) => {
      response.end(sse(textChunk('Let me see.</think>\n\nYes.'), STOPPED));
    });
    expect(textOf(await run(connect(upstream, { thinksFirst: true })))).toBe('Yes.');
  });
});
