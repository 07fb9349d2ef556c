import type { GenerateRequest, ResponseFormat } from '../../engine/language-model.ts';
import { EngineError } from '../../util/errors.ts';
import { toChatHistory } from './chat-history.ts';
import { forcingCall } from './forced-call.ts';
import { toGrammarSchema } from './grammar-schema.ts';
import type { ChatHistoryItem, ChatWrapper, GenerateOptions, Grammar } from './llama-runtime.ts';
import type { LoadedLlama } from './loaded-llama.ts';
import { NAME } from './model-file.ts';
import { toSamplerOptions } from './sampler-options.ts';
import { type OfferedTools, toOfferedTools } from './tool-functions.ts';

/** What is settled about a reply before the model reads a token. */
export interface ReplyPlan {
  readonly history: readonly ChatHistoryItem[];
  readonly wrapper: ChatWrapper;
  /** The tokens of the whole conversation, up to where the reply begins. */
  readonly prompt: readonly number[];
  readonly options: Omit<GenerateOptions, 'signal' | 'onResponseChunk'>;
}

/** The library needs room for the token that it would write next. */
const SPARE_TOKENS = 2;
/** What stands around tool calls and is not counted as written. */
const CALL_MARKUP_TOKENS = 64;
/** For thinking, where the model may think. */
const THOUGHT_TOKENS = 1_024;

/** @throws {EngineError} `unsupported` for what the model can not be held to, `too-long` for a conversation. */
export async function planReply(llama: LoadedLlama, request: GenerateRequest): Promise<ReplyPlan> {
  const { runtime, model, settings } = llama;
  const tools = toOfferedTools(request);
  const wrapper = tools?.isForced ? forcingCall(runtime, llama.wrapper, tools.told) : llama.wrapper;
  const grammar = await toGrammar(llama, request.responseFormat, tools);
  const history = toChatHistory(request.messages);
  const state = wrapper.generateContextState({ chatHistory: history, availableFunctions: tools?.callable });
  const prompt = state.contextText.tokenize(model.tokenizer);
  const thoughtTokens = settings.thinks ? THOUGHT_TOKENS : 0;
  const { stop = [], maxOutputTokens = Number.POSITIVE_INFINITY } = request.sampling;
  return {
    history,
    wrapper,
    prompt,
    options: {
      ...toSamplerOptions(request.sampling, llama),
      // None at all would be no limit.
      maxTokens: Math.max(1, Math.min(maxOutputTokens, roomFor(prompt, llama, tools))),
      budgets: { thoughtTokens, commentTokens: thoughtTokens },
      // The room is measured so that nothing has ever to be forgotten.
      contextShift: { size: 1 },
      customStopTriggers: stop.filter((sequence) => sequence !== ''),
      ...(grammar && { grammar }),
      ...(tools && { functions: tools.callable }),
      ...(request.parallelToolCalls === false && { maxParallelFunctionCalls: 1 }),
    },
  };
}

async function toGrammar(
  { backend }: LoadedLlama,
  format: ResponseFormat | undefined,
  tools: OfferedTools | undefined,
): Promise<Grammar | undefined> {
  if (!format || format.type === 'text' || tools?.isForced) return undefined;
  if (tools) {
    const message = `${NAME} can not hold a reply to response_format ${format.type} that may also be a tool call. Leave the tools out, or set tool_choice to "required" or "none".`;
    throw new EngineError(NAME, 'unsupported', message);
  }
  const schema =
    format.type === 'json_object'
      ? { type: 'object', additionalProperties: true }
      : toGrammarSchema(format.jsonSchema, { of: 'response_format', isStrict: true });
  return await backend.createGrammarForJsonSchema(schema).catch((error: unknown) => {
    const message = 'response_format has a schema of which no grammar can be made. Make it smaller.';
    throw new EngineError(NAME, 'unsupported', message, error);
  });
}

function roomFor(
  prompt: readonly number[],
  { contextTokens }: LoadedLlama,
  tools: OfferedTools | undefined,
): number {
  const room = contextTokens - prompt.length - SPARE_TOKENS - (tools ? CALL_MARKUP_TOKENS : 0);
  if (room > 0) return room;
  const message = `The conversation takes ${prompt.length} tokens, and the model has a context of ${contextTokens}. Send fewer messages, or configure more contextTokens.`;
  throw new EngineError(NAME, 'too-long', message);
}
