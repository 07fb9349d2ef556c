import { z } from 'zod';
import { nearestName } from '../../server/config/nearest-name.ts';
import { accountId, deploymentId } from '../../wire/management/resource-id.ts';
import { CliError } from '../cli-error.ts';
import { callServer, type Target } from '../running-server.ts';

const engine = z.object({ engine: z.string(), languages: z.array(z.string()) });

/** What the commands show of a deployment; the rest is passed through as JSON. */
const deploymentObject = z.looseObject({
  name: z.string(),
  systemData: z.object({ createdBy: z.string(), lastModifiedAt: z.string(), lastModifiedBy: z.string() }),
  properties: z.looseObject({
    model: z.looseObject({ name: z.string() }),
    samtal: z.looseObject({
      origin: z.enum(['standard', 'configuration', 'created']),
      engines: z.record(z.string(), z.string()),
      defaults: z.record(z.string(), z.union([z.string(), z.number()])),
      answers: z.object({
        hears: engine.nullable(),
        thinks: z.object({ engine: z.string() }).nullable(),
        speaks: engine.extend({ voices: z.array(z.string()) }).nullable(),
      }),
      missing: z.array(z.object({ part: z.string(), reason: z.string(), remedy: z.string() })),
    }),
  }),
});

export type DeploymentObject = z.output<typeof deploymentObject>;

/** Whatever subscription and group one names, the server has one account. */
const ACCOUNT = { subscription: 'local', resourceGroup: 'local', account: 'samtal' };
const QUERY = '?api-version=2025-06-01';
const JSON_BODY = { 'content-type': 'application/json' };

export async function listDeployments(target: Target): Promise<readonly DeploymentObject[]> {
  const response = await callServer(target, `${accountId(ACCOUNT)}/deployments${QUERY}`, { method: 'GET' });
  return z.object({ value: z.array(deploymentObject) }).parse(await response.json()).value;
}

/** @throws {CliError} when there is none of that name. */
export async function getDeployment(target: Target, name: string): Promise<DeploymentObject> {
  const response = await callServer(target, at(name), { method: 'GET', expected: [404] });
  if (response.status === 404) throw await unknownDeployment(target, name);
  return deploymentObject.parse(await response.json());
}

/** @throws {CliError} when there is one of that name already. */
export async function createDeployment(
  target: Target,
  name: string,
  body: unknown,
): Promise<DeploymentObject> {
  const response = await callServer(target, at(name), {
    method: 'PUT',
    body: JSON.stringify(body),
    headers: { ...JSON_BODY, 'if-none-match': '*' },
    expected: [412],
  });
  if (response.ok) return deploymentObject.parse(await response.json());
  throw new CliError(`there is a deployment "${name}" already. Change it: samtal deployments set ${name}`);
}

/** @throws {CliError} when there is none of that name. */
export async function changeDeployment(
  target: Target,
  name: string,
  patch: unknown,
): Promise<DeploymentObject> {
  const body = JSON.stringify(patch);
  const response = await callServer(target, at(name), {
    method: 'PATCH',
    body,
    headers: JSON_BODY,
    expected: [404],
  });
  if (response.status === 404) throw await unknownDeployment(target, name);
  return deploymentObject.parse(await response.json());
}

/** @throws {CliError} when there is none of that name. */
export async function deleteDeployment(target: Target, name: string): Promise<void> {
  const { status } = await callServer(target, at(name), { method: 'DELETE' });
  if (status === 204) throw await unknownDeployment(target, name);
}

function at(name: string): string {
  return `${deploymentId(ACCOUNT, name)}${QUERY}`;
}

async function unknownDeployment(target: Target, name: string): Promise<CliError> {
  const names = (await listDeployments(target)).map((deployment) => deployment.name);
  const nearest = nearestName(name, names);
  const advice = nearest ? `Did you mean ${nearest}?` : 'samtal deployments lists those there are.';
  return new CliError(`there is no deployment "${name}". ${advice}`);
}
