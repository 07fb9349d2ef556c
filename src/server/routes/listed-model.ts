import type { FastifyReply } from 'fastify';
import { ApiError } from '../../util/errors.ts';
import type { ListedModel } from '../../wire/models/models.ts';
import type { Deployment } from '../deployment.ts';

/** What the lists may promise of a deployment: a capability is there when its engine is. */
export function toListedModel(deployment: Deployment): ListedModel {
  return {
    id: deployment.name,
    model: deployment.model,
    createdAt: deployment.createdAt,
    hears: deployment.recognizer !== undefined,
    thinks: deployment.responder !== undefined,
    speaks: deployment.synthesizer !== undefined,
  };
}

/** @throws {ApiError} always: `allowed` are the methods that there are instead. */
export function refuseChange(reply: FastifyReply, allowed: string): never {
  reply.header('allow', allowed);
  throw new ApiError(
    'method-not-allowed',
    'Deployments are not changed here. Use `samtal deployments`, the playground, or the management plane at /subscriptions/….',
  );
}
