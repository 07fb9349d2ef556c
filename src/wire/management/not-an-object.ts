import { ApiError } from '../../util/errors.ts';
import type { Decoded } from '../decoded.ts';
import { describeType } from '../validation.ts';

/** The verdict on a body that could not be a resource, nor a part of one. */
export function notAnObject(body: unknown): Decoded<never> {
  const got = body === undefined ? 'nothing' : describeType(body);
  const error = new ApiError('invalid-type', `Send a JSON object: the body of the request was ${got}.`);
  return { ok: false, error };
}
