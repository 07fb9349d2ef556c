import type { ConversationItem } from '../conversation/item.ts';
import type { ResponseOptions, SessionConfig } from './session-config.ts';

/** What a client asks of its session. `eventId` is the client's own, for errors that the command causes. */
export type SessionCommand = { readonly eventId: string | undefined } & (
  | { readonly type: 'session-update'; readonly changes: Partial<SessionConfig> }
  /** Bytes in the session's input format. */
  | { readonly type: 'audio-append'; readonly bytes: Uint8Array }
  | { readonly type: 'audio-commit' }
  | { readonly type: 'audio-clear' }
  | {
      readonly type: 'item-create';
      /** With an empty id, the session gives it one. */
      readonly item: ConversationItem;
      /** The item to stand behind; `root` for the front, `undefined` for the end. */
      readonly after: string | undefined;
    }
  | { readonly type: 'item-retrieve'; readonly itemId: string }
  | {
      readonly type: 'item-truncate';
      readonly itemId: string;
      readonly contentIndex: number;
      readonly audioEndMs: number;
    }
  | { readonly type: 'item-delete'; readonly itemId: string }
  | { readonly type: 'response-create'; readonly options: ResponseOptions }
  | { readonly type: 'response-cancel'; readonly responseId: string | undefined }
);
