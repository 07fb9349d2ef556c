import type { FastifyReply } from 'fastify';

/** Tells the log why an answer ended in the middle: its status has gone out and can not say it. */
export function logStreamFailure(reply: FastifyReply, error: unknown): void {
  if (reply.request.gone.signal.aborted) reply.log.info('client left before its answer');
  else reply.log.error({ err: error }, 'stream failed');
}
