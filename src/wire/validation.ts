import type { z } from 'zod';
import { ApiError } from '../util/errors.ts';
import { excerpt } from '../util/excerpt.ts';
import type { Decoded } from './decoded.ts';

/** Judges `value` by `schema` and words the first fault as the services do, with its place in `param`. */
export function decodeWith<T>(schema: z.ZodType<T>, value: unknown): Decoded<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const [issue] = parsed.error.issues;
  if (!issue) throw new Error('A schema refused a value without an issue.');
  return { ok: false, error: toApiError(innermost(issue), value) };
}

/** `messages[0].content[1].input_audio.format`, as the services write a place. */
export function toParam(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

export type Issue = z.core.$ZodIssue;

/** Of a union's branches, the one that takes values of this type and came furthest says best what is wrong. */
export function innermost(issue: Issue): Issue {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue;
  const firsts = issue.errors.flatMap((branch) => (branch[0] ? [innermost(branch[0])] : []));
  const ofType = firsts.filter((first) => first.code !== 'invalid_type' || first.path.length > 0);
  if (ofType.length === 0) return { ...issue, code: 'invalid_type', expected: expectedBy(firsts) };
  const deepest = ofType.reduce((best, next) => (next.path.length > best.path.length ? next : best));
  return { ...deepest, path: [...issue.path, ...deepest.path] };
}

function expectedBy(issues: readonly Issue[]): string {
  const types = issues.map((issue) => (issue.code === 'invalid_type' ? issue.expected : 'value'));
  return [...new Set<string>(types)].join(' or ');
}

function toApiError(issue: Issue, root: unknown): ApiError {
  const param = toParam(issue.path);
  const at = issue.path.length > 0 ? { param } : {};
  const value = valueAt(root, issue.path);
  switch (issue.code) {
    case 'invalid_type':
      return value === undefined
        ? new ApiError('missing-parameter', `Missing required parameter: '${param}'.`, at)
        : new ApiError(
            'invalid-type',
            `Invalid type for '${param}': expected ${withArticle(issue.expected)}, but got ${describeType(value)} instead.`,
            at,
          );
    case 'invalid_value':
      if (value === undefined)
        return new ApiError('missing-parameter', `Missing required parameter: '${param}'.`, at);
      return new ApiError(
        'invalid-value',
        `Invalid value: ${quoteValue(value)}. Supported values are: ${listValues(issue.values)}.`,
        at,
      );
    case 'unrecognized_keys': {
      const key = toParam([...issue.path, issue.keys[0] ?? '']);
      return issue.path.length === 0
        ? new ApiError('unknown-parameter', `Unrecognized request argument supplied: ${issue.keys[0]}`, {
            param: key,
          })
        : new ApiError('unknown-parameter', `Unknown parameter: '${key}'.`, { param: key });
    }
    case 'too_small':
    case 'too_big':
      return new ApiError('out-of-range', rangeMessage(issue, param, value), at);
    case 'invalid_union':
      return new ApiError(
        'invalid-value',
        `Invalid value for '${param}': ${describeType(value)} is none of the accepted forms.`,
        at,
      );
    default:
      return new ApiError('invalid-value', issue.message, at);
  }
}

function rangeMessage(
  issue: Extract<Issue, { code: 'too_small' | 'too_big' }>,
  param: string,
  value: unknown,
): string {
  const isSmall = issue.code === 'too_small';
  const bound = issue.code === 'too_small' ? issue.minimum : issue.maximum;
  if (
    issue.origin === 'array' ||
    issue.origin === 'string' ||
    issue.origin === 'set' ||
    issue.origin === 'object'
  ) {
    const size = isSmall ? 'too short' : 'too long';
    return `Invalid '${param}': ${issue.origin} ${size}. Expected ${isSmall ? 'at least' : 'at most'} ${bound}.`;
  }
  const kind = Number.isInteger(value) ? 'integer' : 'decimal';
  const side = isSmall
    ? `below minimum value. Expected a value >= ${bound}`
    : `above maximum value. Expected a value <= ${bound}`;
  return `Invalid '${param}': ${kind} ${side}, but got ${quoteValue(value)} instead.`;
}

export function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    // A path from zod names only what it has read of this very value.
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

export function describeType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a decimal number';
  return withArticle(typeof value);
}

export function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** Values of clients are shown short: they stand in logs and in terminals. */
export function quoteValue(value: unknown): string {
  const text = typeof value === 'string' ? `'${value}'` : (JSON.stringify(value) ?? String(value));
  return excerpt(text);
}

export function listValues(values: readonly unknown[]): string {
  const quoted = values.map((value) => (typeof value === 'string' ? `'${value}'` : String(value)));
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')}${quoted.length > 1 ? ',' : ''} and ${last}`;
}
