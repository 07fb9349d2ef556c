import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from '../../util/errors.ts';
import { excerpt } from '../../util/excerpt.ts';
import { ACCOUNT_TYPE, type AccountPath } from '../../wire/management/resource-id.ts';
import { isPermitted } from '../auth/principal.ts';
import { callerOf } from '../request-context.ts';
import type { Change } from './deployment-registry.ts';

/** What the one account of every server is called. */
const ACCOUNT_NAME = 'samtal';

/** Azure's own are dates, some with `-preview`. */
const API_VERSION = /^\d{4}-\d{2}-\d{2}(-[a-z]+)?$/;

/** Holds every request to `app` to a version, and every change to a role, before its body is read. */
export function guardManagement(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-ms-request-id', request.id);
    refuseVersion(request.address.apiVersion);
    // Some clients announce JSON with every request, and have none to delete with.
    if (request.method === 'DELETE') delete request.headers['content-type'];
    if (request.method !== 'GET' && request.method !== 'HEAD') refuseUnpermitted(request);
  });
}

/** @throws {ApiError} `forbidden` for who may not manage deployments. */
export function refuseUnpermitted(request: FastifyRequest): void {
  const principal = callerOf(request);
  if (isPermitted(principal, 'manage')) return;
  const verb = request.method === 'DELETE' ? 'delete' : 'write';
  throw new ApiError(
    'forbidden',
    `The client '${principal.id}' does not have authorization to perform action '${ACCOUNT_TYPE}/deployments/${verb}'. Give it the role contributor, such as in auth.keys of the configuration, or use the key that \`samtal key\` prints.`,
  );
}

/**
 * The account that the path names.
 * @throws {ApiError} `resource-not-found` for one that this server is not.
 */
export function accountPathOf(request: FastifyRequest): AccountPath {
  // Each path that comes here has these parameters, which fastify has decoded.
  const { subscription, resourceGroup, account } = request.params as AccountPath;
  if (account.toLowerCase() === ACCOUNT_NAME) return { subscription, resourceGroup, account: ACCOUNT_NAME };
  throw new ApiError(
    'resource-not-found',
    `The Resource '${ACCOUNT_TYPE}/${excerpt(account)}' under resource group '${excerpt(resourceGroup)}' was not found. The one account of this server is '${ACCOUNT_NAME}'.`,
  );
}

export function changeOf(request: FastifyRequest): Change {
  return { caller: callerOf(request).id, conditions: request.headers };
}

function refuseVersion(version: string | undefined): void {
  if (version === undefined) {
    throw new ApiError(
      'missing-api-version',
      'The api-version query parameter (?api-version=) is required for all requests, such as 2025-06-01.',
    );
  }
  if (API_VERSION.test(version)) return;
  throw new ApiError(
    'invalid-api-version',
    `The api-version '${excerpt(version)}' is invalid. Send a date such as 2025-06-01.`,
  );
}
