import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { decodeDatedDeployment } from '../../wire/management/dated-deployment.ts';
import { toAzureDeployment, toList } from '../../wire/models/models.ts';
import type { Deployments } from '../deployment.ts';
import { changeOf, refuseUnpermitted } from '../management/management-request.ts';
import type { ManagementOptions } from '../management/management-routes.ts';
import { refuseChange, toListedModel } from './listed-model.ts';

interface ById {
  Params: { id: string };
}

export interface DeploymentsRouteOptions {
  readonly deployments: Deployments;
  /** `undefined` where the deployments can not be changed. */
  readonly management?: ManagementOptions | undefined;
}

const PATH = '/openai/deployments';

/** The deployments as Azure's data plane had them up to 2023-03-15-preview, and programs still ask for them. */
export function deploymentsRoute(app: FastifyInstance, options: DeploymentsRouteOptions): void {
  const { deployments, management } = options;
  app.get(PATH, async () => toList(deployments.list().map((one) => toAzureDeployment(toListedModel(one)))));
  app.get<ById>(`${PATH}/:id`, async ({ address, params }) =>
    toAzureDeployment(toListedModel(deployments.resolve(address, params.id))),
  );
  if (management) {
    changingRoutes(app, deployments, management);
    refusingRoutes(app, { deployments, methods: ['PUT', 'PATCH'], allowed: 'GET, HEAD, DELETE' });
  } else {
    app.post(PATH, async (_request, reply) => refuseChange(reply, 'GET, HEAD'));
    refusingRoutes(app, { deployments, methods: ['PUT', 'PATCH', 'DELETE'], allowed: 'GET, HEAD' });
  }
}

function refusingRoutes(
  app: FastifyInstance,
  options: {
    readonly deployments: Deployments;
    readonly methods: readonly ('PUT' | 'PATCH' | 'DELETE')[];
    readonly allowed: string;
  },
): void {
  app.route<ById>({
    method: [...options.methods],
    url: `${PATH}/:id`,
    handler: async ({ address, params }, reply) => {
      options.deployments.resolve(address, params.id);
      refuseChange(reply, options.allowed);
    },
  });
}

/** What makes and deletes deployments, as the version 2022-12-01 had it. */
function changingRoutes(
  app: FastifyInstance,
  deployments: Deployments,
  { registry, account }: ManagementOptions,
): void {
  const onRequest = async (request: FastifyRequest): Promise<void> => refuseUnpermitted(request);
  app.post(PATH, { onRequest }, async (request, reply) => {
    account.get();
    const settings = decodeDatedDeployment(request.body);
    if (!settings.ok) throw settings.error;
    // Azure gave such a deployment a name of its own making.
    const name = `deployment-${randomUUID().replaceAll('-', '')}`;
    await registry.put(name, settings.value, changeOf(request));
    reply.code(201);
    return toAzureDeployment(toListedModel(deployments.resolve(request.address, name)));
  });
  app.delete<ById>(`${PATH}/:id`, { onRequest }, async (request, reply): Promise<FastifyReply> => {
    const { name } = deployments.resolve(request.address, request.params.id);
    registry.remove(name, changeOf(request));
    return await reply.code(204).send();
  });
}
