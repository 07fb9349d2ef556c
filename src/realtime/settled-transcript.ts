/** The words of a turn that will not change any more: its text only ever grows at its end. */
export class SettledTranscript {
  /** The utterances that have ended. */
  #ended = '';
  /** What has settled of the current one. */
  #current = '';

  get text(): string {
    return [this.#ended, this.#current].filter((part) => part !== '').join(' ');
  }

  /** The part of the current utterance that has settled. */
  settle(settled: string): void {
    // An engine that breaks its promise can not take back what a client has read.
    if (settled.startsWith(this.#current)) this.#current = settled;
  }

  /** The current utterance as it will stay; the next is behind a space. */
  end(utterance: string): void {
    this.settle(utterance);
    this.#ended = this.text;
    this.#current = '';
  }
}
