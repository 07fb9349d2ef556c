import { useSyncExternalStore } from 'react';
import { type ChatState, ChatStore } from '../../chat/chat-store.ts';

/** One for the tab, so that a conversation outlasts a look at another page. */
const store = new ChatStore();

export function useChat(): { readonly store: ChatStore; readonly state: ChatState } {
  return { store, state: useSyncExternalStore(store.subscribe, store.state) };
}
