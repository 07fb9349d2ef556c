import type { FastifyInstance } from 'fastify';
import { Together } from '../util/together.ts';

/**
 * Takes the requests that arrive in one turn of the event loop through the server in step: first all are read from
 * their connections, then each step of the work is done for all of them, and last all answers are written. A short
 * request that has its code to itself pays above all for bringing that code into the processor's caches, and for
 * waking a client that has fallen asleep over the others. One that comes alone waits for nobody.
 *
 * Call it after the hooks that watch a request from its beginning.
 */
export function inStep(app: FastifyInstance): void {
  const requests = new Together();
  app.addHook('onRequest', (_request, _reply, done) => requests.do(done));
}
