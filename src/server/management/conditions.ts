import type { IncomingHttpHeaders } from 'node:http';
import { ApiError } from '../../util/errors.ts';

/** What a client requires of a resource before it is changed, as its headers say. */
export type Conditions = Pick<IncomingHttpHeaders, 'if-match' | 'if-none-match'>;

/**
 * Holds a change to the conditions of its client (RFC 9110 13.1.1, 13.1.2). `etag` is the resource's own,
 * undefined for one that is not there.
 * @throws {ApiError} `precondition-failed`.
 */
export function refuseUnmet(conditions: Conditions, etag: string | undefined): void {
  const { 'if-match': required, 'if-none-match': unwanted } = conditions;
  if (required !== undefined && !isStrongMatch(required, etag)) {
    const now = etag === undefined ? 'It is not there' : `Its ETag is now ${etag}`;
    throw unmet(`The resource is not the one of If-Match. ${now}: get it again and repeat the change.`);
  }
  if (unwanted !== undefined && isWeakMatch(unwanted, etag)) {
    throw unmet('The resource is there already, and If-None-Match forbids that.');
  }
}

/** Whether the client has this state of the resource already, so that a `GET` is answered with 304. */
export function isKnown(conditions: Conditions, etag: string): boolean {
  return conditions['if-none-match'] !== undefined && isWeakMatch(conditions['if-none-match'], etag);
}

function unmet(message: string): ApiError {
  return new ApiError('precondition-failed', message);
}

/** A weak tag never matches where something is to be changed (RFC 9110 8.8.3.2). */
function isStrongMatch(header: string, etag: string | undefined): boolean {
  return etag !== undefined && (header.trim() === '*' || tagsIn(header).includes(etag));
}

function isWeakMatch(header: string, etag: string | undefined): boolean {
  const tags = tagsIn(header).map((tag) => tag.replace(/^W\//, ''));
  return etag !== undefined && (header.trim() === '*' || tags.includes(etag));
}

function tagsIn(header: string): readonly string[] {
  return header.match(/(?:W\/)?"[^"]*"/g) ?? [];
}
