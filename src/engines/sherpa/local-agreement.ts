/**
 * What of an utterance is safe to show while it is being spoken: the words with which the last two hypotheses both
 * begin, by the policy LocalAgreement-2 of Macháček, Dabre and Bojar, "Turning Whisper into Real-Time Transcription
 * System" (2023). Of a first hypothesis, all but its last word, which may be cut off.
 */
export class LocalAgreement {
  #before: readonly string[] | undefined;

  /** Takes the next hypothesis of the same utterance and tells the words that are agreed on. */
  agree(hypothesis: string): string {
    const words = hypothesis.split(/\s+/).filter((word) => word !== '');
    const before = this.#before ?? words.slice(0, -1);
    this.#before = words;
    const differsAt = words.findIndex((word, index) => word !== before[index]);
    return words.slice(0, differsAt < 0 ? words.length : differsAt).join(' ');
  }
}
