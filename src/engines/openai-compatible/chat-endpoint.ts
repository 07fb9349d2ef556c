import type { IncomingMessage } from 'node:http';
import type { ChatBody } from './chat-body.ts';
import { type ChatChunk, parseChunk } from './chat-chunk.ts';
import { readText } from './http-request.ts';
import { Refusal } from './refusal.ts';
import { readEvents } from './server-sent-events.ts';
import type { Upstream } from './upstream.ts';

const DISPENSABLE = ['stream_options', 'parallel_tool_calls', 'seed', 'temperature', 'top_p'];
const LONGEST_COMPLETION = 16 * 1024 * 1024;

/** `POST /chat/completions` of one server, and what of a body that server does not take. */
export class ChatEndpoint {
  readonly #upstream: Upstream;
  /** Fields that the server has refused. */
  readonly #refused = new Set<string>();

  constructor(upstream: Upstream) {
    this.#upstream = upstream;
  }

  /** Asks again without what the server refuses, once for each field. */
  async open(wanted: ChatBody, signal: AbortSignal): Promise<IncomingMessage> {
    for (;;) {
      const body = this.#withoutRefused(wanted);
      try {
        return await this.#upstream.post({
          path: '/chat/completions',
          contentType: 'application/json',
          body: JSON.stringify(body),
          signal,
        });
      } catch (error) {
        const field = error instanceof Refusal ? this.#refusedField(body, error) : undefined;
        if (field === undefined) throw error;
        this.#refused.add(field);
      }
    }
  }

  /** The chunks of an answer, which is one for a server that does not stream. */
  async *chunks(response: IncomingMessage): AsyncGenerator<ChatChunk, void, void> {
    const type = response.headers['content-type'] ?? '';
    if (type.includes('html')) throw this.#upstream.failed('answered with a web page. Check the base URL.');
    if (type.includes('application/json')) {
      yield this.#parse(await readText(response, LONGEST_COMPLETION));
      return;
    }
    for await (const data of readEvents(response)) {
      if (data === '[DONE]') return;
      yield this.#parse(data);
    }
  }

  #refusedField(body: ChatBody, refusal: Refusal): string | undefined {
    const isRefused = (field: string): boolean => field in body && refusal.objectsTo(field);
    if (isRefused('max_tokens') && refusal.objectsTo('max_completion_tokens')) return 'max_tokens';
    return DISPENSABLE.find(
      (field) => isRefused(field) && !(field === 'parallel_tool_calls' && body[field] === false),
    );
  }

  #withoutRefused(body: ChatBody): ChatBody {
    const kept = Object.entries(body).filter(([field]) => !this.#refused.has(field));
    const isRenamed = this.#refused.has('max_tokens') && 'max_tokens' in body;
    // OpenAI's reasoning models know the limit by its newer name only, and say so.
    return { ...Object.fromEntries(kept), ...(isRenamed && { max_completion_tokens: body['max_tokens'] }) };
  }

  #parse(text: string): ChatChunk {
    let chunk: ChatChunk;
    try {
      chunk = parseChunk(text);
    } catch (cause) {
      throw this.#upstream.failed('sent something that is not a chat completion.', cause);
    }
    if (chunk.error) throw this.#upstream.failed(`reported: ${JSON.stringify(chunk.error).slice(0, 300)}`);
    return chunk;
  }
}
