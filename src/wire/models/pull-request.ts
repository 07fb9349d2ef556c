import { z } from 'zod';
import type { Decoded } from '../decoded.ts';
import { decodeWith } from '../validation.ts';

const pullSchema = z.strictObject({
  /** Of models, packages and presets. */
  names: z.array(z.string().min(1).max(100)).min(1).max(100),
});

/** The body of `POST /samtal/v1/models/pulls` and `…/plans`: what is to come. */
export function decodePullRequest(body: unknown): Decoded<readonly string[]> {
  const decoded = decodeWith(pullSchema, body ?? {});
  return decoded.ok ? { ok: true, value: decoded.value.names } : decoded;
}
