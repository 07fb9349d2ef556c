import { z } from 'zod';

/**
 * Checks that may meet a secret in the wrong place are refinements: the message of those never repeats the
 * value (`describe-issue.ts`).
 */
const environmentVariable = z
  .string()
  .refine((name) => /^[A-Za-z_]\w*$/.test(name), 'expected the name of an environment variable');

/** Relative to the folder of the configuration file; absolute once loaded. */
const filePath = z.string().min(1);

/** What `samtal pull` calls it, or a path, which has a separator in it; a path is absolute once loaded. */
const model = z.string().min(1);

/** Whether a model is given by its path. */
export function isModelPath(text: string): boolean {
  return /[/\\]/.test(text);
}

export type Secret = z.output<typeof secret>;

const secret = z.union(
  [
    z.strictObject({ env: environmentVariable.describe('The environment variable that holds it.') }),
    z.strictObject({ file: filePath.describe('The file that holds it and nothing else.') }),
  ],
  'expected {"env": "NAME"} or {"file": "path"}; a secret itself is not written in the configuration',
);

const httpUrl = z.url({ protocol: /^https?$/, error: 'expected an http(s) URL' });

const socketUrl = z.url({ protocol: /^(https?|wss?)$/, error: 'expected an http(s) or ws(s) URL' });

const NAME = /^[A-Za-z0-9][\w.:-]{0,63}$/;
const name = z
  .string()
  .regex(
    NAME,
    'expected a name of at most 64 letters, digits, ".", "_", ":" or "-" that begins with a letter or digit',
  );

/** Whether a deployment or an engine can be called that. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

const count = z.number().int().min(1);

export const part = {
  count,
  environmentVariable,
  filePath,
  httpUrl,
  model,
  name,
  secret,
  socketUrl,
} as const;
