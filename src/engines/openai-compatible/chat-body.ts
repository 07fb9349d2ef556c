import type { GenerateRequest, ModelMessage, ToolDefinition } from '../../engine/language-model.ts';

export type ChatBody = Readonly<Record<string, unknown>>;

/** The body of a streamed `POST /chat/completions`. `extra` is sent along and wins. */
export function toChatBody(model: string, request: GenerateRequest, extra: ChatBody = {}): ChatBody {
  const { sampling, tools, toolChoice, responseFormat } = request;
  const body = {
    model,
    messages: toMessages(request.messages),
    stream: true,
    stream_options: { include_usage: true },
    tools: tools.length > 0 ? tools.map(toTool) : undefined,
    tool_choice: tools.length > 0 ? toToolChoice(toolChoice) : undefined,
    parallel_tool_calls: tools.length > 0 ? request.parallelToolCalls : undefined,
    response_format: toResponseFormat(responseFormat),
    temperature: sampling.temperature,
    top_p: sampling.topP,
    max_tokens: sampling.maxOutputTokens,
    stop: sampling.stop?.length ? sampling.stop : undefined,
    seed: sampling.seed,
    presence_penalty: sampling.presencePenalty,
    frequency_penalty: sampling.frequencyPenalty,
    logit_bias: sampling.logitBias,
    ...extra,
  };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

function toMessages(messages: readonly ModelMessage[]): unknown[] {
  // Most chat templates refuse a conversation in which the user has said nothing.
  const isUnbegun = messages.every((message) => message.role === 'system');
  const greeting = isUnbegun ? [{ role: 'user', content: 'Hello.' }] : [];
  return [...messages.map(toMessage), ...greeting];
}

export function toMessage(message: ModelMessage): unknown {
  switch (message.role) {
    case 'tool':
      return { role: 'tool', tool_call_id: message.callId, content: message.output };
    case 'assistant':
      // Some servers demand a string beside tool calls where OpenAI writes null.
      return message.toolCalls?.length
        ? { role: 'assistant', content: message.text, tool_calls: message.toolCalls.map(toToolCall) }
        : { role: 'assistant', content: message.text };
    default:
      return { role: message.role, content: message.text };
  }
}

function toToolCall(call: { callId: string; name: string; arguments: string }): unknown {
  return { id: call.callId, type: 'function', function: { name: call.name, arguments: call.arguments } };
}

function toTool({ name, description, parameters, strict }: ToolDefinition): unknown {
  return { type: 'function', function: { name, description, parameters, strict } };
}

function toToolChoice(choice: GenerateRequest['toolChoice']): unknown {
  return typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.name } };
}

function toResponseFormat(format: GenerateRequest['responseFormat']): unknown {
  if (!format || format.type === 'text') return undefined;
  if (format.type === 'json_object') return { type: 'json_object' };
  return { type: 'json_schema', json_schema: { name: 'reply', schema: format.jsonSchema, strict: true } };
}
