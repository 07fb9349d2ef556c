import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { ApiError } from '../../util/errors.ts';
import { toApiError, toErrorObject } from '../../wire/errors.ts';
import { logStreamFailure } from '../stream-failure.ts';

/**
 * Answers with server-sent events, one for each object. What fails before the first object is still an answer
 * with a status of its own; later it becomes an event, as the status has gone out. Reading slowly slows the
 * source.
 */
export async function sendEvents(
  reply: FastifyReply,
  objects: AsyncGenerator<unknown, void, void>,
  options: { readonly ending?: string } = {},
): Promise<FastifyReply> {
  const first = await objects.next();
  const lines = toLines(first, objects, { reply, ending: options.ending ?? '' });
  return await reply
    .header('content-type', 'text/event-stream; charset=utf-8')
    .header('cache-control', 'no-cache')
    .header('x-accel-buffering', 'no')
    .send(Readable.from(lines, { highWaterMark: 1 }));
}

async function* toLines(
  first: IteratorResult<unknown, void>,
  rest: AsyncGenerator<unknown, void, void>,
  { reply, ending }: { readonly reply: FastifyReply; readonly ending: string },
): AsyncGenerator<string, void, void> {
  try {
    for (let step = first; !step.done; step = await rest.next()) yield toLine(step.value);
    yield ending;
  } catch (thrown) {
    const error = thrown instanceof ApiError ? thrown : toApiError(thrown);
    logStreamFailure(reply, error);
    yield toLine(toErrorObject(error));
  } finally {
    await rest.return();
  }
}

function toLine(object: unknown): string {
  return `data: ${JSON.stringify(object)}\n\n`;
}
