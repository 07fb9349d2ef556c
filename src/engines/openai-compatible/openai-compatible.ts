import type { IncomingMessage } from 'node:http';
import type { GenerateEvent, GenerateRequest, LanguageModel } from '../../engine/language-model.ts';
import { EngineError } from '../../util/errors.ts';
import { type ChatBody, toChatBody } from './chat-body.ts';
import { type ChatChunk, parseChunk } from './chat-chunk.ts';
import { ChatReply } from './chat-reply.ts';
import { readText } from './http-request.ts';
import { Refusal } from './refusal.ts';
import { readEvents } from './server-sent-events.ts';
import { Upstream, type UpstreamOptions } from './upstream.ts';
import { Watchdog } from './watchdog.ts';

export interface OpenAiCompatibleOptions extends UpstreamOptions {
  /** Names the engine in logs and errors. Default `openai-compatible`. */
  readonly name?: string | undefined;
  /** Sent with every request, such as `{ reasoning_effort: 'none' }` to answer without thinking. */
  readonly extraBody?: Readonly<Record<string, unknown>> | undefined;
  /** The server opens `<think>` itself, so that replies begin in the middle of a thought. */
  readonly thinksFirst?: boolean | undefined;
}

/**
 * A language model behind any server with OpenAI's `POST /chat/completions`: Ollama, llama.cpp, vLLM, LM
 * Studio, a cloud. Thinking never reaches the text, and tool calls that a model writes into its text become
 * tool calls. A server that refuses `stream_options`, `parallel_tool_calls: true`, `seed`, `temperature` or
 * `top_p` is asked without them from then on; what else it refuses is an `unsupported` error. A conversation
 * without a user message is sent with "Hello." from the user.
 */
export function openAiCompatible(options: OpenAiCompatibleOptions): LanguageModel {
  const model = new ChatModel(options);
  return { name: model.name, generate: (request, { signal }) => model.generate(request, signal) };
}

const DISPENSABLE = ['stream_options', 'parallel_tool_calls', 'seed', 'temperature', 'top_p'];
const LONGEST_COMPLETION = 16 * 1024 * 1024;
/** Some servers keep the connection open after the last token. */
const USAGE_MS = 2_000;

class ChatModel {
  readonly name: string;
  readonly #options: OpenAiCompatibleOptions;
  readonly #upstream: Upstream;
  /** Fields that the server has refused. */
  readonly #refused = new Set<string>();

  constructor(options: OpenAiCompatibleOptions) {
    this.name = options.name ?? 'openai-compatible';
    this.#options = options;
    this.#upstream = new Upstream(this.name, options);
  }

  async *generate(request: GenerateRequest, signal: AbortSignal): AsyncGenerator<GenerateEvent, void, void> {
    signal.throwIfAborted();
    using watchdog = new Watchdog(signal, this.#upstream.clock);
    const reply = new ChatReply(request, this.#options);
    this.#expect(reply, watchdog);
    const response = await this.#open(request, watchdog.signal);
    try {
      for await (const chunk of this.#chunks(response, { reply, watchdog })) {
        watchdog.rest();
        for (const event of reply.read(chunk)) {
          signal.throwIfAborted();
          yield event;
        }
        if (reply.isOver) break;
        this.#expect(reply, watchdog);
      }
    } finally {
      response.destroy();
    }
    watchdog.rest();
    if (!reply.isComplete) throw this.#upstream.failed('ended in the middle of a reply.');
    for await (const event of reply.end()) {
      signal.throwIfAborted();
      yield event;
    }
  }

  #expect(reply: ChatReply, watchdog: Watchdog): void {
    const { firstTokenMs, betweenTokensMs } = this.#upstream.timeouts;
    const ms = reply.isComplete ? USAGE_MS : reply.hasTokens ? betweenTokensMs : firstTokenMs;
    watchdog.expect(ms, () => this.#upstream.failed(`sent no token for ${ms / 1_000} s.`));
  }

  /** Asks again without what the server refuses, once for each field. */
  async #open(request: GenerateRequest, signal: AbortSignal): Promise<IncomingMessage> {
    for (;;) {
      const body = this.#withoutRefused(toChatBody(this.#options.model, request, this.#options.extraBody));
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

  /** Once the reply is complete, silence or a broken connection is as good as its end. */
  async *#chunks(response: IncomingMessage, reading: Reading): AsyncGenerator<ChatChunk, void, void> {
    try {
      yield* this.#parts(response);
    } catch (error) {
      const { reply, watchdog } = reading;
      if (reply.isComplete && !watchdog.isCallerGone) return;
      watchdog.signal.throwIfAborted();
      throw error instanceof EngineError
        ? error
        : this.#upstream.failed('broke off in the middle of a reply.', error);
    }
  }

  async *#parts(response: IncomingMessage): AsyncGenerator<ChatChunk, void, void> {
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

interface Reading {
  readonly reply: ChatReply;
  readonly watchdog: Watchdog;
}
