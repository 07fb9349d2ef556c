import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { type AudioClip, clipDurationMs } from '../audio/clip.ts';
import type { ModelMessage, ToolCall } from '../engine/language-model.ts';
import type { SpeechRecognizer } from '../engine/speech-recognizer.ts';
import type { ContentPart, ConversationItem, FunctionCallItem } from './item.ts';
import { noRecognizer } from './no-recognizer.ts';
import type { ResponseRequest } from './responder.ts';
import { transcribe } from './transcribe.ts';

/** A conversation as a language model reads it, and how much audio had to be heard to write it. */
export interface Prompt {
  readonly messages: readonly ModelMessage[];
  readonly heardMs: number;
}

/** Clips whose words are remembered: a client sends its whole history again with every turn. */
const REMEMBERED_CLIPS = 256;

/** Writes prompts, hearing each clip once. */
export class PromptWriter {
  readonly #recognizer: SpeechRecognizer | undefined;
  readonly #transcripts = new Map<string, string>();

  constructor(recognizer: SpeechRecognizer | undefined) {
    this.#recognizer = recognizer;
  }

  /** @throws {EngineError} `unavailable` when there is audio to hear and no recognizer. */
  async write(request: ResponseRequest, signal: AbortSignal): Promise<Prompt> {
    const heard = new Map<AudioClip, string>();
    for (const clip of clipsToHear(request.conversation.items)) {
      heard.set(clip, await this.#hear(clip, signal));
    }
    return toPrompt(request, heard);
  }

  async #hear(clip: AudioClip, signal: AbortSignal): Promise<string> {
    if (!this.#recognizer) throw noRecognizer();
    const key = await fingerprint(clip, signal);
    const known = this.#transcripts.get(key);
    if (known !== undefined) return known;
    const text = await transcribe(this.#recognizer, clip, { signal });
    this.#remember(key, text);
    return text;
  }

  #remember(key: string, text: string): void {
    this.#transcripts.set(key, text);
    const oldest = this.#transcripts.keys().next();
    if (this.#transcripts.size > REMEMBERED_CLIPS && !oldest.done) this.#transcripts.delete(oldest.value);
  }
}

function clipsToHear(items: readonly ConversationItem[]): AudioClip[] {
  const clips: AudioClip[] = [];
  for (const item of items) {
    if (item.kind !== 'message') continue;
    for (const part of item.content) {
      if (part.kind === 'audio' && part.transcript === undefined) clips.push(part.clip);
    }
  }
  return clips;
}

/** `heard` has the words of each clip that came without its own. */
function toPrompt(request: ResponseRequest, heard: ReadonlyMap<AudioClip, string>): Prompt {
  const messages: ModelMessage[] = [];
  if (request.instructions) messages.push({ role: 'system', text: request.instructions });
  let heardMs = 0;
  for (const item of request.conversation.items) {
    heardMs += heardIn(item);
    append(messages, toMessage(item, heard));
  }
  return { messages, heardMs };
}

function toMessage(item: ConversationItem, heard: ReadonlyMap<AudioClip, string>): ModelMessage {
  switch (item.kind) {
    case 'message': {
      const texts = item.content.map((part) => textOf(part, heard));
      return { role: item.role, text: texts.filter((text) => text !== '').join('\n') };
    }
    case 'function-call':
      return { role: 'assistant', text: '', toolCalls: [toToolCall(item)] };
    case 'function-output':
      return { role: 'tool', callId: item.callId, output: item.output };
  }
}

function textOf(part: ContentPart, heard: ReadonlyMap<AudioClip, string>): string {
  if (part.kind === 'text') return part.text;
  const text = part.transcript ?? heard.get(part.clip);
  if (text === undefined) throw new Error('A prompt was written before each of its clips was heard.');
  return text;
}

function heardIn(item: ConversationItem): number {
  if (item.kind !== 'message' || item.role !== 'user') return 0;
  return item.content.reduce((ms, part) => ms + (part.kind === 'audio' ? clipDurationMs(part.clip) : 0), 0);
}

/** Chat templates want the calls of one turn in one assistant message. */
function append(messages: ModelMessage[], message: ModelMessage): void {
  const last = messages.at(-1);
  if (message.role === 'assistant' && message.toolCalls && last?.role === 'assistant') {
    messages[messages.length - 1] = {
      ...last,
      toolCalls: [...(last.toolCalls ?? []), ...message.toolCalls],
    };
  } else {
    messages.push(message);
  }
}

function toToolCall(item: FunctionCallItem): ToolCall {
  return { callId: item.callId, name: item.name, arguments: item.arguments };
}

/** What is hashed at once: less than a millisecond's work. */
const HASHED_BYTES = 256 * 1024;

/** Lets others have the event loop between any two pieces, as a clip may be of half an hour. */
async function fingerprint(clip: AudioClip, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  let bytes = 0;
  for (const { samples, sampleRate } of clip.chunks) {
    hash.update(`${sampleRate}:`);
    for (let start = 0; start < samples.byteLength; start += HASHED_BYTES) {
      const length = Math.min(HASHED_BYTES, samples.byteLength - start);
      hash.update(new Uint8Array(samples.buffer, samples.byteOffset + start, length));
      bytes += length;
      if (bytes < HASHED_BYTES) continue;
      bytes = 0;
      await setImmediate();
      signal.throwIfAborted();
    }
  }
  return hash.digest('base64');
}
