import type { ConverseEvent, ConverseRequest } from '../../engine/speech-model.ts';
import type { ChatChunk } from './chat-chunk.ts';
import { ChatReply } from './chat-reply.ts';
import { SoundPieces } from './sound-pieces.ts';
import { writtenMessages } from './spoken-body.ts';
import type { StreamedReply } from './stream-reply.ts';

/** One reply of a model that may speak, as its chunks come in: what it says, how that sounds, tool calls. */
export class SpokenReply implements StreamedReply<ConverseEvent> {
  readonly lingerMs: number;
  readonly #words: ChatReply;
  readonly #sound = new SoundPieces();
  #hasSound = false;

  constructor(request: ConverseRequest, timeouts: { readonly betweenTokensMs: number }) {
    const { sampling } = request;
    const isSpoken = request.modality === 'audio';
    // Speech can not be cut where its words are; the server that speaks was told where to stop.
    const stop = isSpoken ? undefined : sampling.stop;
    const written = { ...request, messages: writtenMessages(request.messages) };
    this.#words = new ChatReply({ ...written, sampling: { ...sampling, stop } }, {});
    // vLLM-Omni ends the words before their sound.
    this.lingerMs = isSpoken ? timeouts.betweenTokensMs : this.#words.lingerMs;
  }

  get hasTokens(): boolean {
    return this.#words.hasTokens || this.#hasSound;
  }

  get isComplete(): boolean {
    return this.#words.isComplete;
  }

  get isOver(): boolean {
    return this.#words.isOver;
  }

  *read(chunk: ChatChunk): Generator<ConverseEvent> {
    const { words, sound } = partsOf(chunk);
    yield* this.#words.read(words);
    if (!sound) return;
    this.#hasSound = true;
    for (const piece of this.#sound.read(sound)) yield { type: 'audio', chunk: piece };
  }

  async *end(): AsyncGenerator<ConverseEvent, void, void> {
    yield* this.#words.end();
  }
}

/** vLLM-Omni sends sound as the content of chunks that say so. */
function partsOf(chunk: ChatChunk): { readonly words: ChatChunk; readonly sound: string } {
  const [choice] = chunk.choices ?? [];
  const delta = choice?.delta ?? choice?.message;
  if (!choice || chunk.modality !== 'audio') return { words: chunk, sound: delta?.audio?.data ?? '' };
  const silent = { ...choice, delta: { ...delta, content: '' } };
  return { words: { ...chunk, choices: [silent] }, sound: delta?.content || (delta?.audio?.data ?? '') };
}
