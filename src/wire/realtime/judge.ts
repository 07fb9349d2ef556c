import { z } from 'zod';
import type { ProblemCode, SessionProblem } from '../../realtime/session-event.ts';
import {
  describeType,
  type Issue,
  innermost,
  listValues,
  quoteValue,
  toParam,
  valueAt,
  withArticle,
} from '../validation.ts';
import type { Judged } from './dialect.ts';

/** Judges `value` by `schema` and words the first fault as the Realtime API does (contract 2.6). */
export function judge<T>(schema: z.ZodType<T>, value: unknown, at: readonly string[] = []): Judged<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const [first] = parsed.error.issues;
  if (!first) throw new Error('A schema refused a value without an issue.');
  const issue = innermost(first);
  const fault = toFault({ issue, value: valueAt(value, issue.path), at });
  return { ok: false, problem: { param: toParam([...at, ...issue.path]), eventId: null, ...fault } };
}

/** A fault that a schema finds by a rule of its own, for `context.issues` of a check or a transform. */
export function refusal(code: ProblemCode, message: string, path: readonly PropertyKey[] = []) {
  return custom({ code }, message, path);
}

/** A number with a fraction, which the services bound in other words than an integer, even when it is one. */
export function decimal(minimum: number, maximum: number) {
  return z.number().check(({ value, issues }) => {
    if (value < minimum) issues.push(custom({ code: 'decimal_below_min_value', bound: minimum }));
    if (value > maximum) issues.push(custom({ code: 'decimal_above_max_value', bound: maximum }));
  });
}

/** What our own issues carry beside their message; `bound` is what a decimal number lies beyond. */
interface OwnParams {
  readonly code: ProblemCode;
  readonly bound?: number;
}

function custom(params: OwnParams, message = '', path: readonly PropertyKey[] = []) {
  return { code: 'custom' as const, message, path: [...path], params: { ...params }, input: undefined };
}

type Fault = Pick<SessionProblem, 'code' | 'message'> & Partial<Pick<SessionProblem, 'param'>>;

interface Finding<I = Issue> {
  readonly issue: I;
  readonly value: unknown;
  readonly at: readonly string[];
}

function toFault({ issue, value, at }: Finding): Fault {
  const param = toParam([...at, ...issue.path]);
  switch (issue.code) {
    case 'custom': {
      // Every custom issue is made above.
      const { code, bound } = issue.params as unknown as OwnParams;
      return { code, message: bound === undefined ? issue.message : beyond({ param, code, bound, value }) };
    }
    case 'unrecognized_keys': {
      const key = toParam([...at, ...issue.path, issue.keys[0] ?? '']);
      return { code: 'unknown_parameter', message: `Unknown parameter: '${shown(key)}'.`, param: shown(key) };
    }
    case 'too_small':
    case 'too_big':
      return outOfBounds({ issue, value, at }, param);
    case 'invalid_type':
    case 'invalid_value':
    case 'invalid_union':
      if (value === undefined)
        return { code: 'missing_required_parameter', message: `Missing required parameter: '${param}'.` };
      return notAccepted(issue, value, param);
    default:
      return { code: 'invalid_value', message: `Invalid '${param}': ${issue.message}.` };
  }
}

function notAccepted(
  issue: Extract<Issue, { code: 'invalid_type' | 'invalid_value' | 'invalid_union' }>,
  value: unknown,
  param: string,
): Fault {
  if (issue.code === 'invalid_type') {
    const expected = withArticle(issue.expected === 'int' ? 'integer' : issue.expected);
    const message = `Invalid type for '${param}': expected ${expected}, but got ${describeType(value)} instead.`;
    return { code: 'invalid_type', message };
  }
  const options =
    issue.code === 'invalid_value' ? issue.values : 'options' in issue ? issue.options : undefined;
  const accepted = options
    ? `Supported values are: ${listValues(options)}.`
    : `See the reference for '${param}'.`;
  return { code: 'invalid_value', message: `Invalid value: ${quoteValue(value)}. ${accepted}` };
}

function outOfBounds(
  { issue, value }: Finding<Extract<Issue, { code: 'too_small' | 'too_big' }>>,
  param: string,
): Fault {
  const bound = Number(issue.code === 'too_small' ? issue.minimum : issue.maximum);
  if (typeof value === 'string') return wrongLength({ param, noun: 'string', bound, length: value.length });
  if (Array.isArray(value)) return wrongLength({ param, noun: 'array', bound, length: value.length });
  const code = issue.code === 'too_small' ? 'integer_below_min_value' : 'integer_above_max_value';
  return { code, message: beyond({ param, code, bound, value }) };
}

function beyond(found: {
  readonly param: string;
  readonly code: ProblemCode;
  readonly bound: number;
  readonly value: unknown;
}): string {
  const { param, code, bound, value } = found;
  const kind = code.startsWith('decimal') ? 'decimal' : 'integer';
  const [side, sign] = code.endsWith('below_min_value') ? ['below minimum', '>='] : ['above maximum', '<='];
  return `Invalid '${param}': ${kind} ${side} value. Expected a value ${sign} ${bound}, but got ${quoteValue(value)} instead.`;
}

function wrongLength(found: {
  readonly param: string;
  readonly noun: 'string' | 'array';
  readonly bound: number;
  readonly length: number;
}): Fault {
  const { param, noun, bound, length } = found;
  const isLong = length > bound;
  const message = `Invalid '${param}': ${noun} too ${isLong ? 'long' : 'short'}. Expected ${withArticle(noun)} with ${isLong ? 'maximum' : 'minimum'} length ${bound}, but got ${withArticle(noun)} with length ${length} instead.`;
  return { code: isLong ? `${noun}_above_max_length` : 'invalid_value', message };
}

/** A key is the client's own text: as much of it as helps. */
function shown(key: string): string {
  return key.length > 120 ? `${key.slice(0, 117)}...` : key;
}
