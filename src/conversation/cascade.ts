import { durationMs } from '../audio/chunk.ts';
import type {
  GenerateEvent,
  GenerateRequest,
  LanguageModel,
  ModelMessage,
} from '../engine/language-model.ts';
import type { SpeechRecognizer } from '../engine/speech-recognizer.ts';
import type { SpeechSynthesizer } from '../engine/speech-synthesizer.ts';
import { EngineError } from '../util/errors.ts';
import { LinkedAbort } from '../util/linked-abort.ts';
import { Lookahead } from '../util/lookahead.ts';
import type { MessageItem } from './item.ts';
import { PromptWriter } from './prompt.ts';
import type { Responder, ResponseEvent, ResponseRequest, ResponseUsage } from './responder.ts';
import { speak } from './speech.ts';
import { ToolCallItems, type ToolEvent } from './tool-call-items.ts';
import { toResponseUsage } from './usage.ts';
import { withoutOldest } from './without-oldest.ts';
import { WrittenReply } from './written-reply.ts';

export interface CascadeEngines {
  readonly recognizer: SpeechRecognizer | undefined;
  readonly languageModel: LanguageModel;
  readonly synthesizer: SpeechSynthesizer | undefined;
  readonly newId: (prefix: string) => string;
}

/** A responder of three engines: one hears, one thinks, one speaks, all at the same time. */
export function cascade(engines: CascadeEngines): Responder {
  const writer = new PromptWriter(engines.recognizer);
  const names = [engines.recognizer?.name, engines.languageModel.name, engines.synthesizer?.name];
  return {
    name: names.map((name) => name ?? 'none').join('+'),
    respond: (request, { signal }) => new Reply(engines, writer, request).events(signal),
  };
}

type TextEvent = Extract<GenerateEvent, { type: 'text-delta' }>;

class Reply {
  readonly #engines: CascadeEngines;
  readonly #request: ResponseRequest;
  readonly #writer: PromptWriter;
  #isEmpty = true;
  #heardMs = 0;
  #spokenMs = 0;

  constructor(engines: CascadeEngines, writer: PromptWriter, request: ResponseRequest) {
    this.#engines = engines;
    this.#writer = writer;
    this.#request = request;
  }

  events(signal: AbortSignal): AsyncIterable<ResponseEvent> {
    return this.#request.modality === 'text' ? this.#written(signal) : this.#spoken(signal);
  }

  /** Nothing runs beside the model here: to leave it is enough to end it. */
  async *#written(signal: AbortSignal): AsyncGenerator<ResponseEvent, void, void> {
    const prompt = await this.#writer.write(this.#request, signal);
    const reply = new WrittenReply(this.#engines.newId, prompt.heardMs);
    for await (const event of this.#generate(prompt.messages, signal)) {
      for (const told of reply.tell(event)) yield told;
      if (event.type === 'finish') return;
    }
    throw this.#stoppedWithoutEnd();
  }

  /** The model's events in runs: text becomes a message, each tool call an item of its own. */
  async *#spoken(signal: AbortSignal): AsyncGenerator<ResponseEvent, void, void> {
    const prompt = await this.#writer.write(this.#request, signal);
    this.#heardMs = prompt.heardMs;
    const thinking = new LinkedAbort(signal);
    await using model = new Lookahead(this.#generate(prompt.messages, thinking.signal));
    try {
      for (let next = await model.peek(); next; next = await model.peek()) {
        if (next.type === 'finish') {
          // A reply has at least one item, so that a client that waits for one gets it.
          if (this.#isEmpty) yield* this.#message(model, signal);
          yield { type: 'finish', reason: next.reason, usage: this.#usage(next) };
          return;
        }
        if (next.type === 'text-delta') yield* this.#message(model, signal);
        else yield* this.#toolCalls(model);
      }
    } finally {
      // A model that is still thinking returns only once it is aborted.
      thinking.abort();
    }
    throw this.#stoppedWithoutEnd();
  }

  #stoppedWithoutEnd(): EngineError {
    return new EngineError(
      this.#engines.languageModel.name,
      'failed',
      'The language model stopped without an end.',
    );
  }

  #generate(messages: readonly ModelMessage[], signal: AbortSignal): AsyncIterable<GenerateEvent> {
    return this.#request.mayForget
      ? this.#generateOrForget(messages, signal)
      : this.#generateFrom(messages, signal);
  }

  #generateFrom(messages: readonly ModelMessage[], signal: AbortSignal): AsyncIterable<GenerateEvent> {
    return this.#engines.languageModel.generate(toGenerateRequest(this.#request, messages), { signal });
  }

  async *#generateOrForget(
    messages: readonly ModelMessage[],
    signal: AbortSignal,
  ): AsyncGenerator<GenerateEvent, void, void> {
    try {
      yield* this.#generateFrom(messages, signal);
    } catch (error) {
      const isTooLong = error instanceof EngineError && error.reason === 'too-long';
      const shorter = isTooLong ? withoutOldest(messages) : undefined;
      if (!shorter) throw error;
      yield* this.#generateOrForget(shorter, signal);
    }
  }

  async *#message(
    model: Lookahead<GenerateEvent>,
    signal: AbortSignal,
  ): AsyncGenerator<ResponseEvent, void, void> {
    const id = this.#engines.newId('item_');
    this.#isEmpty = false;
    yield { type: 'item-start', item: { kind: 'message', id, modality: 'audio' } };
    let transcript = '';
    for await (const event of this.#speak(textOf(model), id, signal)) {
      if (event.type === 'transcript-delta') transcript += event.delta;
      else if (event.type === 'audio-delta') this.#spokenMs += durationMs(event.chunk);
      yield event;
    }
    yield { type: 'item-end', item: toMessage(id, transcript) };
  }

  #speak(text: AsyncIterable<string>, itemId: string, signal: AbortSignal): AsyncIterable<ResponseEvent> {
    const { synthesizer } = this.#engines;
    if (!synthesizer) throw noSynthesizer();
    const { voice, speed, onNotice } = this.#request;
    return speak(text, { itemId, synthesizer, voice, speed, onNotice }, signal);
  }

  async *#toolCalls(model: Lookahead<GenerateEvent>): AsyncGenerator<ResponseEvent, void, void> {
    const calls = new ToolCallItems(this.#engines.newId);
    this.#isEmpty = false;
    for await (const event of model.while(isToolEvent)) {
      const told = calls.tell(event);
      if (told) yield told;
    }
  }

  #usage(finish: Extract<GenerateEvent, { type: 'finish' }>): ResponseUsage {
    return toResponseUsage(finish.usage, { heardMs: this.#heardMs, spokenMs: this.#spokenMs });
  }
}

function toGenerateRequest(request: ResponseRequest, messages: readonly ModelMessage[]): GenerateRequest {
  const { tools, toolChoice, parallelToolCalls, responseFormat, sampling } = request;
  return { messages, tools, toolChoice, parallelToolCalls, responseFormat, sampling };
}

function isToolEvent(event: GenerateEvent): event is ToolEvent {
  return event.type.startsWith('tool-call-');
}

function isText(event: GenerateEvent): event is TextEvent {
  return event.type === 'text-delta';
}

async function* textOf(model: Lookahead<GenerateEvent>): AsyncGenerator<string, void, void> {
  for await (const { delta } of model.while(isText)) yield delta;
}

function toMessage(id: string, transcript: string): MessageItem {
  // The audio itself has gone by; who wants to keep it collects it on the way.
  const content = [{ kind: 'audio', clip: { chunks: [] }, transcript } as const];
  return { kind: 'message', id, role: 'assistant', status: 'completed', content };
}

function noSynthesizer(): EngineError {
  return new EngineError(
    'synthesizer',
    'unavailable',
    'No speech synthesizer is available for this deployment. Run `samtal doctor` to see how to set one up.',
  );
}
