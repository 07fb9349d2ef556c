import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from '../../util/errors.ts';
import { excerpt } from '../../util/excerpt.ts';
import type { WireObject } from '../../wire/chat/completion.ts';
import { metadataUpdateSchema } from '../../wire/chat/request-schema.ts';
import {
  metadataInQuery,
  pageQuerySchema,
  toDeleted,
  toList,
  toStoredMessage,
} from '../../wire/chat/stored-completions.ts';
import { decodeWith } from '../../wire/validation.ts';
import { callerOf } from '../request-context.ts';
import type { CompletionStore, StoredCompletion } from '../store/completion-store.ts';

/** SDKs send these past the deployment, as no body names one. */
const ADDRESS_FORMS = ['/openai', '/openai/v1', '/v1'];

/** `GET`, `POST` and `DELETE …/chat/completions[/{id}]`, for what was made with `store: true`. */
export function storedCompletionsRoute(app: FastifyInstance, completions: CompletionStore): void {
  for (const form of ADDRESS_FORMS) {
    const all = `${form}/chat/completions`;
    app.get(all, async (request) => await list(request, completions));
    app.get(`${all}/:id`, async (request) => toWire(await find(request, completions)));
    app.post(`${all}/:id`, async (request) => await update(request, completions));
    app.delete(`${all}/:id`, async (request) => {
      const { id } = await find(request, completions);
      await completions.delete(id, callerOf(request).id);
      return toDeleted(id);
    });
    app.get(`${all}/:id/messages`, async (request) => await messages(request, completions));
  }
}

async function list(request: FastifyRequest, completions: CompletionStore): Promise<WireObject> {
  const { after, limit, order, model } = readPage(request);
  const page = await completions.list(callerOf(request).id, {
    limit,
    order,
    ...(after !== undefined && { after }),
    ...(model !== undefined && { model }),
    // Fastify's parser makes an object of every query, whatever stands in it.
    metadata: metadataInQuery(request.query as Record<string, unknown>),
  });
  return toList(page.data.map(toWire), page.hasMore);
}

async function update(request: FastifyRequest, completions: CompletionStore): Promise<WireObject> {
  const { id } = await find(request, completions);
  const decoded = decodeWith(metadataUpdateSchema, request.body ?? {});
  if (!decoded.ok) throw decoded.error;
  const updated = await completions.update(id, callerOf(request).id, decoded.value.metadata ?? {});
  if (!updated) throw notFound(id);
  return toWire(updated);
}

async function messages(request: FastifyRequest, completions: CompletionStore): Promise<WireObject> {
  const { id } = await find(request, completions);
  const { after, limit, order } = readPage(request);
  const page = await completions.messages(id, callerOf(request).id, {
    limit,
    order,
    ...(after !== undefined && { after }),
  });
  if (!page) throw notFound(id);
  return toList(
    page.data.map((stored) => toStoredMessage(stored.id, stored.message)),
    page.hasMore,
  );
}

function readPage(request: FastifyRequest) {
  const decoded = decodeWith(pageQuerySchema, request.query);
  if (!decoded.ok) throw decoded.error;
  return decoded.value;
}

/** An unknown and a foreign id are alike. */
async function find(request: FastifyRequest, completions: CompletionStore): Promise<StoredCompletion> {
  // Each path that comes here names the id.
  const { id } = request.params as { readonly id: string };
  const found = await completions.get(id, callerOf(request).id);
  if (!found) throw notFound(id);
  return found;
}

function notFound(id: string): ApiError {
  return new ApiError('completion-not-found', `No chat completion found with id '${excerpt(id)}'.`, {
    param: 'completion_id',
  });
}

/** Metadata may have changed since the answer was sent. */
function toWire({ response, metadata }: StoredCompletion): WireObject {
  // It was stored as `toCompletion` made it.
  return { ...(response as WireObject), metadata };
}
