import type {
  ChatHistoryItem,
  ChatWrapper,
  ContextState,
  ContextStateOptions,
  LlamaRuntime,
} from './llama-runtime.ts';

/** The thought without words that a template begins a reply with where thinking is off: `<think></think>`. */
export function closedThoughtOf(template: string): string | undefined {
  if (!template.includes('enable_thinking')) return undefined;
  // In the source of a template a line break may stand as two characters.
  const written = /<think>(?:\\n|\s)*<\/think>(?:\\n|\s)*/.exec(template)?.[0];
  return written?.replaceAll('\\n', '\n');
}

/**
 * `wrapper`, but the model's turn begins with `thought`. The library fills templates with a turn of the model that
 * has begun, so that what they write before one that has not is missing.
 */
export function beginningWith(thought: string, runtime: LlamaRuntime, wrapper: ChatWrapper): ChatWrapper {
  const beginning: ChatWrapper = Object.create(wrapper);
  const generateContextState = (options: ContextStateOptions): ContextState => {
    const { before, written } = atReply(options.chatHistory);
    const state = wrapper.generateContextState({ ...options, chatHistory: before });
    if (state.contextText.toString().trimEnd().endsWith(thought.trimEnd()))
      return wrapper.generateContextState(options);
    const opened = new runtime.SpecialTokensText(thought);
    const reply = wrapper.generateModelResponseText(written);
    return { ...state, contextText: runtime.LlamaText([state.contextText, opened, reply]) };
  };
  return Object.assign(beginning, { generateContextState });
}

type ModelTurn = Extract<ChatHistoryItem, { type: 'model' }>;

/** The conversation up to where the model says something new, and what it has said of that. */
function atReply(history: readonly ChatHistoryItem[]): {
  readonly before: readonly ChatHistoryItem[];
  readonly written: ModelTurn['response'];
} {
  const last = history.at(-1);
  if (last?.type !== 'model') return { before: history, written: [] };
  const begin =
    last.response.findLastIndex((part) => typeof part === 'object' && part.type === 'functionCall') + 1;
  const done: ModelTurn = { type: 'model', response: last.response.slice(0, begin) };
  return { before: [...history.slice(0, -1), done], written: last.response.slice(begin) };
}
