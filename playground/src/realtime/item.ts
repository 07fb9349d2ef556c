/** Something of a conversation as the page shows it. */
export type Item = MessageItem | CallItem;

export interface MessageItem {
  readonly type: 'message';
  readonly id: string;
  readonly role: 'user' | 'assistant' | 'system';
  readonly text: string;
  /** From here on it was never heard; `undefined` where it was not cut. */
  readonly cutAt: number | undefined;
  readonly isSpoken: boolean;
  /** Speech of the user's stays `unwritten` where the session has no transcription. */
  readonly state: 'listening' | 'transcribing' | 'unwritten' | 'speaking' | 'done';
  /** Why there is no transcript. */
  readonly fault: string | undefined;
  /** Where in the speech its words stand, as they came. */
  readonly marks: readonly TextMark[];
  /** How much speech came of it. */
  readonly audioMs: number;
}

/** `textLength` characters had come when the speech before `audioMs` had come. */
export interface TextMark {
  readonly textLength: number;
  readonly audioMs: number;
}

export interface CallItem {
  readonly type: 'call';
  readonly id: string;
  readonly callId: string;
  readonly name: string;
  readonly arguments: string;
  /** `undefined` until the page has answered. */
  readonly output: string | undefined;
  readonly isComplete: boolean;
}

export function newMessage(id: string, role: MessageItem['role']): MessageItem {
  return {
    type: 'message',
    id,
    role,
    text: '',
    cutAt: undefined,
    isSpoken: false,
    state: role === 'assistant' ? 'speaking' : 'done',
    fault: undefined,
    marks: [],
    audioMs: 0,
  };
}
