import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../../util/errors.ts';
import { excerpt } from '../../util/excerpt.ts';
import type { WireObject } from '../../wire/chat/completion.ts';
import { type ManagedDeployment, toDeploymentObject } from '../../wire/management/deployment-object.ts';
import { decodeDeployment } from '../../wire/management/deployment-settings.ts';
import { ACCOUNT_ROUTE, type AccountPath } from '../../wire/management/resource-id.ts';
import { isName } from '../config/index.ts';
import type { Account } from './account.ts';
import { isKnown } from './conditions.ts';
import type { DeploymentRegistry } from './deployment-registry.ts';
import { accountPathOf, changeOf } from './management-request.ts';

export interface DeploymentRoutesOptions {
  readonly registry: DeploymentRegistry;
  readonly account: Account;
}

/** `…/accounts/{account}/deployments[/{name}]` of Azure's management plane. */
export function deploymentRoutes(app: FastifyInstance, { registry, account }: DeploymentRoutesOptions): void {
  const one = `${ACCOUNT_ROUTE}/deployments/:name`;
  const pathOf = (request: FastifyRequest): AccountPath => {
    const path = accountPathOf(request);
    account.get();
    return path;
  };
  app.get(`${ACCOUNT_ROUTE}/deployments`, async (request) => {
    const path = pathOf(request);
    return { value: registry.list().map((deployment) => toDeploymentObject(deployment, path)) };
  });
  app.get(one, async (request, reply) => {
    const path = pathOf(request);
    const deployment = registry.get(nameOf(request));
    if (!isKnown(request.headers, deployment.etag)) return answer(reply, deployment, path);
    return await reply.code(304).header('etag', deployment.etag).send();
  });
  app.put(one, async (request, reply) => {
    const path = pathOf(request);
    const name = refuseOddName(nameOf(request));
    const settings = decodeDeployment(request.body);
    if (!settings.ok) throw settings.error;
    const { deployment, isNew } = await registry.put(name, settings.value, changeOf(request));
    reply.code(isNew ? 201 : 200);
    return answer(reply, deployment, path);
  });
  app.patch(one, async (request, reply) => {
    const path = pathOf(request);
    const deployment = await registry.patch(nameOf(request), request.body, changeOf(request));
    return answer(reply, deployment, path);
  });
  app.delete(one, async (request, reply) => {
    pathOf(request);
    const wasThere = registry.remove(nameOf(request), changeOf(request));
    return await reply.code(wasThere ? 200 : 204).send();
  });
}

function answer(reply: FastifyReply, deployment: ManagedDeployment, path: AccountPath): WireObject {
  reply.header('etag', deployment.etag);
  return toDeploymentObject(deployment, path);
}

function nameOf(request: FastifyRequest): string {
  // Each path that comes here has it.
  return (request.params as { readonly name: string }).name;
}

function refuseOddName(name: string): string {
  if (isName(name)) return name;
  throw new ApiError(
    'invalid-value',
    `'${excerpt(name)}' can not be the name of a deployment: at most 64 letters, digits, '.', '_', ':' and '-', the first a letter or digit.`,
  );
}
