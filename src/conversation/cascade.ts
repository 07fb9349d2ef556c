import { durationMs } from '../audio/chunk.ts';
import type { GenerateEvent, GenerateRequest, LanguageModel } from '../engine/language-model.ts';
import type { SpeechRecognizer } from '../engine/speech-recognizer.ts';
import type { SpeechSynthesizer } from '../engine/speech-synthesizer.ts';
import { EngineError } from '../util/errors.ts';
import { LinkedAbort } from '../util/linked-abort.ts';
import { Lookahead } from '../util/lookahead.ts';
import type { MessageItem } from './item.ts';
import { type Prompt, PromptWriter } from './prompt.ts';
import type { ItemHeader, Responder, ResponseEvent, ResponseRequest, ResponseUsage } from './responder.ts';
import { speak } from './speech.ts';
import { toResponseUsage } from './usage.ts';

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

type ToolEvent = Extract<GenerateEvent, { type: 'tool-call-start' | 'tool-call-delta' | 'tool-call-end' }>;
type TextEvent = Extract<GenerateEvent, { type: 'text-delta' }>;

class Reply {
  readonly #engines: CascadeEngines;
  readonly #request: ResponseRequest;
  readonly #writer: PromptWriter;
  #itemsTold = 0;
  #heardMs = 0;
  #spokenMs = 0;

  constructor(engines: CascadeEngines, writer: PromptWriter, request: ResponseRequest) {
    this.#engines = engines;
    this.#writer = writer;
    this.#request = request;
  }

  /** The model's events in runs: text becomes a message, each tool call an item of its own. */
  async *events(signal: AbortSignal): AsyncGenerator<ResponseEvent, void, void> {
    const prompt = await this.#writer.write(this.#request, signal);
    this.#heardMs = prompt.heardMs;
    const thinking = new LinkedAbort(signal);
    await using model = new Lookahead(this.#generate(prompt, thinking.signal));
    try {
      for (let next = await model.peek(); next; next = await model.peek()) {
        if (next.type === 'finish') {
          // A reply has at least one item, so that a client that waits for one gets it.
          if (this.#itemsTold === 0) yield* this.#message(model, signal);
          yield { type: 'finish', reason: next.reason, usage: this.#usage(next) };
          return;
        }
        if (next.type === 'text-delta') yield* this.#message(model, signal);
        else yield* this.#toolCalls(model.while(isToolEvent));
      }
    } finally {
      // A model that is still thinking returns only once it is aborted.
      thinking.abort();
    }
    throw new EngineError(
      this.#engines.languageModel.name,
      'failed',
      'The language model stopped without an end.',
    );
  }

  #generate(prompt: Prompt, signal: AbortSignal): AsyncIterable<GenerateEvent> {
    return this.#engines.languageModel.generate(toGenerateRequest(this.#request, prompt), { signal });
  }

  async *#message(
    model: Lookahead<GenerateEvent>,
    signal: AbortSignal,
  ): AsyncGenerator<ResponseEvent, void, void> {
    const { modality } = this.#request;
    const id = this.#engines.newId('item_');
    yield this.#begin({ kind: 'message', id, modality });
    let text = '';
    for await (const event of modality === 'text'
      ? write(model, id)
      : this.#speak(textOf(model), id, signal)) {
      if (event.type === 'text-delta' || event.type === 'transcript-delta') text += event.delta;
      else if (event.type === 'audio-delta') this.#spokenMs += durationMs(event.chunk);
      yield event;
    }
    yield { type: 'item-end', item: toMessage(id, modality, text) };
  }

  #speak(text: AsyncIterable<string>, itemId: string, signal: AbortSignal): AsyncIterable<ResponseEvent> {
    const { synthesizer } = this.#engines;
    if (!synthesizer) throw noSynthesizer();
    const { voice, speed, onNotice } = this.#request;
    return speak(text, { itemId, synthesizer, voice, speed, onNotice }, signal);
  }

  async *#toolCalls(events: AsyncIterable<ToolEvent>): AsyncGenerator<ResponseEvent, void, void> {
    const open = new Map<string, { readonly id: string; readonly name: string; text: string }>();
    for await (const event of events) {
      const { callId } = event;
      if (event.type === 'tool-call-start') {
        const id = this.#engines.newId('item_');
        open.set(callId, { id, name: event.name, text: '' });
        yield this.#begin({ kind: 'function-call', id, callId, name: event.name });
        continue;
      }
      const call = open.get(callId);
      if (!call) continue;
      const { id, name } = call;
      if (event.type === 'tool-call-delta') {
        call.text += event.delta;
        yield { type: 'arguments-delta', itemId: id, callId, delta: event.delta };
      } else {
        open.delete(callId);
        yield {
          type: 'item-end',
          item: { kind: 'function-call', id, status: 'completed', callId, name, arguments: call.text },
        };
      }
    }
  }

  #begin(item: ItemHeader): ResponseEvent {
    this.#itemsTold += 1;
    return { type: 'item-start', item };
  }

  #usage(finish: Extract<GenerateEvent, { type: 'finish' }>): ResponseUsage {
    return toResponseUsage(finish.usage, { heardMs: this.#heardMs, spokenMs: this.#spokenMs });
  }
}

function toGenerateRequest(request: ResponseRequest, prompt: Prompt): GenerateRequest {
  const { tools, toolChoice, parallelToolCalls, responseFormat, sampling } = request;
  return { messages: prompt.messages, tools, toolChoice, parallelToolCalls, responseFormat, sampling };
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

async function* write(
  model: Lookahead<GenerateEvent>,
  itemId: string,
): AsyncGenerator<ResponseEvent, void, void> {
  for (let next = await model.peek(); next?.type === 'text-delta'; next = await model.advance()) {
    yield { type: 'text-delta', itemId, delta: next.delta };
  }
}

function toMessage(id: string, modality: 'text' | 'audio', text: string): MessageItem {
  const content =
    modality === 'text'
      ? ({ kind: 'text', text } as const)
      : // The audio itself has gone by; who wants to keep it collects it on the way.
        ({ kind: 'audio', clip: { chunks: [] }, transcript: text } as const);
  return { kind: 'message', id, role: 'assistant', status: 'completed', content: [content] };
}

function noSynthesizer(): EngineError {
  return new EngineError(
    'synthesizer',
    'unavailable',
    'No speech synthesizer is available for this deployment. Run `samtal doctor` to see how to set one up.',
  );
}
