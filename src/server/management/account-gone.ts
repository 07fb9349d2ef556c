import { ApiError } from '../../util/errors.ts';

/** The answer to everything about an account that was deleted. */
export function accountGone(): ApiError {
  return new ApiError(
    'resource-not-found',
    'The account was deleted. PUT it, and it is as that of a new server: with the standard deployments.',
  );
}
