import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { logStreamFailure } from '../stream-failure.ts';

/**
 * Answers with bytes while they are made. What fails before the first is still an answer with a status of its
 * own; later the connection is cut, so that nobody takes a part for the whole. Reading slowly slows the source.
 */
export async function sendBytes(
  reply: FastifyReply,
  bytes: AsyncGenerator<Uint8Array, void, void>,
  contentType: string,
): Promise<FastifyReply> {
  const first = await bytes.next();
  return await reply
    .header('content-type', contentType)
    .send(Readable.from(startingWith(first, bytes, reply), { highWaterMark: 1 }));
}

async function* startingWith(
  first: IteratorResult<Uint8Array, void>,
  rest: AsyncGenerator<Uint8Array, void, void>,
  reply: FastifyReply,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    for (let step = first; !step.done; step = await rest.next()) yield step.value;
  } catch (error) {
    logStreamFailure(reply, error);
    throw error;
  } finally {
    await rest.return();
  }
}
