import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { unlessAborted } from '../../util/abort.ts';
import { ApiError } from '../../util/errors.ts';

/** An `http.IncomingMessage`, or what is like one. */
export interface BodySource extends AsyncIterable<Uint8Array> {
  readonly headers: IncomingHttpHeaders;
}

/** Blocks this large cost the loop little each, and a body that trickles in becomes few of them. */
export const BLOCK_BYTES = 64 * 1024;

/**
 * The body in copied blocks of about `BLOCK_BYTES`, the last one smaller and the only one when the body is
 * small. Stops reading at the first byte too many, and leaves the request open for the answer.
 * @throws {ApiError} `body-too-large`, `unsupported-media-type`.
 */
export async function* readBlocks(
  source: BodySource,
  options: { readonly bodyBytes: number; readonly signal: AbortSignal },
): AsyncGenerator<Uint8Array, void, void> {
  refuseByHeaders(source.headers, options.bodyBytes);
  const chunks = iterate(source);
  let total = 0;
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  try {
    for (;;) {
      const step = await nextChunk(chunks, options.signal);
      if (step.done) break;
      total += step.value.length;
      if (total > options.bodyBytes) throw bodyTooLarge(options.bodyBytes, `at least ${total} bytes`);
      pending.push(step.value);
      pendingBytes += step.value.length;
      if (pendingBytes < BLOCK_BYTES) continue;
      yield Buffer.concat(pending);
      pending = [];
      pendingBytes = 0;
    }
    yield Buffer.concat(pending);
  } finally {
    // Not awaited: the iterator can not return while a read that was given up is still pending in it.
    void chunks.return?.().then(undefined, () => {});
  }
}

/** @throws {ApiError} for what the headers tell before anything is read: a compressed body, or one too large. */
export function refuseByHeaders(headers: IncomingHttpHeaders, bodyBytes: number): void {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new ApiError(
      'unsupported-media-type',
      `The content-encoding '${encoding}' is not supported. Send the body without compression.`,
    );
  }
  const length = headers['content-length'];
  if (length !== undefined && Number(length) > bodyBytes) throw bodyTooLarge(bodyBytes, `${length} bytes`);
}

function bodyTooLarge(bodyBytes: number, size: string): ApiError {
  return new ApiError(
    'body-too-large',
    `Maximum content size limit (${bodyBytes}) exceeded (${size}). Send fewer or shorter recordings.`,
  );
}

/** Leaving the loop over a request would destroy its socket, and with it the way back for the answer. */
function iterate(source: BodySource): AsyncIterator<Uint8Array> {
  if (source instanceof Readable) return source.iterator({ destroyOnReturn: false });
  return source[Symbol.asyncIterator]();
}

async function nextChunk(
  chunks: AsyncIterator<Uint8Array>,
  signal: AbortSignal,
): Promise<IteratorResult<Uint8Array>> {
  try {
    return await unlessAborted(chunks.next(), signal);
  } catch (error) {
    signal.throwIfAborted();
    throw new DOMException('The client went away before its request was complete.', {
      name: 'AbortError',
      cause: error,
    });
  }
}
