import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type {
  GenerateEvent,
  GenerateRequest,
  LanguageModel,
  ModelMessage,
} from '../../engine/language-model.ts';

/** A server on this machine for the tests of this folder: a fake, which never leaves the loopback. */
export interface FakeUpstream extends AsyncDisposable {
  readonly baseUrl: string;
  readonly port: number;
  /** The requests so far. A body is Latin-1 text, so that audio in it survives. */
  readonly requests: { readonly headers: IncomingMessage['headers']; readonly body: string }[];
}

export async function serveFake(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => unknown,
): Promise<FakeUpstream> {
  const requests: { headers: IncomingMessage['headers']; body: string }[] = [];
  const listener: RequestListener = (request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const body = Buffer.concat(pieces).toString('latin1');
      requests.push({ headers: request.headers, body });
      answer(request, response, body);
    });
  };
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a port has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    port,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A fake model server: `model` behind OpenAI's streamed chat completions. */
export async function serveModel(model: LanguageModel): Promise<FakeUpstream> {
  return await serveFake((_request, response, body) => void answerChat(model, response, JSON.parse(body)));
}

export function sse(...events: readonly unknown[]): string {
  return events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
}

export function textChunk(content: string): unknown {
  return { choices: [{ index: 0, delta: { content } }] };
}

async function answerChat(model: LanguageModel, response: ServerResponse, body: unknown): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  try {
    for await (const event of model.generate(toRequest(body), { signal: gone.signal })) {
      const chunk = toChunk(event);
      if (chunk && !response.write(sse(chunk))) await once(response, 'drain', { signal: gone.signal });
      if (event.type === 'finish') response.write(sse(usageChunk(event)));
    }
    response.end('data: [DONE]\n\n');
  } catch (error) {
    response.end(gone.signal.aborted ? undefined : sse({ error: { message: String(error) } }));
  }
}

function toChunk(event: GenerateEvent): unknown {
  switch (event.type) {
    case 'text-delta':
      return textChunk(event.delta);
    case 'tool-call-start':
      return callChunk({ id: event.callId, function: { name: event.name, arguments: '' } });
    case 'tool-call-delta':
      return callChunk({ function: { arguments: event.delta } });
    case 'finish':
      return { choices: [{ index: 0, delta: {}, finish_reason: event.reason.replace('-', '_') }] };
    default:
      return undefined;
  }
}

function callChunk(call: object): unknown {
  return { choices: [{ index: 0, delta: { tool_calls: [{ index: 0, type: 'function', ...call }] } }] };
}

function usageChunk({ usage }: Extract<GenerateEvent, { type: 'finish' }>): unknown {
  return { choices: [], usage: { prompt_tokens: usage.inputTokens, completion_tokens: usage.outputTokens } };
}

const toolSchema = z.object({
  function: z.object({ name: z.string(), parameters: z.record(z.string(), z.unknown()).optional() }),
});
const messageSchema = z.object({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content: z.string(),
  tool_call_id: z.string().default(''),
});
const requestSchema = z.object({
  messages: z.array(messageSchema).min(1),
  tools: z.array(toolSchema).default([]),
  tool_choice: z
    .union([z.enum(['auto', 'none', 'required']), z.object({ function: z.object({ name: z.string() }) })])
    .default('auto'),
  max_tokens: z.number().optional(),
  stop: z.array(z.string()).optional(),
});

function toRequest(body: unknown): GenerateRequest {
  const { messages, tools, tool_choice, max_tokens, stop } = requestSchema.parse(body);
  return {
    messages: messages.map(toMessage),
    tools: tools.map((tool) => tool.function),
    toolChoice: typeof tool_choice === 'string' ? tool_choice : tool_choice.function,
    sampling: { maxOutputTokens: max_tokens, stop },
  };
}

function toMessage({ role, content, tool_call_id }: z.output<typeof messageSchema>): ModelMessage {
  return role === 'tool' ? { role, callId: tool_call_id, output: content } : { role, text: content };
}
