import { toError } from '../components/to-error.ts';
import { ask } from './ask.ts';
import { toChatRequest } from './chat-request.ts';
import { type ChatSettings, FIRST_SETTINGS } from './chat-settings.ts';
import { type ConversationEvent, type Draft, lastDraft, nextTurns, type ToolAnswer } from './conversation.ts';
import { StreamedVoice } from './streamed-voice.ts';
import type { Turn } from './turn.ts';

export interface ChatState {
  readonly turns: readonly Turn[];
  readonly settings: ChatSettings;
  /** Whether answers are heard as they come. */
  readonly isHeard: boolean;
  /** Whether one is heard now. */
  readonly isSpeaking: boolean;
}

const EMPTY: ChatState = { turns: [], settings: FIRST_SETTINGS, isHeard: true, isSpeaking: false };

/** The conversation of the tab, which outlives the page that shows it, and the one answer that is being made. */
export class ChatStore {
  #state = EMPTY;
  #secret: string | undefined;
  #running: AbortController | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #voice = new StreamedVoice((isSpeaking) => {
    if (isSpeaking !== this.#state.isSpeaking) this.#change({ isSpeaking });
  });

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): ChatState => this.#state;

  /** Whose conversation it is; another person's begins empty. */
  belongTo(secret: string | undefined): void {
    if (this.#secret !== undefined && secret !== this.#secret) this.clear();
    this.#secret = secret;
  }

  choose(settings: Partial<ChatSettings>): void {
    this.#change({ settings: { ...this.#state.settings, ...settings } });
  }

  hear(isHeard: boolean): void {
    this.#change({ isHeard });
    if (!isHeard) void this.#voice.silence();
  }

  async say(draft: Draft): Promise<void> {
    this.#tell({ type: 'said', draft });
    await this.#ask();
  }

  async answerTools(answers: readonly ToolAnswer[]): Promise<void> {
    this.#tell({ type: 'tools-answered', answers });
    await this.#ask();
  }

  /** Asks for the last answer again. */
  async retry(): Promise<void> {
    this.#tell({ type: 'discarded' });
    await this.#ask();
  }

  /** Asks again with the words of earlier answers in the place of their audio. */
  async retryInWords(): Promise<void> {
    this.#tell({ type: 'forgotten' });
    await this.retry();
  }

  /** Stops the answer that is being made or heard; what came of it stays. */
  stop(): void {
    this.#running?.abort();
    this.silence();
  }

  silence(): void {
    void this.#voice.silence();
  }

  /** Takes the last message of the user out of the conversation, to be changed. */
  takeBack(): Draft | undefined {
    this.#abandon();
    const draft = lastDraft(this.#state.turns);
    this.#tell({ type: 'taken-back' });
    return draft;
  }

  /** Begins anew. */
  clear(): void {
    this.#abandon();
    this.#tell({ type: 'begun' });
  }

  /** What an abandoned answer still says belongs to no turn. */
  #abandon(): void {
    this.stop();
    this.#running = undefined;
  }

  async #ask(): Promise<void> {
    this.#abandon();
    const running = new AbortController();
    this.#running = running;
    const { signal } = running;
    const { settings, turns, isHeard } = this.#state;
    const request = toChatRequest(settings, turns, Date.now() / 1000);
    this.#tell({ type: 'asked' });
    if (isHeard) this.#voice.open();
    const onSamples = (samples: Int16Array<ArrayBuffer>): void => {
      if (this.#state.isHeard && !signal.aborted) void this.#voice.say(samples);
    };
    const tell = (event: ConversationEvent): void => {
      if (this.#running === running) this.#tell(event);
    };
    try {
      for await (const change of ask(request, { secret: this.#secret, signal, onSamples })) {
        tell({ type: 'answered', change });
      }
      tell({ type: 'ended', status: 'done' });
    } catch (error) {
      if (signal.aborted) tell({ type: 'ended', status: 'stopped' });
      else tell({ type: 'failed', error: toError(error) });
    }
  }

  #tell(event: ConversationEvent): void {
    this.#change({ turns: nextTurns(this.#state.turns, event) });
  }

  #change(change: Partial<ChatState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
