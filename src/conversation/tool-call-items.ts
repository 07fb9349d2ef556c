import type { GenerateEvent } from '../engine/language-model.ts';
import type { ResponseEvent } from './responder.ts';

export type ToolEvent = Extract<
  GenerateEvent,
  { readonly type: 'tool-call-start' | 'tool-call-delta' | 'tool-call-end' }
>;

/** Tells each tool call of a language model as an item of the reply. */
export class ToolCallItems {
  readonly #newId: (prefix: string) => string;
  readonly #open = new Map<string, { readonly id: string; readonly name: string; text: string }>();

  constructor(newId: (prefix: string) => string) {
    this.#newId = newId;
  }

  /** `undefined` for what belongs to no call that is open. */
  tell(event: ToolEvent): ResponseEvent | undefined {
    const { callId } = event;
    if (event.type === 'tool-call-start') {
      const id = this.#newId('item_');
      this.#open.set(callId, { id, name: event.name, text: '' });
      return { type: 'item-start', item: { kind: 'function-call', id, callId, name: event.name } };
    }
    const call = this.#open.get(callId);
    if (!call) return undefined;
    const { id, name } = call;
    if (event.type === 'tool-call-delta') {
      call.text += event.delta;
      return { type: 'arguments-delta', itemId: id, callId, delta: event.delta };
    }
    this.#open.delete(callId);
    return {
      type: 'item-end',
      item: { kind: 'function-call', id, status: 'completed', callId, name, arguments: call.text },
    };
  }
}
