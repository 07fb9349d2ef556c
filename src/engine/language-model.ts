/** Writes the next message of a conversation. */
export interface LanguageModel {
  readonly name: string;
  /**
   * Streams one reply and ends it with exactly one `finish`.
   * @throws {EngineError}, `too-long` before the first event alone; the signal's reason when aborted.
   */
  generate(request: GenerateRequest, options: { readonly signal: AbortSignal }): AsyncIterable<GenerateEvent>;
}

export interface GenerateRequest {
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ToolDefinition[];
  readonly toolChoice: ToolChoice;
  readonly parallelToolCalls?: boolean | undefined;
  readonly responseFormat?: ResponseFormat | undefined;
  readonly sampling: SamplingOptions;
}

export type ModelMessage =
  | { readonly role: 'system' | 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly text: string; readonly toolCalls?: readonly ToolCall[] }
  | { readonly role: 'tool'; readonly callId: string; readonly output: string };

export interface ToolCall {
  readonly callId: string;
  readonly name: string;
  /** JSON as the model wrote it. */
  readonly arguments: string;
}

export interface ToolDefinition {
  readonly name: string;
  readonly description?: string | undefined;
  /** JSON Schema of the arguments. */
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  readonly strict?: boolean | undefined;
}

export type ToolChoice = 'auto' | 'none' | 'required' | { readonly name: string };

export type ResponseFormat =
  | { readonly type: 'text' }
  | { readonly type: 'json_object' }
  | { readonly type: 'json_schema'; readonly jsonSchema: Readonly<Record<string, unknown>> };

/** What the client asked for; what is absent is left to the model. */
export interface SamplingOptions {
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly maxOutputTokens?: number | undefined;
  readonly stop?: readonly string[] | undefined;
  readonly seed?: number | undefined;
  readonly presencePenalty?: number | undefined;
  readonly frequencyPenalty?: number | undefined;
  readonly logitBias?: Readonly<Record<string, number>> | undefined;
}

export type GenerateEvent =
  /** Never empty. */
  | { readonly type: 'text-delta'; readonly delta: string }
  | { readonly type: 'tool-call-start'; readonly callId: string; readonly name: string }
  /** A piece of the call's arguments, which joined are JSON. */
  | { readonly type: 'tool-call-delta'; readonly callId: string; readonly delta: string }
  | { readonly type: 'tool-call-end'; readonly callId: string }
  | { readonly type: 'finish'; readonly reason: FinishReason; readonly usage: TokenUsage };

export type FinishReason = 'stop' | 'length' | 'tool-calls' | 'content-filter';

export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens?: number;
  readonly reasoningTokens?: number;
}
