import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { FORM_OPTIONS, type Form, notMultipart, readForm } from '../audio/read-form.ts';
import { UploadBudget } from '../audio/upload-budget.ts';

export type ReadUpload = (request: FastifyRequest, reply: FastifyReply) => Promise<Form>;

/** Files in memory at a time: ten of the largest. */
const BUDGET_BYTES = 256 * 1024 * 1024;

/** A scope of `app` whose routes take a multipart form with a file and nothing else. */
export async function uploadScope(
  app: FastifyInstance,
  addRoutes: (scope: FastifyInstance, read: ReadUpload) => void,
): Promise<void> {
  const budget = new UploadBudget(BUDGET_BYTES);
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', async () => {
      throw notMultipart();
    });
    await scope.register(multipart, FORM_OPTIONS);
    addRoutes(scope, (request, reply) => readForm(request, reply, { budget }));
  });
}
