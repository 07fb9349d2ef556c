import type { Codecs } from '../../audio/codecs/codec-pool.ts';
import { toPcmBytes } from '../../audio/pcm-bytes.ts';
import type { Responder, ResponseRequest } from '../../conversation/responder.ts';
import type { Clock } from '../../util/clock.ts';
import { ApiError } from '../../util/errors.ts';
import { newId } from '../../util/ids.ts';
import type { Address } from '../../wire/address/address.ts';
import type { ChatRequest } from '../../wire/chat/chat-request.ts';
import { ChunkWriter, toUsageChunk } from '../../wire/chat/chunks.ts';
import {
  type Choice,
  type CompletionHeader,
  type SpokenReply,
  toCompletion,
  toPromptFilterChunk,
  type WireObject,
} from '../../wire/chat/completion.ts';
import type { Deployment } from '../deployment.ts';
import type { CompletionStore } from '../store/completion-store.ts';
import type { ReplyStore } from '../store/reply-store.ts';
import { type CollectedReply, collectSpoken, collectWritten, ReplyCollector } from './collect-reply.ts';
import type { ConversationReader } from './conversation-reader.ts';

export interface ChatCompletionsOptions {
  readonly reader: ConversationReader;
  readonly codecs: Codecs;
  readonly replies: ReplyStore;
  readonly completions: CompletionStore;
  readonly clock: Clock;
  /** How long a spoken reply can be referred to by its id. */
  readonly audioLifetimeSeconds: number;
  /** Whether a stream to an Azure address begins with the chunk of prompt filter results. */
  readonly promptFilterChunk: boolean;
  /** Whether text to text is refused, as the cloud's audio models do. */
  readonly requireAudio: boolean;
}

/** One request, with who sent it and where. */
export interface ChatCall {
  readonly request: ChatRequest;
  readonly deployment: Deployment;
  readonly address: Address;
  readonly owner: string;
  /** The messages as they came, for `store: true`. */
  readonly wireMessages: readonly unknown[];
  /** Told what is not as it should be in the reply. */
  readonly onNotice: (notice: string) => void;
}

/** Answers chat completion requests, whole or as a stream. */
export class ChatCompletions {
  readonly #options: ChatCompletionsOptions;

  constructor(options: ChatCompletionsOptions) {
    this.#options = options;
  }

  async complete(call: ChatCall, signal: AbortSignal): Promise<WireObject> {
    const prepared = await this.#prepare(call, signal);
    const choices: Choice[] = [];
    for (let index = 0; index < call.request.choices; index++) {
      choices.push(await this.#choice(call, prepared, signal));
    }
    const completion = toCompletion(prepared.header, choices, metadataOf(call.request));
    if (call.request.store) await this.#store(call, prepared.header, completion);
    return completion;
  }

  /** Yields the objects of the stream; `[DONE]` is the transport's to add. */
  async *stream(call: ChatCall, signal: AbortSignal): AsyncGenerator<WireObject, void, void> {
    let isFirst = this.#options.promptFilterChunk && call.address.family === 'azure';
    for await (const chunk of this.#chunks(call, signal)) {
      if (isFirst) yield toPromptFilterChunk();
      isFirst = false;
      yield chunk;
    }
  }

  async *#chunks(call: ChatCall, signal: AbortSignal): AsyncGenerator<WireObject, void, void> {
    const prepared = await this.#prepare(call, signal);
    const choices: Choice[] = [];
    for (let index = 0; index < call.request.choices; index++) {
      choices.push(yield* this.#streamChoice(call, { ...prepared, index }, signal));
    }
    if (call.request.stream?.includeUsage) {
      yield toUsageChunk(
        prepared.header,
        choices.map((choice) => choice.usage),
      );
    }
    if (call.request.store) {
      const completion = toCompletion(prepared.header, choices, metadataOf(call.request));
      await this.#store(call, prepared.header, completion);
    }
  }

  async #prepare(call: ChatCall, signal: AbortSignal): Promise<Prepared> {
    const { request, deployment, address } = call;
    const { responder } = deployment;
    if (!responder) throw notForChat(deployment);
    if (this.#options.requireAudio) requireAudio(request);
    const conversation = await this.#options.reader.read(request.messages, call.owner, signal);
    const header: CompletionHeader = {
      id: newId('chatcmpl-', 29),
      created: this.#seconds(),
      model: deployment.model,
      fingerprint: `fp_${responder.name}`,
      address,
      isLegacyFunctions: request.isLegacyFunctions,
    };
    const { defaults } = deployment;
    return {
      header,
      responder,
      response: {
        conversation,
        instructions: defaults.instructions,
        modality: request.speech ? 'audio' : 'text',
        voice: request.speech?.voice ?? defaults.voice ?? 'alloy',
        speed: 1,
        tools: request.tools,
        toolChoice: request.toolChoice,
        parallelToolCalls: request.parallelToolCalls,
        responseFormat: request.responseFormat,
        onNotice: call.onNotice,
        sampling: {
          ...request.sampling,
          temperature: request.sampling.temperature ?? defaults.temperature,
          maxOutputTokens: request.sampling.maxOutputTokens ?? defaults.maxOutputTokens,
        },
      },
    };
  }

  async #choice(call: ChatCall, prepared: Prepared, signal: AbortSignal): Promise<Choice> {
    const { speech } = call.request;
    const events = prepared.responder.respond(prepared.response, { signal });
    const { codecs } = this.#options;
    const { reply, audio } = speech
      ? await collectSpoken(events, { codecs, format: speech.format }, signal)
      : await collectWritten(events);
    const spoken = audio && { ...this.#newAudio(), data: audio, transcript: reply.text };
    if (spoken) await this.#keep(call, spoken);
    return toChoice(reply, spoken);
  }

  async *#streamChoice(
    call: ChatCall,
    prepared: Prepared & { readonly index: number },
    signal: AbortSignal,
  ): AsyncGenerator<WireObject, Choice, void> {
    const audio = call.request.speech && this.#newAudio();
    const includeUsage = call.request.stream?.includeUsage ?? false;
    const writer = new ChunkWriter({ header: prepared.header, index: prepared.index, audio, includeUsage });
    const collector = new ReplyCollector();
    const pcm: Uint8Array[] = [];
    let spoken: SpokenReply | undefined;
    for await (const event of prepared.responder.respond(prepared.response, { signal })) {
      collector.note(event);
      if (event.type === 'audio-delta') pcm.push(toPcmBytes(event.chunk.samples));
      if (event.type === 'finish' && audio && pcm.length > 0) {
        spoken = { ...audio, data: Buffer.concat(pcm), transcript: collector.collected().text };
        // Kept before the client can know that the reply is whole, so that a follow-up never comes too early.
        await this.#keep(call, spoken);
      }
      yield* writer.write(event);
    }
    return toChoice(collector.collected(), spoken);
  }

  #newAudio(): { readonly id: string; readonly expiresAt: number } {
    return { id: newId('audio_', 24), expiresAt: this.#seconds() + this.#options.audioLifetimeSeconds };
  }

  async #keep(call: ChatCall, spoken: SpokenReply): Promise<void> {
    const { id, expiresAt, transcript, data: audio } = spoken;
    const format = call.request.speech?.format ?? 'pcm16';
    await this.#options.replies.saveAudio({ id, owner: call.owner, expiresAt, transcript, format, audio });
  }

  async #store(call: ChatCall, header: CompletionHeader, response: WireObject): Promise<void> {
    const { metadata } = call.request;
    const { id, created, model } = header;
    await this.#options.completions.save({
      id,
      created,
      model,
      metadata,
      owner: call.owner,
      messages: call.wireMessages,
      response,
    });
  }

  #seconds(): number {
    return Math.floor(this.#options.clock.now() / 1000);
  }
}

interface Prepared {
  readonly header: CompletionHeader;
  readonly responder: Responder;
  readonly response: ResponseRequest;
}

function toChoice({ text, ...reply }: CollectedReply, spoken: SpokenReply | undefined): Choice {
  return { ...reply, text: spoken ? '' : text, audio: spoken };
}

function metadataOf(request: ChatRequest): Readonly<Record<string, string>> | undefined {
  return request.store ? request.metadata : undefined;
}

function notForChat(deployment: Deployment): ApiError {
  return new ApiError(
    'operation-not-supported',
    `The chatCompletion operation does not work with the specified model, ${deployment.model}. Please choose different model and try again.`,
  );
}

function requireAudio(request: ChatRequest): void {
  const hasAudio =
    request.speech !== undefined ||
    request.messages.some(
      (message) =>
        (message.role === 'user' && message.parts.some((part) => part.kind === 'audio')) ||
        (message.role === 'assistant' && message.audio !== undefined),
    );
  if (!hasAudio) {
    throw new ApiError(
      'invalid-value',
      'This model requires that either input content or output modality contain audio.',
      { param: 'model' },
    );
  }
}
