import type { ApiError } from '../util/errors.ts';

/** What a client sent is data to judge, so a bad message is a value and never a throw. */
export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ApiError };
