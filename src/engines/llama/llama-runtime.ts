import { pathToFileURL } from 'node:url';

/** What is used of node-llama-cpp, which is not a dependency. */
export interface LlamaRuntime {
  getLlama(options: GetLlamaOptions): Promise<LlamaBackend>;
  resolveChatWrapper(model: LoadedModel, options: object): ChatWrapper;
  readonly LlamaText: (parts: string | readonly (TemplateText | ControlText)[]) => TemplateText;
  readonly SpecialTokensText: new (text: string) => ControlText;
  readonly LlamaChat: new (options: {
    readonly contextSequence: TokenSequence;
    readonly chatWrapper: ChatWrapper;
  }) => Chat;
  readonly TokenBias: { for(model: LoadedModel): TokenBias };
  readonly InsufficientMemoryError: new () => Error;
}

export interface GetLlamaOptions {
  readonly gpu: 'auto' | false;
  readonly build: 'never';
  readonly skipDownload: true;
  readonly progressLogs: false;
  readonly logLevel: 'fatal';
  readonly maxThreads?: number;
}

export interface LlamaBackend {
  loadModel(options: object): Promise<LoadedModel>;
  createGrammarForJsonSchema(schema: object): Promise<Grammar>;
  /** Takes everything with it that was loaded by it. */
  dispose(): Promise<void>;
}

export interface LoadedModel {
  readonly tokenizer: Tokenizer;
  readonly trainContextSize: number;
  readonly fileInfo: { readonly metadata: { readonly tokenizer?: { readonly chat_template?: unknown } } };
  createContext(options: object): Promise<ModelContext>;
  isEogToken(token: number): boolean;
}

/** Passed back to the library, and not looked into. */
export interface Tokenizer {
  readonly isTokenizer?: never;
}

export interface ModelContext {
  readonly contextSize: number;
  getSequence(): TokenSequence;
}

/** A row of tokens that the model has read, whose state is kept. */
export interface TokenSequence {
  readonly contextTokens: readonly number[];
  readonly tokenMeter: { getState(): TokenCounts };
  /** Drops what comes after the tokens that both begin with. */
  adaptStateToTokens(tokens: readonly number[], allowShift: false): Promise<void>;
  evaluateWithoutGeneratingNewTokens(tokens: readonly number[]): Promise<void>;
  /** Reads `tokens` and writes others after them, one with each step. */
  evaluate(tokens: readonly number[], options: object): AsyncGenerator<number, void, unknown>;
}

export interface TokenCounts {
  readonly usedInputTokens: number;
  readonly usedOutputTokens: number;
}

export interface ChatWrapper {
  readonly wrapperName: string;
  generateContextState(options: ContextStateOptions): ContextState;
  generateModelResponseText(response: readonly (string | ChatFunctionCall)[]): TemplateText;
}

export interface ContextStateOptions {
  readonly chatHistory: readonly ChatHistoryItem[];
  readonly availableFunctions?: ChatFunctions | undefined;
}

export interface ContextState {
  readonly contextText: TemplateText;
  readonly prefixTriggers?: readonly PrefixTrigger[] | undefined;
  readonly noPrefixTrigger?: PrefixTrigger | undefined;
}

export interface PrefixTrigger {
  readonly type: 'functionCall' | 'segment' | 'response';
  readonly inject?: TemplateText | undefined;
}

/** Text in which control tokens are meant, as only a template may have it. */
export interface ControlText {
  readonly type: 'specialTokensText';
}

export interface TemplateText {
  toString(): string;
  tokenize(tokenizer: Tokenizer): number[];
}

export type ChatHistoryItem =
  | { readonly type: 'system' | 'user'; readonly text: string }
  | { readonly type: 'model'; readonly response: readonly (string | ChatFunctionCall)[] };

export interface ChatFunctionCall {
  readonly type: 'functionCall';
  readonly name: string;
  readonly params: unknown;
  readonly result: unknown;
  /** The first of those that were made together. */
  readonly startsNewChunk: boolean;
}

export type ChatFunctions = Readonly<
  Record<string, { readonly description?: string; readonly params?: object }>
>;

/** Holds what a reply may be to what a schema says. */
export interface Grammar {
  readonly grammar: string;
}

export interface TokenBias {
  set(token: number, bias: { readonly logit: number }): TokenBias;
}

export interface Chat {
  generateResponse(history: readonly ChatHistoryItem[], options: GenerateOptions): Promise<ChatResponse>;
  dispose(): void;
}

export interface GenerateOptions extends SamplerOptions {
  readonly signal: AbortSignal;
  readonly maxTokens: number;
  readonly budgets: { readonly thoughtTokens: number; readonly commentTokens: number };
  readonly contextShift: { readonly size: number };
  readonly customStopTriggers?: readonly string[];
  readonly grammar?: Grammar;
  readonly functions?: ChatFunctions;
  readonly maxParallelFunctionCalls?: number;
  readonly onResponseChunk: (chunk: ResponseChunk) => void;
  readonly onFunctionCallParamsChunk?: (chunk: ArgumentsChunk) => void;
  readonly onFunctionCall?: (call: { readonly functionName: string }) => void;
}

export interface SamplerOptions {
  readonly temperature: number;
  readonly topP: number;
  readonly topK: number;
  readonly minP: number;
  readonly seed?: number;
  readonly repeatPenalty: false | RepeatPenalty;
  readonly tokenBias?: TokenBias;
}

export interface RepeatPenalty {
  /** How many tokens of the reply are looked back at. */
  readonly lastTokens: number;
  readonly penalty: number;
  readonly penalizeNewLine: boolean;
  readonly presencePenalty: number;
  readonly frequencyPenalty: number;
}

/** A piece of the reply; one with a `segmentType` is a thought or a note, not said. */
export interface ResponseChunk {
  readonly text: string;
  readonly tokens: readonly number[];
  readonly segmentType?: string | undefined;
}

export interface ArgumentsChunk {
  readonly callIndex: number;
  readonly functionName: string;
  readonly paramsChunk: string;
}

export interface ChatResponse {
  readonly metadata: { readonly stopReason: string };
  readonly functionCalls?: readonly unknown[];
}

/** Loads the module at `path`, the entry of the package. */
export async function loadLlamaRuntime(path: string): Promise<LlamaRuntime> {
  // The package is not installed where the compiler looks, so its module has the type that is declared here.
  return (await import(pathToFileURL(path).href)) as LlamaRuntime;
}
