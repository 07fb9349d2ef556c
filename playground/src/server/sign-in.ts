import { call, ServerError } from './api.ts';

/** The token that the secret of a link is good for, once. @throws {ServerError} with status 401 for a spent one. */
export async function redeemLink(linkSecret: string): Promise<string> {
  const body = { secret: linkSecret };
  const response = await call('/samtal/v1/sign-in', { method: 'POST', body, secret: undefined });
  const { token } = (await response.json()) as { token: string };
  return token;
}

/** Asks the server whether it takes `key`. @throws {ServerError} with status 401 when it does not. */
export async function checkKey(key: string): Promise<void> {
  // A header holds nothing else, so no other text can be a key.
  if (!/^[\x21-\x7e]+$/.test(key)) throw new ServerError('That is no key.', { status: 401 });
  await call('/v1/models', { secret: key });
}
