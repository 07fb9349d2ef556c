import { openPlayer, type Player } from '../audio/player.ts';

/** The name of the one item that is spoken at a time. */
const ANSWER = 'answer';

/** Speaks streamed answers while they come, one after the other. */
export class StreamedVoice {
  readonly #onSpeaking: (isSpeaking: boolean) => void;
  #opening: Promise<Player> | undefined;
  /** Counts the silences, so that what was said before one is not heard after it. */
  #generation = 0;

  constructor(onSpeaking: (isSpeaking: boolean) => void) {
    this.#onSpeaking = onSpeaking;
  }

  /** Opens the loudspeaker; browsers let it sound only in answer to a click or a key. */
  open(): void {
    this.#opening ??= openPlayer({ onDrained: () => this.#onSpeaking(false) });
    // A page without a loudspeaker still has the words, and the player at the end.
    this.#opening.catch(() => {});
  }

  /** 24 kHz mono. */
  async say(samples: Int16Array<ArrayBuffer>): Promise<void> {
    const generation = this.#generation;
    const player = await this.#opening?.catch(() => undefined);
    if (!player || generation !== this.#generation) return;
    player.append(ANSWER, samples);
    this.#onSpeaking(true);
  }

  async silence(): Promise<void> {
    this.#generation += 1;
    const player = await this.#opening?.catch(() => undefined);
    await player?.stop();
    this.#onSpeaking(false);
  }
}
