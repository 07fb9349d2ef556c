import type { GenerateEvent, GenerateRequest, LanguageModel } from '../../engine/language-model.ts';
import { toChatBody } from './chat-body.ts';
import { ChatEndpoint } from './chat-endpoint.ts';
import { ChatReply } from './chat-reply.ts';
import { streamReply } from './stream-reply.ts';
import { Upstream, type UpstreamOptions } from './upstream.ts';

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

class ChatModel {
  readonly name: string;
  readonly #options: OpenAiCompatibleOptions;
  readonly #upstream: Upstream;
  readonly #endpoint: ChatEndpoint;

  constructor(options: OpenAiCompatibleOptions) {
    this.name = options.name ?? 'openai-compatible';
    this.#options = options;
    this.#upstream = new Upstream(this.name, options);
    this.#endpoint = new ChatEndpoint(this.#upstream);
  }

  generate(request: GenerateRequest, signal: AbortSignal): AsyncIterable<GenerateEvent> {
    const reply = new ChatReply(request, this.#options);
    const body = toChatBody(this.#options.model, request, this.#options.extraBody);
    return streamReply(reply, { upstream: this.#upstream, endpoint: this.#endpoint, body }, signal);
  }
}
