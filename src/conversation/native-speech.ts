import { type AudioChunk, durationMs } from '../audio/chunk.ts';
import { createResampler, type Resampler } from '../audio/resampler.ts';
import type { ConverseEvent, ConverseRequest, SpeechModel, SpokenUsage } from '../engine/speech-model.ts';
import { EngineError } from '../util/errors.ts';
import type { Responder, ResponseEvent, ResponseRequest } from './responder.ts';
import { SPEECH_SAMPLE_RATE } from './speech.ts';
import { type SpokenPrompt, toSpokenPrompt } from './spoken-messages.ts';
import { ToolCallItems } from './tool-call-items.ts';
import { toResponseUsage } from './usage.ts';
import { WrittenReply } from './written-reply.ts';

export interface NativeSpeechOptions {
  readonly model: SpeechModel;
  readonly newId: (prefix: string) => string;
}

/** A responder of one model, which hears, thinks and speaks by itself. */
export function nativeSpeech({ model, newId }: NativeSpeechOptions): Responder {
  return {
    name: model.name,
    respond: (request, { signal }) =>
      request.modality === 'text'
        ? written({ model, newId }, request, signal)
        : spoken({ model, newId }, request, signal),
  };
}

async function* written(
  { model, newId }: NativeSpeechOptions,
  request: ResponseRequest,
  signal: AbortSignal,
): AsyncGenerator<ResponseEvent, void, void> {
  const prompt = toSpokenPrompt(request);
  const reply = new WrittenReply(newId, prompt.heardMs);
  for await (const event of model.converse(toConverseRequest(request, prompt), { signal })) {
    if (event.type === 'audio') continue;
    yield* reply.tell(event);
    if (event.type === 'finish') return;
  }
  throw stoppedWithoutEnd(model);
}

async function* spoken(
  { model, newId }: NativeSpeechOptions,
  request: ResponseRequest,
  signal: AbortSignal,
): AsyncGenerator<ResponseEvent, void, void> {
  if (request.speed !== 1) throw fixedPace(model, request.speed);
  const prompt = toSpokenPrompt(request);
  using reply = new SpokenReply(newId, prompt.heardMs);
  for await (const event of model.converse(toConverseRequest(request, prompt), { signal })) {
    yield* await reply.tell(event);
    if (event.type === 'finish') return;
  }
  throw stoppedWithoutEnd(model);
}

function toConverseRequest(request: ResponseRequest, { messages }: SpokenPrompt): ConverseRequest {
  const { modality, voice, tools, toolChoice, parallelToolCalls, responseFormat, sampling } = request;
  return { messages, modality, voice, tools, toolChoice, parallelToolCalls, responseFormat, sampling };
}

interface OpenMessage {
  readonly id: string;
  transcript: string;
  spokenMs: number;
}

/** Tells a reply while it is being spoken: a run of words and sound becomes a message, each tool call an item. */
class SpokenReply implements Disposable {
  readonly #newId: (prefix: string) => string;
  readonly #heardMs: number;
  readonly #calls: ToolCallItems;
  #resampler: Resampler | undefined;
  #message: OpenMessage | undefined;
  #isEmpty = true;
  #spokenMs = 0;

  constructor(newId: (prefix: string) => string, heardMs: number) {
    this.#newId = newId;
    this.#heardMs = heardMs;
    this.#calls = new ToolCallItems(newId);
  }

  /** What `event` of the model means in the reply. */
  async tell(event: ConverseEvent): Promise<readonly ResponseEvent[]> {
    const told: ResponseEvent[] = [];
    switch (event.type) {
      case 'text-delta':
        this.#say(event.delta, told);
        break;
      case 'audio':
        this.#sound(await this.#atSpeechRate(event.chunk), told);
        break;
      case 'finish':
        // A reply has at least one item, so that a client that waits for one gets it.
        if (this.#isEmpty) this.#open(told);
        this.#end(told);
        told.push({ type: 'finish', reason: event.reason, usage: this.#usage(event.usage) });
        break;
      default: {
        this.#end(told);
        this.#isEmpty = false;
        const call = this.#calls.tell(event);
        if (call) told.push(call);
      }
    }
    return told;
  }

  [Symbol.dispose](): void {
    this.#resampler?.[Symbol.dispose]();
  }

  #say(delta: string, told: ResponseEvent[]): void {
    const message = this.#open(told);
    message.transcript += delta;
    told.push({ type: 'transcript-delta', itemId: message.id, delta });
  }

  #sound(chunk: AudioChunk, told: ResponseEvent[]): void {
    if (chunk.samples.length === 0) return;
    const message = this.#open(told);
    message.spokenMs += durationMs(chunk);
    told.push({ type: 'audio-delta', itemId: message.id, chunk });
  }

  #open(told: ResponseEvent[]): OpenMessage {
    if (this.#message) return this.#message;
    const id = this.#newId('item_');
    this.#isEmpty = false;
    this.#message = { id, transcript: '', spokenMs: 0 };
    told.push({ type: 'item-start', item: { kind: 'message', id, modality: 'audio' } });
    return this.#message;
  }

  #end(told: ResponseEvent[]): void {
    if (!this.#message) return;
    this.#flush(told);
    const { id, transcript, spokenMs } = this.#message;
    this.#message = undefined;
    this.#spokenMs += spokenMs;
    // When in the speech each word is said, no such model tells.
    if (spokenMs > 0) told.push({ type: 'spoken', itemId: id, text: transcript, endMs: spokenMs });
    const content = [{ kind: 'audio', clip: { chunks: [] }, transcript } as const];
    const item = { kind: 'message', id, role: 'assistant', status: 'completed', content } as const;
    told.push({ type: 'item-end', item });
  }

  #flush(told: ResponseEvent[]): void {
    if (!this.#resampler) return;
    this.#sound({ samples: this.#resampler.flush(), sampleRate: SPEECH_SAMPLE_RATE }, told);
    this.#resampler[Symbol.dispose]();
    this.#resampler = undefined;
  }

  async #atSpeechRate(chunk: AudioChunk): Promise<AudioChunk> {
    if (chunk.sampleRate === SPEECH_SAMPLE_RATE) return chunk;
    if (this.#resampler?.inputRate !== chunk.sampleRate) {
      this.#resampler?.[Symbol.dispose]();
      this.#resampler = await createResampler(chunk.sampleRate, SPEECH_SAMPLE_RATE);
    }
    return { samples: this.#resampler.process(chunk.samples), sampleRate: SPEECH_SAMPLE_RATE };
  }

  #usage(usage: SpokenUsage) {
    return toResponseUsage(usage, { heardMs: this.#heardMs, spokenMs: this.#spokenMs });
  }
}

function stoppedWithoutEnd({ name }: SpeechModel): EngineError {
  return new EngineError(name, 'failed', 'The speech model stopped without an end.');
}

function fixedPace({ name }: SpeechModel, speed: number): EngineError {
  const message = `This deployment's model speaks at its own pace, so that the speed can not be ${speed}. Leave it at 1.`;
  return new EngineError(name, 'unsupported', message);
}
