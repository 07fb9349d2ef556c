import { HiddenMarkup, type TextPiece } from '../../engine/hidden-markup.ts';
import type {
  FinishReason,
  GenerateEvent,
  GenerateRequest,
  TokenUsage,
} from '../../engine/language-model.ts';
import { countRequestTokens, countTokens } from '../../engine/token-count.ts';
import { type ChatChunk, toFinishReason, toTokenUsage } from './chat-chunk.ts';
import { StopCutter } from './stop-cutter.ts';
import type { StreamedReply } from './stream-reply.ts';
import { ToolCallAssembler } from './tool-call-assembler.ts';

/** One reply as its chunks come in: text without markup, tool calls, and how it ended. */
export class ChatReply implements StreamedReply<GenerateEvent> {
  readonly lingerMs = 2_000;
  readonly #request: GenerateRequest;
  readonly #markup: HiddenMarkup;
  readonly #cutter: StopCutter;
  readonly #calls = new ToolCallAssembler();
  #text = '';
  #reason: FinishReason | undefined;
  #usage: TokenUsage | undefined;
  #hasTokens = false;

  constructor(request: GenerateRequest, options: { readonly thinksFirst?: boolean | undefined }) {
    this.#request = request;
    this.#markup = new HiddenMarkup(options);
    this.#cutter = new StopCutter(request.sampling.stop ?? []);
  }

  get hasTokens(): boolean {
    return this.#hasTokens;
  }

  get isComplete(): boolean {
    return this.#reason !== undefined || this.#cutter.isCut;
  }

  get isOver(): boolean {
    return this.#cutter.isCut || (this.#reason !== undefined && this.#usage !== undefined);
  }

  *read(chunk: ChatChunk): Generator<GenerateEvent> {
    this.#usage = toTokenUsage(chunk) ?? this.#usage;
    const [choice] = chunk.choices ?? [];
    if (!choice) return;
    const delta = choice.delta ?? choice.message;
    const calls = delta?.tool_calls ?? [];
    const words = delta?.content || (delta?.audio?.transcript ?? '');
    this.#hasTokens ||= Boolean(words || delta?.reasoning_content || delta?.reasoning || calls.length);
    yield* this.#pieces(this.#markup.push(words));
    for (const call of this.#request.toolChoice === 'none' ? [] : calls) yield* this.#calls.push(call);
    if (choice.finish_reason) this.#reason = toFinishReason(choice.finish_reason);
  }

  async *end(): AsyncGenerator<GenerateEvent, void, void> {
    yield* this.#pieces(this.#markup.end());
    yield* this.#say(this.#cutter.end());
    yield* this.#calls.end();
    yield { type: 'finish', reason: this.#finishReason(), usage: this.#usage ?? (await this.#countUsage()) };
  }

  *#pieces(pieces: readonly TextPiece[]): Generator<GenerateEvent> {
    for (const piece of pieces) {
      if (piece.type === 'text') yield* this.#say(this.#cutter.push(piece.text));
      else if (this.#isOffered(piece.call.name)) yield* this.#calls.pushWhole(piece.call);
    }
  }

  *#say(delta: string): Generator<GenerateEvent> {
    if (delta === '') return;
    this.#text += delta;
    yield { type: 'text-delta', delta };
  }

  #isOffered(name: string): boolean {
    return this.#request.toolChoice !== 'none' && this.#request.tools.some((tool) => tool.name === name);
  }

  #finishReason(): FinishReason {
    const reason = this.#reason ?? 'stop';
    if (reason !== 'stop' && reason !== 'tool-calls') return reason;
    return this.#calls.hasCalls ? 'tool-calls' : 'stop';
  }

  async #countUsage(): Promise<TokenUsage> {
    return {
      inputTokens: await countRequestTokens(this.#request),
      outputTokens: await countTokens(this.#text + this.#calls.text),
    };
  }
}
