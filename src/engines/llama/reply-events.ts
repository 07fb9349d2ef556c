import type { FinishReason, GenerateEvent } from '../../engine/language-model.ts';
import { newId } from '../../util/ids.ts';
import type { ArgumentsChunk, ChatResponse, ResponseChunk } from './llama-runtime.ts';

/** Makes the events of one reply of what the library calls back with. `tell` is given them in their order. */
export class ReplyEvents {
  readonly #tell: (event: GenerateEvent) => void;
  #open:
    | { readonly callId: string; readonly index: number; waiting: string; hasArguments: boolean }
    | undefined;
  #calls = 0;
  #reasoningTokens = 0;

  constructor(tell: (event: GenerateEvent) => void) {
    this.#tell = tell;
  }

  /** Tokens of what the model has thought, which is not told. */
  get reasoningTokens(): number {
    return this.#reasoningTokens;
  }

  readonly onResponseChunk = ({ text, tokens, segmentType }: ResponseChunk): void => {
    if (segmentType !== undefined) this.#reasoningTokens += tokens.length;
    else if (text !== '') this.#tell({ type: 'text-delta', delta: text });
  };

  readonly onFunctionCallParamsChunk = ({ callIndex, functionName, paramsChunk }: ArgumentsChunk): void => {
    if (this.#open?.index !== callIndex) this.#start(functionName, callIndex);
    this.#addArguments(paramsChunk);
  };

  /** The call is whole; one without arguments has had no chunk of them. */
  readonly onFunctionCall = ({ functionName }: { readonly functionName: string }): void => {
    if (!this.#open) this.#start(functionName, this.#calls);
    this.#end();
  };

  finish({ metadata }: ChatResponse): FinishReason {
    this.#end();
    if (metadata.stopReason === 'maxTokens') return 'length';
    return this.#calls > 0 ? 'tool-calls' : 'stop';
  }

  #start(name: string, index: number): void {
    this.#end();
    const callId = newId('call_', 24);
    this.#open = { callId, index, waiting: '', hasArguments: false };
    this.#calls += 1;
    this.#tell({ type: 'tool-call-start', callId, name });
  }

  /** Empty lines are how the library ends arguments, so those at the end are no part of them. */
  #addArguments(piece: string): void {
    if (!this.#open) return;
    const text = this.#open.waiting + piece;
    const delta = text.trimEnd();
    this.#open.waiting = text.slice(delta.length);
    if (delta === '') return;
    this.#open.hasArguments = true;
    this.#tell({ type: 'tool-call-delta', callId: this.#open.callId, delta });
  }

  #end(): void {
    if (!this.#open) return;
    const { callId, hasArguments } = this.#open;
    this.#open = undefined;
    if (!hasArguments) this.#tell({ type: 'tool-call-delta', callId, delta: '{}' });
    this.#tell({ type: 'tool-call-end', callId });
  }
}
