import type { TokenSequence } from './llama-runtime.ts';

/** A sequence that is in nobody's hands, and the moment it was given back. */
interface Idle {
  readonly sequence: TokenSequence;
  readonly since: number;
}

/** How much of what a sequence holds a prompt must begin with to be taken for the same conversation. */
const SAME_CONVERSATION = 0.5;

/**
 * The sequences of a context, each of which keeps what the model has read last, so that the next turn of a
 * conversation costs its new words alone. A prompt that only begins like another conversation, with the same
 * instructions, does not take that one's place: it gets the sequence that has been idle for longest.
 */
export class SequenceCache {
  #idle: Idle[];
  #clock = 0;

  constructor(sequences: readonly TokenSequence[]) {
    this.#idle = sequences.map((sequence) => ({ sequence, since: 0 }));
  }

  /** Takes the sequence in which most of `prompt` need not be read again; `undefined` when none is idle. */
  take(prompt: readonly number[]): TokenSequence | undefined {
    const chosen = this.#sameConversation(prompt) ?? this.#idle.toSorted((a, b) => a.since - b.since)[0];
    this.#idle = this.#idle.filter((idle) => idle !== chosen);
    return chosen?.sequence;
  }

  giveBack(sequence: TokenSequence): void {
    this.#clock += 1;
    this.#idle.push({ sequence, since: this.#clock });
  }

  #sameConversation(prompt: readonly number[]): Idle | undefined {
    let best: { readonly idle: Idle; readonly shared: number } | undefined;
    for (const idle of this.#idle) {
      const held = idle.sequence.contextTokens;
      const shared = sharedTokens(held, prompt);
      if (shared > (best?.shared ?? 0) && shared >= held.length * SAME_CONVERSATION) best = { idle, shared };
    }
    return best?.idle;
  }
}

function sharedTokens(held: readonly number[], prompt: readonly number[]): number {
  const different = held.findIndex((token, index) => token !== prompt[index]);
  return different < 0 ? held.length : different;
}
