import type { IncomingMessage } from 'node:http';
import { type Clock, pause, systemClock } from '../../util/clock.ts';
import { EngineError } from '../../util/errors.ts';
import { ConnectionError, openRequest, readText } from './http-request.ts';
import { Refusal, type RefusedAnswer } from './refusal.ts';

/** Where a server with an OpenAI-compatible API is, and how long it may take. */
export interface UpstreamOptions {
  /** With its version: `http://127.0.0.1:11434/v1`. A query, such as `?api-version=…`, is sent along. */
  readonly baseUrl: string;
  readonly apiKey?: string | undefined;
  readonly model: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly timeouts?: Partial<UpstreamTimeouts> | undefined;
  readonly clock?: Clock | undefined;
}

export interface UpstreamTimeouts {
  /** To reach the server. Default 10 s. */
  readonly connectMs: number;
  /** From the request to the first token or byte; a model may have to be loaded first. Default 120 s. */
  readonly firstTokenMs: number;
  /** From one token or byte to the next. Default 30 s. */
  readonly betweenTokensMs: number;
}

export interface UpstreamRequest {
  readonly path: string;
  readonly contentType: string;
  readonly body: string | Uint8Array;
  readonly signal: AbortSignal;
}

const RETRY_AFTER_MS = [250, 1_000];
/** A server that asks for a longer wait than this is busy, and the caller hears so. */
const LONGEST_WAIT_MS = 10_000;
/** Base64 that a server repeats in an error: somebody's voice. */
const AUDIO = /[A-Za-z0-9+/=]{128,}/g;
const LONGEST_ERROR_BODY = 64 * 1024;
const PASSING_FAULTS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EAI_AGAIN',
]);

/** One server, spoken to with one key. No error that it throws repeats the key. */
export class Upstream {
  readonly engine: string;
  /** The base URL without a user name, password and query, for messages. */
  readonly address: string;
  readonly clock: Clock;
  readonly timeouts: UpstreamTimeouts;
  readonly #base: URL;
  /** What every request has to carry; the key is among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly #secrets: readonly string[];

  constructor(engine: string, options: UpstreamOptions) {
    this.engine = engine;
    this.#base = parseBase(engine, options.baseUrl);
    this.address = this.#base.origin + this.#base.pathname.replace(/\/$/, '');
    this.clock = options.clock ?? systemClock;
    this.timeouts = {
      connectMs: 10_000,
      firstTokenMs: 120_000,
      betweenTokensMs: 30_000,
      ...options.timeouts,
    };
    const authorization = options.apiKey ? { authorization: `Bearer ${options.apiKey}` } : {};
    this.headers = { ...authorization, ...options.headers };
    const values = [options.apiKey ?? '', this.#base.password, ...Object.values(options.headers ?? {})];
    this.#secrets = values.filter((value) => value.length >= 4);
  }

  /**
   * Posts `request` and resolves with a successful answer whose body has not been read. A server that can
   * not be reached or is busy is asked again twice, after the time it names.
   * @throws {EngineError} and the signal's reason when aborted.
   */
  async post(request: UpstreamRequest): Promise<IncomingMessage> {
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await this.#attempt(request);
      if (!('waitMs' in outcome)) return outcome;
      const waitMs = outcome.waitMs ?? RETRY_AFTER_MS[attempt];
      if (attempt >= RETRY_AFTER_MS.length || waitMs === undefined || waitMs > LONGEST_WAIT_MS)
        throw outcome.error;
      await pause(waitMs, { clock: this.clock, signal: request.signal });
    }
  }

  failed(message: string, cause?: unknown): EngineError {
    return new EngineError(this.engine, 'failed', `${this.address} ${this.#clean(message)}`, cause);
  }

  silent(ms: number): EngineError {
    return new EngineError(this.engine, 'unavailable', `${this.address} did not answer for ${ms / 1_000} s.`);
  }

  /** Why an answer that is no success is none; reads its body. */
  async refusal(answer: IncomingMessage): Promise<Refusal> {
    const body = await readText(answer, LONGEST_ERROR_BODY).catch(() => '');
    const waitMs = retryAfterMs(answer.headers['retry-after'], this.clock.now());
    const retryAfterSeconds = waitMs === undefined ? undefined : Math.ceil(waitMs / 1_000);
    return this.refusalOf({ status: answer.statusCode ?? 0, body, retryAfterSeconds });
  }

  refusalOf(answer: Pick<RefusedAnswer, 'status' | 'body' | 'retryAfterSeconds'>): Refusal {
    const redact = (text: string): string => this.#clean(text);
    return new Refusal(this.engine, { ...answer, address: this.address, redact });
  }

  /** Where a WebSocket is to be opened. */
  socketUrl(path: string, query: Readonly<Record<string, string>>): URL {
    const url = this.#urlOf(path);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url;
  }

  /** `text` without the key and whatever else is secret. */
  redact(text: string): string {
    return this.#secrets.reduce((clean, secret) => clean.replaceAll(secret, '***'), text);
  }

  #urlOf(path: string): URL {
    const url = new URL(this.#base);
    url.pathname = url.pathname.replace(/\/$/, '') + path;
    return url;
  }

  async #attempt(request: UpstreamRequest): Promise<IncomingMessage | Setback> {
    try {
      const answer = await openRequest(this.#urlOf(request.path), {
        method: 'POST',
        headers: { accept: '*/*', ...this.headers, 'content-type': request.contentType },
        body: request.body,
        connectMs: this.timeouts.connectMs,
        signal: request.signal,
      });
      return answer.statusCode === 200 ? answer : await this.#refused(answer, request.signal);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      const unavailable = this.unreachable(error);
      if (!PASSING_FAULTS.has(error.code)) throw unavailable;
      return { error: unavailable, waitMs: undefined };
    }
  }

  async #refused(answer: IncomingMessage, signal: AbortSignal): Promise<Setback> {
    const error = await this.refusal(answer);
    signal.throwIfAborted();
    if (error.reason !== 'busy') throw error;
    const { retryAfterSeconds } = error;
    return { error, waitMs: retryAfterSeconds === undefined ? undefined : retryAfterSeconds * 1_000 };
  }

  unreachable(cause: ConnectionError): EngineError {
    const message = `Nothing answers at ${this.address} (${cause.code}). Check that the server runs and that the base URL is right.`;
    return new EngineError(this.engine, 'unavailable', this.#clean(message), cause);
  }

  #clean(text: string): string {
    return this.redact(text).replace(AUDIO, '…');
  }
}

/** An answer after which the same request may be sent again. */
interface Setback {
  readonly error: EngineError;
  /** What the server asked for, if it did. */
  readonly waitMs: number | undefined;
}

function parseBase(engine: string, baseUrl: string): URL {
  const url = URL.parse(baseUrl);
  if (url && /^https?:$/.test(url.protocol)) return url;
  const message = 'The base URL is not an http or https address. Write it like http://127.0.0.1:11434/v1.';
  throw new EngineError(engine, 'unavailable', message);
}

/** RFC 9110 10.2.3: seconds, or a date. */
function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
