import type { ContentPart, ConversationItem } from '../conversation/item.ts';
import type { ResponseUsage } from '../conversation/responder.ts';
import type { ResponseOptions, SessionConfig, WireAudioFormat } from './session-config.ts';
import type { TraceEvent } from './session-trace.ts';

/** Everything that a session tells its client, in the words of no dialect. */
export type SessionEvent = Exclude<ControlEvent, { type: 'response-progress' }> | ResponseProgress;

/** Told ahead of what a response still has to say. */
export type ControlEvent =
  | { readonly type: 'session-start'; readonly session: SessionSnapshot }
  | { readonly type: 'session-updated'; readonly session: SessionSnapshot }
  | { readonly type: 'audio-committed'; readonly itemId: string; readonly previousItemId: string | null }
  | { readonly type: 'audio-cleared' }
  /** Times count the audio of the session from its first sample. */
  | { readonly type: 'speech-start'; readonly itemId: string; readonly atMs: number }
  | { readonly type: 'speech-end'; readonly itemId: string; readonly atMs: number }
  | {
      readonly type: 'idle-timeout';
      readonly itemId: string;
      readonly startMs: number;
      readonly endMs: number;
    }
  | {
      readonly type: 'item-added';
      readonly item: ConversationItem;
      readonly previousItemId: string | null;
    }
  /** Telephone audio has 8,000 samples a second whatever its law: `inputFormat` says which the client speaks. */
  | {
      readonly type: 'item-retrieved';
      readonly item: ConversationItem;
      readonly inputFormat: WireAudioFormat;
    }
  | {
      readonly type: 'item-truncated';
      readonly itemId: string;
      readonly contentIndex: number;
      readonly audioEndMs: number;
    }
  | { readonly type: 'item-deleted'; readonly itemId: string }
  | { readonly type: 'transcription-delta'; readonly itemId: string; readonly delta: string }
  | {
      readonly type: 'transcription-end';
      readonly itemId: string;
      readonly transcript: string;
      readonly audioMs: number;
    }
  | { readonly type: 'transcription-failed'; readonly itemId: string; readonly message: string }
  | { readonly type: 'response-start'; readonly response: ResponseSnapshot }
  /** The end of what a response had begun, when it is cut: it does not wait behind anything. */
  | { readonly type: 'response-progress'; readonly progress: ResponseProgress }
  | { readonly type: 'response-end'; readonly response: ResponseSnapshot }
  | { readonly type: 'problem'; readonly problem: SessionProblem }
  | TraceEvent;

/** What a response says, each in its place: output index is the item's in its response. */
export type ResponseProgress = { readonly responseId: string } & (
  | {
      readonly type: 'output-item-start';
      readonly item: OutputItem;
      readonly outputIndex: number;
      /** Known when it is told; `undefined` out of band, where no item joins the conversation. */
      readonly previousItemId: string | null | undefined;
    }
  | ({ readonly type: 'output-part-start'; readonly part: 'text' | 'audio' } & OutputPlace)
  | ({ readonly type: 'output-text-delta'; readonly delta: string } & OutputPlace)
  | ({ readonly type: 'output-transcript-delta'; readonly delta: string } & OutputPlace)
  | ({ readonly type: 'output-audio-delta'; readonly audio: WireAudio } & OutputPlace)
  | ({
      readonly type: 'output-part-end';
      readonly part: 'text' | 'audio';
      readonly text: string;
    } & OutputPlace)
  | ({
      readonly type: 'output-arguments-delta';
      readonly callId: string;
      readonly delta: string;
    } & OutputPlace)
  | ({
      readonly type: 'output-arguments-end';
      readonly callId: string;
      readonly name: string;
      readonly arguments: string;
    } & OutputPlace)
  | {
      readonly type: 'output-item-end';
      readonly item: OutputItem;
      readonly outputIndex: number;
      readonly previousItemId: string | null | undefined;
    }
);

export interface OutputPlace {
  readonly itemId: string;
  readonly outputIndex: number;
}

/** Speech in the response's format, and the same at 24 kHz for who remembers it. */
export interface WireAudio {
  readonly bytes: Uint8Array;
  readonly samples: Int16Array;
  readonly durationMs: number;
}

/** An item of a response, as far as it has been told. */
export type OutputItem =
  | {
      readonly kind: 'message';
      readonly id: string;
      readonly status: OutputStatus;
      readonly content: readonly OutputPart[];
    }
  | {
      readonly kind: 'function-call';
      readonly id: string;
      readonly status: OutputStatus;
      readonly callId: string;
      readonly name: string;
      readonly arguments: string;
    };

export type OutputStatus = 'in-progress' | 'completed' | 'incomplete';

/** What a client reads of a part: its text, or the transcript of its speech. */
export interface OutputPart {
  readonly kind: ContentPart['kind'];
  readonly text: string;
}

export interface SessionSnapshot {
  readonly id: string;
  readonly model: string;
  /** Unix seconds. */
  readonly expiresAt: number;
  readonly config: SessionConfig;
}

export interface ResponseSnapshot {
  readonly id: string;
  /** `null` out of band. */
  readonly conversationId: string | null;
  readonly status: ResponseStatus;
  readonly output: readonly OutputItem[];
  readonly usage: ResponseUsage | undefined;
  readonly config: SessionConfig;
  readonly metadata: ResponseOptions['metadata'];
}

export type ResponseStatus =
  | { readonly type: 'in-progress' }
  | { readonly type: 'completed' }
  | { readonly type: 'cancelled'; readonly reason: CancelReason }
  | { readonly type: 'incomplete'; readonly reason: 'max-output-tokens' | 'content-filter' }
  | { readonly type: 'failed'; readonly code: string; readonly message: string };

export type CancelReason = 'turn-detected' | 'client-cancelled';

/** What a client has to know and can go on after. */
export interface SessionProblem {
  readonly code: ProblemCode;
  readonly message: string;
  readonly param: string | null;
  /** The client's own id of the event that caused it. */
  readonly eventId: string | null;
}

/** Codes as they were seen from the services (contract 2.6). */
export type ProblemCode =
  | 'input_audio_buffer_commit_empty'
  | 'conversation_already_has_active_response'
  | 'response_cancel_not_active'
  | 'item_delete_invalid_item_id'
  | 'item_retrieve_invalid_item_id'
  | 'item_truncate_invalid_item_id'
  | 'item_create_invalid_previous_item_id'
  | 'item_create_invalid_item_id'
  | 'invalid_value'
  | 'invalid_type'
  | 'integer_below_min_value'
  | 'integer_above_max_value'
  | 'decimal_below_min_value'
  | 'decimal_above_max_value'
  | 'string_above_max_length'
  | 'array_above_max_length'
  | 'invalid_json'
  | 'invalid_event'
  | 'invalid_base64'
  | 'missing_required_parameter'
  | 'unknown_parameter'
  | 'unsupported_content_type'
  | 'unsupported_parameter'
  | 'cannot_update_voice'
  | 'session_expired'
  | 'rate_limit_exceeded'
  | 'server_error';
