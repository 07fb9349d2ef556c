import { type AudioChunk, durationMs } from '../audio/chunk.ts';
import { clipDurationMs } from '../audio/clip.ts';
import { Conversation } from '../conversation/conversation.ts';
import type { ConversationItem, MessageItem } from '../conversation/item.ts';
import type { SpokenItem } from './response-ledger.ts';
import type { OutputItem } from './session-event.ts';
import { heardText } from './spoken-text.ts';

/** What a session remembers: its items, what was said of each and when, and what is still being heard. */
export class SessionMemory {
  readonly #retainedAudioMs: number;
  readonly #spoken = new Map<string, SpokenItem>();
  readonly #hearing = new Map<string, Promise<string>>();
  /** Cuts that came while their item was still being told. */
  readonly #cuts = new Map<string, number>();
  #conversation = Conversation.empty;

  constructor(retainedAudioMs: number) {
    this.#retainedAudioMs = retainedAudioMs;
  }

  get items(): readonly ConversationItem[] {
    return this.#conversation.items;
  }

  /** Words that are still being heard, by item. */
  get hearing(): ReadonlyMap<string, Promise<string>> {
    return new Map(this.#hearing);
  }

  find(id: string): ConversationItem | undefined {
    return this.#conversation.find(id);
  }

  previousOf(id: string): string | null {
    return this.#conversation.previousOf(id);
  }

  /** False when there is no item `after`. */
  insert(item: ConversationItem, after?: string): boolean {
    const next = this.#conversation.insert(item, after);
    if (!next) return false;
    this.#conversation = next;
    this.#forgetOldAudio();
    return true;
  }

  remove(id: string): void {
    this.#conversation = this.#conversation.remove(id);
    this.#spoken.delete(id);
    this.#hearing.delete(id);
    this.#cuts.delete(id);
  }

  /** `heard` settles to the words of a spoken item, which then become part of it. */
  hear(itemId: string, heard: Promise<string>): void {
    const settled = heard.then(
      (transcript) => this.#settle(itemId, transcript),
      () => void this.#hearing.delete(itemId),
    );
    this.#hearing.set(
      itemId,
      settled.then(() => heard),
    );
    // Whoever needs the words awaits them above; nobody may be there to do so.
    this.#hearing.get(itemId)?.catch(() => {});
  }

  /** What could not be heard has no words: the next response reads the conversation without it. */
  giveUp(itemId: string): void {
    this.#settle(itemId, '');
  }

  /** What a response has told, in the place of what is remembered of it; nothing when it has been deleted. */
  remember(item: OutputItem, spoken: SpokenItem | undefined): void {
    if (!this.find(item.id)) return;
    if (spoken) this.#spoken.set(item.id, spoken);
    this.#conversation = this.#conversation.replace(toItem(item, spoken));
    const cutMs = this.#cuts.get(item.id);
    this.#cuts.delete(item.id);
    if (cutMs !== undefined) this.truncate(item.id, cutMs);
    this.#forgetOldAudio();
  }

  /** How much speech an item holds, in milliseconds; `undefined` when it is no speech of the assistant. */
  spokenMs(itemId: string): number | undefined {
    return this.#spoken.get(itemId)?.durationMs;
  }

  /** Cuts an item's audio and words to what was played, at once or when it has been told. */
  truncate(itemId: string, audioEndMs: number): void {
    const item = this.find(itemId);
    const spoken = this.#spoken.get(itemId);
    if (item?.kind !== 'message' || !spoken) {
      this.#cuts.set(itemId, Math.min(audioEndMs, this.#cuts.get(itemId) ?? Infinity));
      return;
    }
    if (audioEndMs >= spoken.durationMs) return;
    const chunks = chunksUntil(spoken.chunks, audioEndMs);
    // The words and their times stay whole, so that a second cut reckons as the first did.
    this.#spoken.set(itemId, { ...spoken, chunks, durationMs: audioEndMs });
    const transcript = heardText(spoken, audioEndMs);
    this.#conversation = this.#conversation.replace({
      ...item,
      status: 'incomplete',
      content: [{ kind: 'audio', clip: { chunks }, transcript }],
    });
  }

  #settle(itemId: string, transcript: string): void {
    this.#hearing.delete(itemId);
    const item = this.find(itemId);
    if (item?.kind !== 'message') return;
    const content = item.content.map((part) => (part.kind === 'audio' ? { ...part, transcript } : part));
    this.#conversation = this.#conversation.replace({ ...item, content });
  }

  /**
   * The oldest items keep their words and lose their sound, once together they hold too much of it. What
   * nobody could hear by then is lost.
   */
  #forgetOldAudio(): void {
    let totalMs = 0;
    for (const item of this.items.toReversed()) {
      if (item.kind !== 'message') continue;
      const ms = item.content.reduce(
        (sum, part) => sum + (part.kind === 'audio' ? clipDurationMs(part.clip) : 0),
        0,
      );
      if (ms === 0) continue;
      totalMs += ms;
      if (totalMs > this.#retainedAudioMs && !this.#hearing.has(item.id)) this.#silence(item);
    }
  }

  #silence(item: MessageItem): void {
    const content = item.content.map((part) =>
      part.kind === 'audio' ? { ...part, clip: { chunks: [] }, transcript: part.transcript ?? '' } : part,
    );
    this.#conversation = this.#conversation.replace({ ...item, content });
    const spoken = this.#spoken.get(item.id);
    if (spoken) this.#spoken.set(item.id, { ...spoken, chunks: [] });
  }
}

function toItem(item: OutputItem, spoken: SpokenItem | undefined): ConversationItem {
  const status = item.status === 'completed' ? 'completed' : 'incomplete';
  if (item.kind === 'function-call') return { ...item, status };
  const content = item.content.map((part) => {
    if (part.kind === 'text' || !spoken) return { kind: 'text', text: part.text } as const;
    // Of a reply that was cut, the words that had no sound yet were not said.
    const transcript = status === 'completed' ? part.text : heardText(spoken, spoken.durationMs);
    return { kind: 'audio', clip: { chunks: spoken.chunks }, transcript } as const;
  });
  return { kind: 'message', id: item.id, role: 'assistant', status, content };
}

function chunksUntil(chunks: readonly AudioChunk[], endMs: number): readonly AudioChunk[] {
  const kept: AudioChunk[] = [];
  let startMs = 0;
  for (const chunk of chunks) {
    const length = Math.round(((endMs - startMs) * chunk.sampleRate) / 1000);
    if (length > 0) kept.push({ ...chunk, samples: chunk.samples.subarray(0, length) });
    startMs += durationMs(chunk);
  }
  return kept;
}
