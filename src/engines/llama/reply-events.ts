import { HiddenMarkup } from '../../engine/hidden-markup.ts';
import type { FinishReason, GenerateEvent } from '../../engine/language-model.ts';
import { newId } from '../../util/ids.ts';
import type { ArgumentsChunk, ChatResponse, ResponseChunk } from './llama-runtime.ts';

interface OpenCall {
  readonly callId: string;
  readonly index: number;
  /** Space that is part of the arguments if more of them follow. */
  waiting: string;
  hasArguments: boolean;
}

export interface ReplyEventsOptions {
  /** Is given the events in their order. */
  readonly tell: (event: GenerateEvent) => void;
  /** The names of the tools that may be called. */
  readonly tools: readonly string[];
  /** The reply is JSON, in which markup is text like any other. */
  readonly isJson: boolean;
}

/**
 * Makes the events of one reply of what the library calls back with. Thoughts and calls that the library has not told
 * from the text, since the model writes them in another way than its template, are told apart here.
 */
export class ReplyEvents {
  readonly #options: ReplyEventsOptions;
  readonly #markup = new HiddenMarkup();
  #open: OpenCall | undefined;
  #calls = 0;
  #hasText = false;
  #reasoningTokens = 0;

  constructor(options: ReplyEventsOptions) {
    this.#options = options;
  }

  /** Tokens of what the model has thought, which is not told. */
  get reasoningTokens(): number {
    return this.#reasoningTokens;
  }

  readonly onResponseChunk = ({ text, tokens, segmentType }: ResponseChunk): void => {
    const isTold = segmentType === undefined && (this.#options.isJson ? this.#say(text) : this.#read(text));
    if (!isTold && (segmentType !== undefined || text.trim() !== '')) this.#reasoningTokens += tokens.length;
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
    this.#tellPieces(this.#markup.end());
    this.#end();
    if (metadata.stopReason === 'maxTokens') return 'length';
    return this.#calls > 0 ? 'tool-calls' : 'stop';
  }

  #read(text: string): boolean {
    return this.#tellPieces(this.#markup.push(text));
  }

  #tellPieces(pieces: ReturnType<HiddenMarkup['push']>): boolean {
    for (const piece of pieces) {
      if (piece.type === 'text') this.#say(piece.text);
      else if (this.#options.tools.includes(piece.call.name)) {
        this.#start(piece.call.name, this.#calls);
        this.#addArguments(piece.call.arguments);
        this.#end();
      }
    }
    return pieces.length > 0;
  }

  /** What stands between a thought and the first word is no part of the reply. */
  #say(text: string): boolean {
    const delta = this.#hasText ? text : text.trimStart();
    if (delta === '') return false;
    this.#hasText = true;
    this.#options.tell({ type: 'text-delta', delta });
    return true;
  }

  #start(name: string, index: number): void {
    this.#end();
    const callId = newId('call_', 24);
    this.#open = { callId, index, waiting: '', hasArguments: false };
    this.#calls += 1;
    this.#options.tell({ type: 'tool-call-start', callId, name });
  }

  /** Empty lines are how the library ends arguments, so those at the end are no part of them. */
  #addArguments(piece: string): void {
    if (!this.#open) return;
    const text = this.#open.waiting + piece;
    const delta = text.trimEnd();
    this.#open.waiting = text.slice(delta.length);
    if (delta === '') return;
    this.#open.hasArguments = true;
    this.#options.tell({ type: 'tool-call-delta', callId: this.#open.callId, delta });
  }

  #end(): void {
    if (!this.#open) return;
    const { callId, hasArguments } = this.#open;
    this.#open = undefined;
    if (!hasArguments) this.#options.tell({ type: 'tool-call-delta', callId, delta: '{}' });
    this.#options.tell({ type: 'tool-call-end', callId });
  }
}
