import type { FastifyInstance } from 'fastify';
import { toAzureDeployment, toList } from '../../wire/models/models.ts';
import type { Deployments } from '../deployment.ts';
import { refuseChange, toListedModel } from './listed-model.ts';

interface ById {
  Params: { id: string };
}

const PATH = '/openai/deployments';

/** The list of deployments that Azure's data plane had up to 2023-03-15-preview and that programs still read. */
export function deploymentsRoute(
  app: FastifyInstance,
  { deployments }: { readonly deployments: Deployments },
): void {
  app.get(PATH, async () => toList(deployments.list().map((one) => toAzureDeployment(toListedModel(one)))));
  app.get<ById>(`${PATH}/:id`, async ({ address, params }) =>
    toAzureDeployment(toListedModel(deployments.resolve(address, params.id))),
  );
  app.post(PATH, async (_request, reply) => refuseChange(reply));
  for (const method of ['PUT', 'PATCH', 'DELETE'] as const) {
    app.route<ById>({
      method,
      url: `${PATH}/:id`,
      handler: async ({ address, params }, reply) => {
        deployments.resolve(address, params.id);
        refuseChange(reply);
      },
    });
  }
}
