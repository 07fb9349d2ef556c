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
}
