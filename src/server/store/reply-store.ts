export interface AudioReply {
  /** The `audio.id` that a later request may refer to. */
  readonly id: string;
  /** Stands for the key or tenant that asked; nobody else finds the reply. */
  readonly owner: string;
  readonly transcript: string;
  /** Of `audio`, as the API names it: `wav`, `pcm16`, … */
  readonly format: string;
  /** Unix seconds. */
  readonly expiresAt: number;
  readonly audio?: Uint8Array;
}

export type StoredAudio = Omit<AudioReply, 'audio'>;

/** What was said, for as long as the API lets a client refer to it by id. Unknown, expired and foreign are alike. */
export interface ReplyStore {
  /** A reply of the same id and owner is replaced. The oldest replies make room when the store is full. */
  saveAudio(reply: AudioReply): Promise<void>;
  findAudio(id: string, owner: string): Promise<StoredAudio | undefined>;
  /** The file as it was saved; undefined also for a reply that was saved without it. */
  readAudio(id: string, owner: string): Promise<Uint8Array | undefined>;
}
