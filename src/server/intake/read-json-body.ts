import { IncomingMessage } from 'node:http';
import { OVER } from '../../util/abort.ts';
import { type Clock, systemClock } from '../../util/clock.ts';
import { ApiError, EngineError } from '../../util/errors.ts';
import { JobPool } from '../../util/jobs/job-pool.ts';
import { besideModule, threadSpawner } from '../../util/jobs/job-port.ts';
import { BLOCK_BYTES, type BodySource, readBlocks, refuseByHeaders } from './bounded-body.ts';
import type { IntakeLimits } from './intake-limits.ts';
import type { ParseOutcome } from './json-body-worker.ts';
import { parseJsonBody } from './parse-json-body.ts';

export interface ReadJsonBodyOptions {
  readonly limits: IntakeLimits;
  /** From `jsonBodyPool`. */
  readonly pool: JobPool;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}

/**
 * The threads that parse large bodies. A body is gathered in its thread while it arrives, so a place is
 * taken for as long as a client sends, and `workers × 16` large bodies are in memory at most; further ones
 * wait unread.
 */
export function jsonBodyPool(
  options: { readonly workers?: number; readonly waiting?: number } = {},
): JobPool {
  return new JobPool({
    name: 'the request parser',
    spawn: threadSpawner(besideModule('./json-body-worker', import.meta.url)),
    workers: options.workers ?? 2,
    jobsPerWorker: 16,
    waiting: options.waiting ?? 64,
    // A cancelled job may stand behind others that parse for a tenth of a second each.
    cancelGraceMs: 30_000,
  });
}

/**
 * Reads a request's JSON, a small body on the loop and a large one in a worker thread. Each base64
 * `input_audio.data` of its `messages` arrives as a `Uint8Array`.
 *
 * A refused body is not read to its end: answer with `connection: close`, or the rest of it will be taken
 * for the next request.
 * @throws {ApiError} `body-too-large`, `unsupported-media-type`, `invalid-json`, `file-too-large`,
 * `request-timeout`, `overloaded`; rejects with an `AbortError` when the client goes away, and with the
 * signal's reason when that is aborted.
 */
export async function readJsonBody(source: BodySource, options: ReadJsonBodyOptions): Promise<unknown> {
  const { limits, clock = systemClock } = options;
  if (isSmall(source)) {
    refuseByHeaders(source.headers, limits.bodyBytes);
    return parseJsonBody(await gatherSmallBody(source, { limits, clock }), limits).value;
  }
  const ending = new AbortController();
  const cancelTimer = clock.after(limits.requestSeconds * 1000, () => ending.abort(tooSlow(limits)));
  const { signal } = ending;
  const leave = (): void => ending.abort(options.signal.reason);
  options.signal.addEventListener('abort', leave, { once: true });
  if (options.signal.aborted) leave();
  const blocks = readBlocks(source, { bodyBytes: limits.bodyBytes, signal });
  try {
    return await parseBlocks(blocks, { ...options, signal });
  } finally {
    cancelTimer();
    options.signal.removeEventListener('abort', leave);
    // A read that is still pending would keep `blocks` from returning.
    ending.abort(OVER);
    await blocks.return();
  }
}

/** A request that says how long it is, and is no longer than what would be parsed on the loop anyway. */
function isSmall(source: BodySource): source is IncomingMessage {
  return (
    source instanceof IncomingMessage && Number(source.headers['content-length'] ?? BLOCK_BYTES) < BLOCK_BYTES
  );
}

/**
 * The whole of a small body, by events: the parser of HTTP holds it to the length that it has told, and a client
 * that goes away closes the request.
 */
function gatherSmallBody(
  source: IncomingMessage,
  { limits, clock }: { readonly limits: IntakeLimits; readonly clock: Clock },
): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const pieces: Uint8Array[] = [];
  const onData = (piece: Uint8Array): void => void pieces.push(piece);
  const onEnd = (): void => {
    letGo();
    resolve(toWhole(pieces));
  };
  const onGone = (): void => fail(CLIENT_GONE);
  const fail = (error: Error): void => {
    letGo();
    reject(error);
  };
  const cancelTimer = clock.after(limits.requestSeconds * 1000, () => fail(tooSlow(limits)));
  const letGo = (): void => {
    cancelTimer();
    source.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
  };
  source.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
  if (source.destroyed) onGone();
  return promise;
}

/** Most small bodies come in one piece. */
function toWhole(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  return first && pieces.length === 1 ? first : Buffer.concat(pieces);
}

const CLIENT_GONE = new DOMException('The client has gone.', 'AbortError');

function tooSlow(limits: IntakeLimits): ApiError {
  const message = `The request took longer than ${limits.requestSeconds} seconds to arrive. Send it faster or make it smaller.`;
  return new ApiError('request-timeout', message);
}

async function parseBlocks(
  blocks: AsyncGenerator<Uint8Array, void, void>,
  options: ReadJsonBodyOptions,
): Promise<unknown> {
  const first = await blocks.next();
  const head = first.done ? new Uint8Array() : first.value;
  if (head.length < BLOCK_BYTES) return parseJsonBody(head, options.limits).value;
  return await parseInWorker(startingWith(head, blocks), options);
}

async function* startingWith(
  head: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  yield head;
  yield* rest;
}

async function parseInWorker(
  feed: AsyncIterable<Uint8Array>,
  { limits, pool, signal }: ReadJsonBodyOptions,
): Promise<unknown> {
  try {
    for await (const outcome of pool.run<ParseOutcome>('parse', limits, { signal, feed })) {
      if (outcome.type === 'parsed') return outcome.value;
      throw new ApiError(
        outcome.kind,
        outcome.message,
        outcome.param === null ? {} : { param: outcome.param },
      );
    }
  } catch (error) {
    if (!(error instanceof EngineError) || error.reason !== 'busy') throw error;
    throw new ApiError('overloaded', 'Too many large requests are being read. Try again in a moment.', {
      retryAfterSeconds: 1,
      cause: error,
    });
  }
  throw new EngineError('the request parser', 'failed', 'A request was parsed to nothing.');
}
