import type { GenerateRequest, ToolDefinition } from '../../engine/language-model.ts';
import { EngineError } from '../../util/errors.ts';
import { toGrammarSchema } from './grammar-schema.ts';
import type { ChatFunctions } from './llama-runtime.ts';
import { NAME } from './model-file.ts';

export interface OfferedTools {
  /** What the prompt tells of. */
  readonly told: ChatFunctions;
  /** What may be called. */
  readonly callable: ChatFunctions;
  /** The reply has to be a call. */
  readonly isForced: boolean;
}

/**
 * The tools of a request as functions of the library, which holds their arguments to their schema; `undefined` when
 * none may be called.
 * @throws {EngineError} `unsupported` for a tool that is chosen and not there, and for what a strict one asks.
 */
export function toOfferedTools({ tools, toolChoice }: GenerateRequest): OfferedTools | undefined {
  if (tools.length === 0 || toolChoice === 'none') return undefined;
  const told = Object.fromEntries(tools.map((tool) => [tool.name, toFunction(tool)]));
  if (typeof toolChoice === 'string') return { told, callable: told, isForced: toolChoice === 'required' };
  const chosen = told[toolChoice.name];
  if (chosen) return { told, callable: { [toolChoice.name]: chosen }, isForced: true };
  const names = Object.keys(told).join(', ');
  const message = `tool_choice names ${toolChoice.name}, and the tools are ${names}. Name one of them.`;
  throw new EngineError(NAME, 'unsupported', message);
}

function toFunction({
  name,
  description,
  parameters,
  strict = false,
}: ToolDefinition): ChatFunctions[string] {
  const hasArguments = Object.keys(Object(parameters?.['properties'])).length > 0;
  return {
    ...(description !== undefined && { description }),
    ...(parameters &&
      hasArguments && { params: toGrammarSchema(parameters, { of: `The tool ${name}`, isStrict: strict }) }),
  };
}
