import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from '../../util/errors.ts';
import { decodePullRequest } from '../../wire/models/pull-request.ts';
import { isPermitted } from '../auth/principal.ts';
import type { Home } from '../home/paths.ts';
import type { ModelEntry } from '../models/catalog.ts';
import { ModelError } from '../models/model-error.ts';
import { removeModel } from '../models/remove-model.ts';
import { findWanted, missingOf, type Wanted } from '../models/wanted.ts';
import { callerOf } from '../request-context.ts';
import { sendEvents } from '../routes/event-stream.ts';
import { listModels, listPackages, listPresets } from './model-library.ts';
import { measureMachine, planPull } from './pull-plan.ts';
import type { PullQueue } from './pull-queue.ts';

/** What does a part of the work now where a deployment names nothing else, and why. */
export interface RoleUse {
  readonly role: 'recognizer' | 'languageModel' | 'synthesizer' | 'voiceActivity';
  /** Such as `pocketsphinx`; `null` where nothing does. */
  readonly engine: string | null;
  /** In a sentence or two, such as what would do better. */
  readonly why: string | null;
}

export interface ModelRoutesOptions {
  readonly home: Home;
  readonly catalog: readonly ModelEntry[];
  readonly queue: PullQueue;
  readonly uses: () => readonly RoleUse[];
  /** Called when a model has been removed, before that is answered: what ran it has to look for another. */
  readonly onChanged: () => Promise<void>;
}

const MODELS = '/samtal/v1/models';

/**
 * The models of this machine: who may call may look, who may manage may pull and remove. A model may be removed
 * while it is in use: what runs it has read it, and is closed when the server looks again.
 */
export function modelRoutes(app: FastifyInstance, options: ModelRoutesOptions): void {
  listRoute(app, options);
  pullRoutes(app, options);
  removeRoute(app, options);
}

function listRoute(app: FastifyInstance, { home, catalog, queue, uses }: ModelRoutesOptions): void {
  app.get(MODELS, async () => ({
    models: await listModels(home, catalog),
    packages: await listPackages(home, catalog),
    presets: listPresets(),
    pulls: queue.reports,
    uses: uses(),
    machine: await measureMachine(home),
  }));
}

function pullRoutes(app: FastifyInstance, { home, catalog, queue }: ModelRoutesOptions): void {
  app.post(`${MODELS}/plans`, { onRequest: mayManage }, async (request) => {
    const { missing } = await readNames(request, { home, catalog });
    return await orApiError(async () => await planPull(home, missing, request.gone.signal));
  });
  app.post(`${MODELS}/pulls`, { onRequest: mayManage }, async (request, reply) => {
    const { names, missing } = await readNames(request, { home, catalog });
    const { report } = queue.add(names, missing);
    return await reply.code(202).header('location', `${MODELS}/pulls/${report.id}/events`).send(report);
  });
  app.get(`${MODELS}/pulls/:id/events`, async (request, reply) => {
    const pull = queue.get(nameIn(request));
    return await sendEvents(reply, pull.reports(request.gone.signal));
  });
  app.delete(`${MODELS}/pulls/:id`, { onRequest: mayManage }, async (request, reply) => {
    queue.get(nameIn(request)).cancel();
    return await reply.code(202).send();
  });
}

function removeRoute(app: FastifyInstance, { home, catalog, onChanged }: ModelRoutesOptions): void {
  app.delete(`${MODELS}/:id`, { onRequest: mayManage }, async (request) => {
    const name = nameIn(request);
    const isKnown = catalog.some((entry) => entry.name === name);
    const freedBytes = isKnown
      ? await orApiError(async () => await removeModel(home.modelsDirectory, name))
      : 0;
    if (freedBytes === 0) throw new ApiError('resource-not-found', `The model '${name}' is not there.`);
    await onChanged();
    return { name, freedBytes };
  });
}

/** @throws {ApiError} before the body is read. */
async function mayManage(request: FastifyRequest): Promise<void> {
  // Some clients announce JSON with every request, and have none to delete with.
  if (request.method === 'DELETE') delete request.headers['content-type'];
  const principal = callerOf(request);
  if (isPermitted(principal, 'manage')) return;
  throw new ApiError(
    'forbidden',
    `The client '${principal.id}' may list models but not pull or remove them. Give it the role contributor, such as in auth.keys of the configuration, or use the key that \`samtal key\` prints.`,
  );
}

interface Names {
  readonly names: readonly string[];
  readonly missing: Wanted;
}

async function readNames(
  request: FastifyRequest,
  { home, catalog }: Pick<ModelRoutesOptions, 'home' | 'catalog'>,
): Promise<Names> {
  const names = decodePullRequest(request.body);
  if (!names.ok) throw names.error;
  const wanted = findWanted(names.value, catalog);
  if (!('unknown' in wanted)) return { names: names.value, missing: await missingOf(home, wanted) };
  const advice =
    wanted.nearest === undefined ? `GET ${MODELS} lists them.` : `Did you mean '${wanted.nearest}'?`;
  throw new ApiError('invalid-value', `There is no model, package or preset '${wanted.unknown}'. ${advice}`, {
    param: `names[${names.value.indexOf(wanted.unknown)}]`,
  });
}

/** What the store can not do is told as it tells it: its messages are for the operator of the machine. */
async function orApiError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    const kind = error.reason === 'busy' ? 'conflict' : 'engine-unavailable';
    throw new ApiError(kind, error.message, { cause: error });
  }
}

function nameIn(request: FastifyRequest): string {
  // Each path that comes here has it.
  return (request.params as { readonly id: string }).id;
}
