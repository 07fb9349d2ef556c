import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { systemClock } from '../util/clock.ts';

/** What a client that was refused may still send before the connection is cut. */
const MOST_BYTES = 64 * 1024 * 1024;
const LONGEST_MS = 5_000;

/**
 * Lets a refusal reach a client that is still sending its request: closing a connection with unread bytes in it
 * resets it, and the client never sees the answer (RFC 9112 9.6). The answer goes out at once and whole; what
 * comes after it is thrown away for a while.
 */
export function lingerOnRefusal(scope: FastifyInstance): void {
  scope.addHook('onSend', (request, reply, payload, done) => {
    if (request.raw.complete || typeof payload !== 'string') return done(null, payload);
    reply.header('content-length', Buffer.byteLength(payload));
    return done(null, Readable.from(lingering(payload, request.raw)));
  });
}

async function* lingering(payload: string, request: IncomingMessage): AsyncGenerator<string, void, void> {
  yield payload;
  await discardRest(request);
}

async function discardRest(request: IncomingMessage): Promise<void> {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  let bytes = 0;
  const onData = (piece: Buffer): void => {
    bytes += piece.length;
    if (bytes > MOST_BYTES) end();
  };
  const cancelTimer = systemClock.after(LONGEST_MS, end);
  request.once('close', end).once('error', end).once('end', end);
  // A parser that was given up would otherwise go on and keep what it is given.
  request.unpipe();
  request.on('data', onData).resume();
  if (request.destroyed) end();
  try {
    await ended;
  } finally {
    cancelTimer();
    request.off('data', onData).off('close', end).off('error', end).off('end', end).pause();
  }
}
