import type { GenerateEvent } from '../engine/language-model.ts';
import type { ResponseEvent } from './responder.ts';
import { ToolCallItems } from './tool-call-items.ts';
import { toResponseUsage } from './usage.ts';

/** Tells a reply in text while it is being written: a run of text becomes a message, each tool call an item. */
export class WrittenReply {
  readonly #newId: (prefix: string) => string;
  readonly #heardMs: number;
  readonly #calls: ToolCallItems;
  #message: { readonly id: string; text: string } | undefined;
  #isEmpty = true;

  constructor(newId: (prefix: string) => string, heardMs: number) {
    this.#newId = newId;
    this.#heardMs = heardMs;
    this.#calls = new ToolCallItems(newId);
  }

  /** What `event` of the model means in the reply. */
  tell(event: GenerateEvent): readonly ResponseEvent[] {
    const events: ResponseEvent[] = [];
    if (event.type === 'text-delta') {
      this.#write(event.delta, events);
    } else if (event.type === 'finish') {
      // A reply has at least one item, so that a client that waits for one gets it.
      if (this.#isEmpty) this.#begin(events);
      this.#end(events);
      const usage = toResponseUsage(event.usage, { heardMs: this.#heardMs, spokenMs: 0 });
      events.push({ type: 'finish', reason: event.reason, usage });
    } else {
      this.#end(events);
      this.#isEmpty = false;
      const told = this.#calls.tell(event);
      if (told) events.push(told);
    }
    return events;
  }

  #write(delta: string, events: ResponseEvent[]): void {
    const message = this.#message ?? this.#begin(events);
    message.text += delta;
    events.push({ type: 'text-delta', itemId: message.id, delta });
  }

  #begin(events: ResponseEvent[]): { readonly id: string; text: string } {
    const id = this.#newId('item_');
    this.#isEmpty = false;
    this.#message = { id, text: '' };
    events.push({ type: 'item-start', item: { kind: 'message', id, modality: 'text' } });
    return this.#message;
  }

  #end(events: ResponseEvent[]): void {
    if (!this.#message) return;
    const { id, text } = this.#message;
    this.#message = undefined;
    const content = [{ kind: 'text', text } as const];
    events.push({
      type: 'item-end',
      item: { kind: 'message', id, role: 'assistant', status: 'completed', content },
    });
  }
}
