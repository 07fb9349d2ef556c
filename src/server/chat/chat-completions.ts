import type { Codecs } from '../../audio/codecs/codec-pool.ts';
import type { Responder, ResponseRequest, ResponseUsage } from '../../conversation/responder.ts';
import type { Clock } from '../../util/clock.ts';
import { ApiError } from '../../util/errors.ts';
import { newId } from '../../util/ids.ts';
import type { Address } from '../../wire/address/address.ts';
import type { ChatRequest, SpeechFormat } from '../../wire/chat/chat-request.ts';
import { ChunkWriter, toUsageChunk } from '../../wire/chat/chunks.ts';
import {
  type Choice,
  type CompletionHeader,
  toCompletion,
  toPromptFilterChunk,
  type WireObject,
} from '../../wire/chat/completion.ts';
import type { Deployment } from '../deployment.ts';
import type { ReplyStore } from '../store/reply-store.ts';
import { collectReply, ReplyCollector } from './choice.ts';
import type { ConversationReader } from './conversation-reader.ts';

export interface ChatCompletionsOptions {
  readonly reader: ConversationReader;
  readonly codecs: Codecs;
  readonly replies: ReplyStore;
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
}

/** Answers chat completion requests, whole or as a stream. */
export class ChatCompletions {
  readonly #options: ChatCompletionsOptions;

  constructor(options: ChatCompletionsOptions) {
    this.#options = options;
  }

  async complete(call: ChatCall, signal: AbortSignal): Promise<WireObject> {
    const { request } = call;
    const prepared = await this.#prepare(call, signal);
    const choices: Choice[] = [];
    for (let index = 0; index < request.choices; index++) {
      choices.push(await this.#choice(call, prepared, signal));
    }
    return toCompletion(prepared.header, choices, request.store ? request.metadata : undefined);
  }

  /** Yields the objects of the stream; `[DONE]` is the transport's to add. */
  async *stream(call: ChatCall, signal: AbortSignal): AsyncGenerator<WireObject, void, void> {
    const prepared = await this.#prepare(call, signal);
    const usages: ResponseUsage[] = [];
    let isFirst = this.#options.promptFilterChunk && call.address.family === 'azure';
    for (let index = 0; index < call.request.choices; index++) {
      const collector = new ReplyCollector();
      for await (const chunk of this.#streamChoice(call, prepared, { index, collector }, signal)) {
        if (isFirst) yield toPromptFilterChunk();
        isFirst = false;
        yield chunk;
      }
      usages.push(collector.collected().usage);
    }
    if (call.request.stream?.includeUsage) yield toUsageChunk(prepared.header, usages);
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
        voice: request.speech?.voice ?? defaults.voice,
        speed: 1,
        tools: request.tools,
        toolChoice: request.toolChoice,
        parallelToolCalls: request.parallelToolCalls,
        responseFormat: request.responseFormat,
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
    const encoding = speech && { codecs: this.#options.codecs, format: speech.format };
    const { reply, audio } = await collectReply(events, encoding, signal);
    const { text, toolCalls, reason, usage } = reply;
    if (!speech || !audio) return { text, audio: undefined, toolCalls, reason, usage };
    const kept = this.#newAudio();
    await this.#keep(call, { ...kept, transcript: text, format: speech.format, audio });
    const spoken = { ...kept, data: audio, transcript: text };
    return { text: '', audio: spoken, toolCalls, reason, usage };
  }

  async *#streamChoice(
    call: ChatCall,
    prepared: Prepared,
    { index, collector }: { readonly index: number; readonly collector: ReplyCollector },
    signal: AbortSignal,
  ): AsyncGenerator<WireObject, void, void> {
    const { speech, stream } = call.request;
    const audio = speech && this.#newAudio();
    const includeUsage = stream?.includeUsage ?? false;
    const writer = new ChunkWriter({ header: prepared.header, index, audio, includeUsage });
    const pcm: Uint8Array[] = [];
    for await (const event of prepared.responder.respond(prepared.response, { signal })) {
      collector.note(event);
      if (event.type === 'audio-delta') pcm.push(bytesOf(event.chunk.samples));
      if (event.type === 'finish' && audio && pcm.length > 0) {
        // Kept before the client can know that the reply is whole, so that a follow-up never comes too early.
        const transcript = collector.collected().text;
        await this.#keep(call, { ...audio, transcript, format: 'pcm16', audio: Buffer.concat(pcm) });
      }
      yield* writer.write(event);
    }
  }

  #newAudio(): { readonly id: string; readonly expiresAt: number } {
    return { id: newId('audio_', 24), expiresAt: this.#seconds() + this.#options.audioLifetimeSeconds };
  }

  async #keep(
    call: ChatCall,
    reply: {
      readonly id: string;
      readonly expiresAt: number;
      readonly transcript: string;
      readonly format: SpeechFormat;
      readonly audio: Uint8Array;
    },
  ): Promise<void> {
    await this.#options.replies.saveAudio({ ...reply, owner: call.owner });
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

function bytesOf(samples: Int16Array): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
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
