import { excerpt } from './excerpt.ts';

/**
 * Something the client should know of: its own fault, or a limit it has met. The only error whose message
 * crosses the wire. `kind` names a row of the error table in `wire/errors.ts`.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly kind: ApiErrorKind;
  readonly param: string | null;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    kind: ApiErrorKind,
    message: string,
    options: { readonly param?: string; readonly retryAfterSeconds?: number; readonly cause?: unknown } = {},
  ) {
    super(excerpt(message, LONGEST_MESSAGE), { cause: options.cause });
    this.kind = kind;
    this.param = options.param === undefined ? null : excerpt(options.param, LONGEST_PARAM);
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** Both quote what clients sent, and go into logs and terminals as well. */
const LONGEST_MESSAGE = 1000;
const LONGEST_PARAM = 200;

export type ApiErrorKind =
  | 'invalid-json'
  | 'invalid-value'
  | 'invalid-type'
  | 'missing-parameter'
  | 'unknown-parameter'
  | 'unsupported-value'
  | 'context-too-long'
  | 'unsupported-parameter'
  | 'out-of-range'
  | 'audio-not-found'
  | 'completion-not-found'
  | 'body-too-large'
  | 'file-too-large'
  | 'unsupported-media-type'
  | 'missing-key'
  | 'wrong-key'
  | 'wrong-token'
  | 'forbidden'
  | 'deployment-not-found'
  | 'operation-not-supported'
  | 'resource-not-found'
  | 'method-not-allowed'
  | ManagementErrorKind
  | 'request-timeout'
  | 'too-many-requests'
  | 'overloaded'
  | 'engine-unavailable'
  | 'engine-failed';

/** What only who manages deployments can meet. */
export type ManagementErrorKind =
  | 'missing-api-version'
  | 'invalid-api-version'
  | 'conflict'
  | 'resource-not-empty'
  | 'precondition-failed';

/**
 * An engine could not do its work. Stays inside: the edge logs it with its cause and answers with an
 * `ApiError`, taking over `message` only when the reason is one that the operator can mend.
 */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly engine: string;
  readonly reason: EngineErrorReason;

  constructor(engine: string, reason: EngineErrorReason, message: string, cause?: unknown) {
    super(message, { cause });
    this.engine = engine;
    this.reason = reason;
  }
}

/**
 * The work was cut off, or not begun, because what does it has ended and is being started again. It says nothing
 * about the request: the same one is likely to succeed after `retryAfterSeconds`.
 */
export class EngineInterruption extends EngineError {
  readonly retryAfterSeconds: number;

  constructor(engine: string, options: { readonly retryAfterSeconds?: number; readonly cause: unknown }) {
    const { retryAfterSeconds = 1, cause } = options;
    const message = `${engine} broke off and is being started again. Please retry in ${retryAfterSeconds} s.`;
    super(engine, 'unavailable', message, cause);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A server that does an engine's work refused to. No secret stands in its message, which clients are told. */
export class UpstreamRefusal extends EngineError {
  readonly status: number;
  /** How long that server asked to wait, if it did. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    engine: string,
    reason: EngineErrorReason,
    refusal: {
      readonly message: string;
      readonly status: number;
      readonly retryAfterSeconds?: number | undefined;
    },
  ) {
    super(engine, reason, refusal.message);
    this.status = refusal.status;
    this.retryAfterSeconds = refusal.retryAfterSeconds;
  }
}

/**
 * - `busy`: its queue is full; the same request may succeed later.
 * - `unavailable`: it is not installed or not reachable; the message says what to do.
 * - `unsupported`: it can not do what was asked, such as speak a language.
 * - `too-long`: the conversation does not fit into what the model can take in.
 * - `failed`: it broke during the work.
 */
export type EngineErrorReason = 'busy' | 'unavailable' | 'unsupported' | 'too-long' | 'failed';
