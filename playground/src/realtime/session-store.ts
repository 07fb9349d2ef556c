import { withoutAudio } from './event-log.ts';
import type { EventRecord, SessionRecord } from './record.ts';
import { IDLE_SESSION, record, type SessionState } from './session-state.ts';

/** Events that are kept for export; beyond them the oldest go. */
const KEPT_RECORDS = 20_000;

/** Holds a session's state for React: changes at once, and tells who looks at most once a frame. */
export class SessionStore {
  #state: SessionState = IDLE_SESSION;
  #shown: SessionState = IDLE_SESSION;
  #records: EventRecord[] = [];
  readonly #listeners = new Set<() => void>();
  #isTelling = false;

  get state(): SessionState {
    return this.#state;
  }

  /** Every event by itself, its audio left out. */
  get records(): readonly EventRecord[] {
    return this.#records;
  }

  set(change: Partial<SessionState>): void {
    this.#state = { ...this.#state, ...change };
    this.#tell();
  }

  record(happened: SessionRecord): void {
    this.#state = record(this.#state, happened);
    if (happened.direction !== 'loudspeaker') {
      this.#records.push(withoutAudio(happened));
      if (this.#records.length > KEPT_RECORDS) this.#records.shift();
    }
    this.#tell();
  }

  /** Begins anew with another session. */
  reset(change: Partial<SessionState>): void {
    this.#records = [];
    this.#state = { ...IDLE_SESSION, ...change };
    this.#tell();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** What `useSyncExternalStore` reads; stays the same object between frames. */
  readonly snapshot = (): SessionState => this.#shown;

  #tell(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    requestAnimationFrame(() => {
      this.#isTelling = false;
      this.#shown = this.#state;
      for (const listener of this.#listeners) listener();
    });
  }
}
