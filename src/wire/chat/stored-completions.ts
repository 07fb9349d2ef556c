import { z } from 'zod';
import type { WireObject } from './completion.ts';

const wholeNumber = z.coerce.number().pipe(z.int().min(1).max(100));

/** The query of a list: `?limit=…&after=…&order=…`. */
export const pageQuerySchema = z.looseObject({
  after: z.string().min(1).optional(),
  limit: wholeNumber.default(20),
  order: z.enum(['asc', 'desc']).default('asc'),
  model: z.string().min(1).optional(),
});

/** `metadata[key]=value` pairs as a query string carries them. */
export function metadataInQuery(query: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const pairs: Record<string, string> = {};
  for (const [name, value] of Object.entries(query)) {
    const key = /^metadata\[(.+)\]$/.exec(name)?.[1];
    if (key !== undefined && typeof value === 'string') pairs[key] = value;
  }
  return pairs;
}

export function toList(data: readonly WireObject[], hasMore: boolean): WireObject {
  return {
    object: 'list',
    data,
    first_id: data[0]?.['id'] ?? null,
    last_id: data.at(-1)?.['id'] ?? null,
    has_more: hasMore,
  };
}

export function toDeleted(id: string): WireObject {
  return { object: 'chat.completion.deleted', id, deleted: true };
}

/** A message of a stored completion: text stands in `content`, parts in `content_parts`. */
export function toStoredMessage(id: string, message: unknown): WireObject {
  // A message was judged by its schema before it was stored.
  const fields = message as WireObject;
  const { content } = fields;
  const isParts = Array.isArray(content);
  const text = isParts ? null : (content ?? null);
  return { refusal: null, ...fields, id, content: text, content_parts: isParts ? content : null };
}
