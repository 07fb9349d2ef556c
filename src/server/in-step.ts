import type { FastifyInstance } from 'fastify';
import { LoopBatch } from '../util/loop-batch.ts';

/**
 * Takes up the requests that arrive in one turn of the event loop together, once all are read from their
 * connections. Those that are alike and wait for nothing then go through each step in a row, and their answers are
 * written in a row. A short request that has its code to itself pays above all for bringing that code into the
 * processor's caches, and for waking a client that has fallen asleep over the others. One that comes alone waits for
 * nobody.
 *
 * Call it after the hooks that watch a request from its beginning.
 */
export function inStep(app: FastifyInstance): void {
  const requests = new LoopBatch();
  app.addHook('onRequest', (_request, _reply, done) => requests.add(done));
}
