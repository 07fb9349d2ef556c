import type { GenerateRequest, ToolCall, ToolDefinition } from '../../engine/language-model.ts';
import { EngineError } from '../../util/errors.ts';
import { type ChosenReply, chooseReply } from './choose-reply.ts';
import { fillIn, fillInAll } from './placeholders.ts';
import { toInstance } from './schema-instance.ts';
import type { Script, ScriptReply } from './script.ts';

/** Everything that will be said and called, known before the first word is streamed. */
export interface PlannedReply {
  readonly reply: ScriptReply;
  readonly text: string;
  readonly calls: readonly ToolCall[];
}

/** @throws {EngineError} `unsupported` when the request's tools or schema do not go with the script. */
export function planReply(script: Script, request: GenerateRequest): PlannedReply {
  const chosen = chooseReply(script, request.messages);
  const calls = planCalls(chosen, request);
  const said = fillIn(chosen.reply.say, chosen.values);
  const isForced = calls.length > 0 && request.toolChoice !== 'auto';
  const text = isForced ? '' : beforeStop(inFormat(said, request), request.sampling.stop ?? []);
  return { reply: chosen.reply, text, calls };
}

function planCalls(chosen: ChosenReply, request: GenerateRequest): ToolCall[] {
  const { toolChoice, tools } = request;
  if (toolChoice === 'none') return [];
  const scripted = chosen.reply.call.map((call) => ({
    name: offered(tools, call.name).name,
    arguments:
      typeof call.arguments === 'string'
        ? call.arguments
        : JSON.stringify(fillInAll(call.arguments, chosen.values)),
  }));
  const wanted = typeof toolChoice === 'object' ? toolChoice.name : undefined;
  const fitting = scripted.filter((call) => wanted === undefined || call.name === wanted);
  const calls =
    fitting.length === 0 && toolChoice !== 'auto' ? [forcedCall(chosen, { tools, wanted })] : fitting;
  const allowed = request.parallelToolCalls === false ? calls.slice(0, 1) : calls;
  // Made of the place in the conversation, so that the same conversation gets the same ids.
  return allowed.map((call, index) => ({ ...call, callId: `call_${request.messages.length}_${index}` }));
}

function forcedCall(
  chosen: ChosenReply,
  { tools, wanted }: { readonly tools: readonly ToolDefinition[]; readonly wanted: string | undefined },
): Omit<ToolCall, 'callId'> {
  const tool = wanted === undefined ? tools[0] : offered(tools, wanted);
  if (!tool) {
    throw new EngineError('scripted', 'unsupported', 'A tool call was required, but no tools were offered.');
  }
  const parameters = { type: 'object', ...tool.parameters };
  return { name: tool.name, arguments: JSON.stringify(toInstance(parameters, chosen.values['heard'] ?? '')) };
}

function offered(tools: readonly ToolDefinition[], name: string): ToolDefinition {
  const tool = tools.find((candidate) => candidate.name === name);
  if (tool) return tool;
  const names = tools.map((candidate) => candidate.name).join(', ') || 'none';
  const message = `The tool ${name} is to be called, but the request offers: ${names}.`;
  throw new EngineError('scripted', 'unsupported', message);
}

function inFormat(text: string, { responseFormat }: GenerateRequest): string {
  if (!responseFormat || responseFormat.type === 'text' || isJson(text)) return text;
  if (responseFormat.type === 'json_object') return JSON.stringify({ reply: text });
  return JSON.stringify(toInstance(responseFormat.jsonSchema, text));
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

function beforeStop(text: string, stop: readonly string[]): string {
  const found = stop.filter((sequence) => sequence !== '').map((sequence) => text.indexOf(sequence));
  const first = Math.min(text.length, ...found.filter((index) => index >= 0));
  return text.slice(0, first);
}
