import type { FastifyInstance } from 'fastify';
import type { Engines } from '../engines/engines.ts';
import type { Account } from './account.ts';
import { accountRoutes } from './account-routes.ts';
import type { DeploymentRegistry } from './deployment-registry.ts';
import { deploymentRoutes } from './deployment-routes.ts';
import { enginesRoute } from './engines-route.ts';
import { guardManagement } from './management-request.ts';

export interface ManagementOptions {
  readonly registry: DeploymentRegistry;
  readonly account: Account;
  readonly engines: Engines;
}

/** What Azure has at management.azure.com: the account and its deployments, for who may call. */
export async function managementRoutes(app: FastifyInstance, options: ManagementOptions): Promise<void> {
  await app.register(async (scope) => {
    guardManagement(scope);
    accountRoutes(scope, options.account);
    deploymentRoutes(scope, options);
  });
  enginesRoute(app, options.engines);
}
