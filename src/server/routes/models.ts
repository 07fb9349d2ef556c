import type { FastifyInstance } from 'fastify';
import type { WireObject } from '../../wire/chat/completion.ts';
import { type ListedModel, toAzureModel, toList, toModel } from '../../wire/models/models.ts';
import type { Deployments } from '../deployment.ts';
import { refuseChange, toListedModel } from './listed-model.ts';

interface ById {
  Params: { id: string };
}

/** `GET …/models` in the shapes of OpenAI and of Azure: every deployment is a model to its clients. */
export function modelsRoute(
  app: FastifyInstance,
  { deployments }: { readonly deployments: Deployments },
): void {
  for (const [path, write] of SHAPES) {
    app.get(path, async () => toList(deployments.list().map((one) => write(toListedModel(one)))));
    app.get<ById>(`${path}/:id`, async ({ address, params }) =>
      write(toListedModel(deployments.resolve(address, params.id))),
    );
    app.delete<ById>(`${path}/:id`, async ({ address, params }, reply) => {
      deployments.resolve(address, params.id);
      refuseChange(reply, 'GET, HEAD');
    });
  }
}

const SHAPES: readonly (readonly [path: string, write: (model: ListedModel) => WireObject])[] = [
  ['/v1/models', toModel],
  ['/openai/v1/models', toModel],
  ['/openai/models', toAzureModel],
];
