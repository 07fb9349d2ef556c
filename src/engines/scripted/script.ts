import { z } from 'zod';
import { EngineError } from '../../util/errors.ts';
import { type Pattern, toPattern } from './pattern.ts';
import { placeholdersIn } from './placeholders.ts';

/** What the scripted model says, as a person writes it. `docs/guide/scripted-model.md` explains each field. */
export type ScriptSource = z.input<typeof scriptSchema>;
/** A script that has been checked and whose patterns are ready. */
export type Script = z.output<typeof scriptSchema>;
export type ScriptRule = Script['rules'][number];
export type ScriptReply = Script['otherwise'];

/** The values that every reply may mention; a rule adds the groups of its regular expressions. */
export const VALUE_NAMES = [
  'heard',
  'turn',
  'firstUserText',
  'firstReply',
  'previousUserText',
  'previousReply',
  'toolResult',
] as const;

/**
 * Checks a script, given as JSON text or as the value it stands for.
 * @throws {EngineError} `unavailable`, naming `from`, the path of the first fault, and the fault.
 */
export function parseScript(source: unknown, from = 'the script'): Script {
  const parsed = scriptSchema.safeParse(typeof source === 'string' ? parseJson(source, from) : source);
  if (parsed.success) return parsed.data;
  const [fault] = parsed.error.issues;
  const path = fault?.path.length ? z.core.toDotPath(fault.path) : 'the top';
  throw new EngineError('scripted', 'unavailable', `Fault in ${from} at ${path}: ${fault?.message}`);
}

function parseJson(text: string, from: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = `${from} is not JSON: ${cause instanceof Error ? cause.message : ''}`;
    throw new EngineError('scripted', 'unavailable', message, cause);
  }
}

const patternSchema = z.string().transform((source, context): Pattern => {
  try {
    return toPattern(source);
  } catch (error) {
    context.addIssue(`${source} is not a regular expression: ${error instanceof Error ? error.message : ''}`);
    return z.NEVER;
  }
});

const count = z.number().int().nonnegative();
const milliseconds = z.number().min(0).max(600_000);

const delaySchema = z.strictObject({
  firstTokenMs: milliseconds.default(0),
  perWordMs: milliseconds.default(0),
});

const callSchema = z.strictObject({
  name: z.string().min(1),
  /** A string is sent as it is, so that a tool's answer to broken JSON can be tested. */
  arguments: z.union([z.record(z.string(), z.unknown()), z.string()]).default({}),
});

const replySchema = z
  .strictObject({
    say: z.string().default(''),
    call: z
      .union([callSchema, z.array(callSchema)], {
        error: 'a call is a "name" and "arguments", or a list of such',
      })
      .transform((calls) => (Array.isArray(calls) ? calls : [calls]))
      .default([]),
    delay: delaySchema.optional(),
    fail: z
      .strictObject({
        reason: z.enum(['busy', 'unavailable', 'unsupported', 'too-long', 'failed']).default('failed'),
        message: z.string().default('The script fails here.'),
        afterWords: count.default(0),
      })
      .optional(),
    finish: z.enum(['stop', 'length', 'content-filter']).optional(),
    maxOutputTokens: count.min(1).optional(),
  })
  .refine((reply) => reply.say !== '' || reply.call.length > 0 || reply.fail !== undefined, {
    error: 'a reply needs "say", "call" or "fail"',
  });

const turnSchema = z
  .union([count, z.strictObject({ atLeast: count.default(0), atMost: count.default(Infinity) })], {
    error: 'a turn is a whole number, or "atLeast" and "atMost"',
  })
  .transform((turn) => (typeof turn === 'number' ? { atLeast: turn, atMost: turn } : turn));

const ruleSchema = z
  .strictObject({
    comment: z.string().optional(),
    when: z.strictObject({
      user: patternSchema.optional(),
      toolResult: patternSchema.optional(),
      turn: turnSchema.optional(),
    }),
    reply: replySchema,
  })
  .superRefine((rule, context) => {
    const groups = [...(rule.when.user?.groups ?? []), ...(rule.when.toolResult?.groups ?? [])];
    checkNames(rule.reply, 'reply', { groups, context });
  });

const scriptSchema = z
  .strictObject({
    comment: z.string().optional(),
    delay: delaySchema.optional(),
    rules: z.array(ruleSchema).default([]),
    otherwise: replySchema,
  })
  .superRefine((script, context) => {
    checkNames(script.otherwise, 'otherwise', { groups: [], context });
  });

function checkNames(
  reply: z.output<typeof replySchema>,
  field: string,
  { groups, context }: { readonly groups: readonly string[]; readonly context: z.RefinementCtx },
): void {
  const known: readonly string[] = [...VALUE_NAMES, ...groups];
  const check = (template: string, path: (string | number)[]): void => {
    const unknown = placeholdersIn(template).find((name) => !known.includes(name));
    if (unknown === undefined) return;
    const message = `{${unknown}} is not a value; there is ${known.map((name) => `{${name}}`).join(', ')}`;
    context.addIssue({ code: 'custom', path: [field, ...path], message });
  };
  check(reply.say, ['say']);
  reply.call.forEach((call, index) => {
    if (typeof call.arguments !== 'string')
      check(JSON.stringify(call.arguments), ['call', index, 'arguments']);
  });
}
