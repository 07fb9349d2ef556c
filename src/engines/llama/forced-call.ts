import type {
  ChatFunctions,
  ChatWrapper,
  ContextState,
  ContextStateOptions,
  LlamaRuntime,
  PrefixTrigger,
} from './llama-runtime.ts';

/**
 * `wrapper`, but a reply begins with a tool call, whatever the model would say. The prompt tells of all `functions`,
 * as it does when the choice is the model's, so that what was read of it before need not be read again.
 */
export function forcingCall(
  runtime: LlamaRuntime,
  wrapper: ChatWrapper,
  functions: ChatFunctions,
): ChatWrapper {
  const forcing: ChatWrapper = Object.create(wrapper);
  const generateContextState = (options: ContextStateOptions): ContextState => {
    const state = wrapper.generateContextState({ ...options, availableFunctions: functions });
    const triggers = [state.noPrefixTrigger, ...(state.prefixTriggers ?? [])];
    const own = triggers.find((trigger) => trigger?.type === 'functionCall');
    const call: PrefixTrigger = { type: 'functionCall', inject: own?.inject ?? runtime.LlamaText('') };
    return { ...state, prefixTriggers: undefined, noPrefixTrigger: call };
  };
  return Object.assign(forcing, { generateContextState });
}
