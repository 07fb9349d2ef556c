import type { ConversationItem } from './item.ts';

/** An immutable list of items. A response reads the one it was started with, whatever happens next. */
export class Conversation {
  static readonly empty = new Conversation([]);
  readonly items: readonly ConversationItem[];

  private constructor(items: readonly ConversationItem[]) {
    this.items = items;
  }

  static of(items: readonly ConversationItem[]): Conversation {
    return new Conversation(items);
  }

  find(id: string): ConversationItem | undefined {
    return this.items.find((item) => item.id === id);
  }

  /** The id of the item before `id`, or of the last where there is no such item; `null` for none. */
  previousOf(id: string): string | null {
    const index = this.items.findIndex((item) => item.id === id);
    return this.items.at(index < 0 ? -1 : index - this.items.length - 1)?.id ?? null;
  }

  /** Behind the item `after`; `root` is the front, `undefined` the end. `undefined` when there is no such item. */
  insert(item: ConversationItem, after?: string): Conversation | undefined {
    const index = this.#indexBehind(after);
    return index < 0 ? undefined : new Conversation(this.items.toSpliced(index, 0, item));
  }

  /** Puts `item` in the place of the one that has its id; without one, nothing changes. */
  replace(item: ConversationItem): Conversation {
    return new Conversation(this.items.map((present) => (present.id === item.id ? item : present)));
  }

  remove(id: string): Conversation {
    return new Conversation(this.items.filter((item) => item.id !== id));
  }

  #indexBehind(after: string | undefined): number {
    if (after === undefined) return this.items.length;
    if (after === 'root') return 0;
    const index = this.items.findIndex((item) => item.id === after);
    return index < 0 ? -1 : index + 1;
  }
}
