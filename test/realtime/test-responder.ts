import type { Responder, ResponseEvent, ResponseRequest } from '../../src/conversation/responder.ts';
import { type FakeOptions, perform } from '../../src/engines/fake/fake-behaviour.ts';
import { fakeSpeech } from '../../src/engines/fake/fake-speech.ts';

export interface ScriptedTurn {
  /** Words to say or to write; each is a delta. */
  readonly words?: readonly string[];
  /** How much audio goes with each word. */
  readonly msPerWord?: number;
  readonly callArguments?: readonly string[];
}

/** A responder that says what it is told to, in the way of the fakes, with no engines behind it. */
export class TestResponder implements Responder {
  readonly name = 'test-responder';
  readonly requests: ResponseRequest[] = [];
  readonly #options: FakeOptions;
  readonly #turn: () => ScriptedTurn;
  /** Events that were made, told or not. */
  made = 0;
  #ids = 0;

  constructor(turn: ScriptedTurn | (() => ScriptedTurn) = {}, options: FakeOptions = {}) {
    this.#turn = typeof turn === 'function' ? turn : () => turn;
    this.#options = options;
  }

  respond(
    request: ResponseRequest,
    { signal }: { readonly signal: AbortSignal },
  ): AsyncIterable<ResponseEvent> {
    this.requests.push(request);
    return perform(this.#events(request, this.#turn()), { name: this.name, options: this.#options, signal });
  }

  async *#events(request: ResponseRequest, turn: ScriptedTurn): AsyncGenerator<ResponseEvent, void, void> {
    for (const event of [...this.#message(request, turn), ...this.#call(turn)]) {
      this.made += 1;
      yield event;
    }
    const usage = {
      inputTextTokens: request.conversation.items.length,
      inputAudioTokens: 0,
      cachedInputTokens: 0,
      outputTextTokens: 1,
      outputAudioTokens: 0,
      reasoningTokens: 0,
    };
    yield { type: 'finish', reason: 'stop', usage };
  }

  *#message(
    { modality }: ResponseRequest,
    { words, msPerWord = 60 }: ScriptedTurn,
  ): Generator<ResponseEvent> {
    if (!words) return;
    const itemId = `item_r${++this.#ids}`;
    yield { type: 'item-start', item: { kind: 'message', id: itemId, modality } };
    let text = '';
    for (const delta of words) {
      text += delta;
      if (modality === 'text') yield { type: 'text-delta', itemId, delta };
      else yield { type: 'transcript-delta', itemId, delta };
    }
    if (modality === 'audio') yield* sounds(itemId, words, msPerWord);
    const content =
      modality === 'text'
        ? ({ kind: 'text', text } as const)
        : ({ kind: 'audio', clip: { chunks: [] }, transcript: text } as const);
    yield {
      type: 'item-end',
      item: { kind: 'message', id: itemId, role: 'assistant', status: 'completed', content: [content] },
    };
  }

  *#call({ callArguments }: ScriptedTurn): Generator<ResponseEvent> {
    if (!callArguments) return;
    const id = `item_r${++this.#ids}`;
    const callId = `call_${this.#ids}`;
    const call = { kind: 'function-call', id, callId, name: 'get_weather' } as const;
    yield { type: 'item-start', item: call };
    for (const delta of callArguments) yield { type: 'arguments-delta', itemId: id, callId, delta };
    yield { type: 'item-end', item: { ...call, status: 'completed', arguments: callArguments.join('') } };
  }
}

function* sounds(itemId: string, words: readonly string[], msPerWord: number): Generator<ResponseEvent> {
  const { samples, sampleRate } = fakeSpeech('a', 60 / msPerWord);
  for (const [index, text] of words.entries()) {
    yield { type: 'audio-delta', itemId, chunk: { samples, sampleRate } };
    yield { type: 'spoken', itemId, text, endMs: (index + 1) * msPerWord };
  }
}
