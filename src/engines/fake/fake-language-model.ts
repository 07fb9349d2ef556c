import type {
  FinishReason,
  GenerateEvent,
  GenerateRequest,
  LanguageModel,
  ToolCall,
} from '../../engine/language-model.ts';
import { type FakeOptions, perform } from './fake-behaviour.ts';

export interface FakeReply {
  readonly text: string;
  readonly calls?: readonly ToolCall[] | undefined;
}

export interface FakeLanguageModelOptions extends FakeOptions {
  /** What it answers; by default it repeats the last message. */
  readonly reply?: ((request: GenerateRequest) => FakeReply) | undefined;
}

const NAME = 'fake-language-model';
const ARGUMENT_PIECE = 8;

/** Answers as it is told to, a word an output, where every word is a token. For tests. */
export function fakeLanguageModel(options: FakeLanguageModelOptions = {}): LanguageModel {
  const reply = options.reply ?? repeatLast;
  return {
    name: NAME,
    generate: (request, { signal }) =>
      perform(generate(reply(request), request), { name: NAME, options, signal }),
  };
}

function repeatLast({ messages }: GenerateRequest): FakeReply {
  const last = messages.at(-1);
  return { text: `You said: ${last === undefined ? 'nothing' : contentOf(last)}.` };
}

function contentOf(message: GenerateRequest['messages'][number]): string {
  return message.role === 'tool' ? message.output : message.text;
}

async function* generate(
  { text, calls = [] }: FakeReply,
  request: GenerateRequest,
): AsyncGenerator<GenerateEvent, void, void> {
  const { stop = [], maxOutputTokens = Infinity } = request.sampling;
  const ends = stop.map((sequence) => text.indexOf(sequence)).filter((index) => index >= 0);
  const words = toWords(text.slice(0, Math.min(text.length, ...ends)));
  const told = words.slice(0, maxOutputTokens);
  for (const delta of told) yield { type: 'text-delta', delta };
  for (const call of calls) yield* callEvents(call);
  const inputTokens = request.messages.reduce((sum, message) => sum + toWords(contentOf(message)).length, 1);
  const usage = { inputTokens, outputTokens: told.length + calls.length };
  yield { type: 'finish', reason: reasonOf(told.length < words.length, calls), usage };
}

function* callEvents({ callId, name, arguments: json }: ToolCall): Generator<GenerateEvent, void, void> {
  yield { type: 'tool-call-start', callId, name };
  for (let start = 0; start < json.length; start += ARGUMENT_PIECE) {
    yield { type: 'tool-call-delta', callId, delta: json.slice(start, start + ARGUMENT_PIECE) };
  }
  yield { type: 'tool-call-end', callId };
}

function reasonOf(isCut: boolean, calls: readonly ToolCall[]): FinishReason {
  if (isCut) return 'length';
  return calls.length > 0 ? 'tool-calls' : 'stop';
}

/** Each with the space before it. */
function toWords(text: string): readonly string[] {
  return text.match(/\s*\S+|\s+$/gu) ?? [];
}
