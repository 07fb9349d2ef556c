import { type Asking, call, type ServerError } from './api.ts';
import { useReading } from './use-reading.ts';

/** What a deployment can be asked to do, as the page speaks of it. */
export type Part = 'hears' | 'thinks' | 'speaks';

export type EngineRole = 'recognizer' | 'languageModel' | 'synthesizer';

/** Names of engines; a role that is absent is the default of the machine. */
export type EngineNames = Readonly<Partial<Record<EngineRole, string>>>;

/** What a request or a session begins with when it does not say otherwise. */
export interface DeploymentDefaults {
  readonly voice?: string;
  readonly instructions?: string;
  readonly temperature?: number;
  readonly maxOutputTokens?: number;
}

export interface SamtalProperties {
  /** Which kind it is; one of the configuration file can not be changed here. */
  readonly origin: 'standard' | 'configuration' | 'created';
  readonly engines: EngineNames;
  readonly defaults: DeploymentDefaults;
  /** `null` where nothing on this machine does it. */
  readonly answers: {
    readonly hears: { readonly engine: string; readonly languages: readonly string[] } | null;
    readonly thinks: { readonly engine: string } | null;
    readonly speaks: {
      readonly engine: string;
      readonly languages: readonly string[];
      readonly voices: readonly string[];
    } | null;
  };
  readonly missing: readonly { readonly part: Part; readonly reason: string; readonly remedy: string }[];
}

/** A deployment as the management plane of Azure tells it, with what is ours under `properties.samtal`. */
export interface Deployment {
  readonly id: string;
  readonly name: string;
  readonly etag: string;
  readonly systemData?: {
    readonly createdAt?: string;
    readonly createdBy?: string;
    readonly lastModifiedAt?: string;
    readonly lastModifiedBy?: string;
  };
  readonly properties: {
    readonly model: { readonly format: string; readonly name: string; readonly version: string };
    readonly capabilities: Readonly<Record<string, string>>;
    readonly samtal: SamtalProperties;
  };
}

/** What can be written of a deployment; in a change, `null` takes a setting away (RFC 7396). */
export interface DeploymentChange {
  readonly properties: {
    readonly model?: { readonly format: 'OpenAI'; readonly name: string; readonly version: string };
    readonly samtal?: {
      readonly engines?: Readonly<Partial<Record<EngineRole, string | null>>>;
      readonly defaults?: { readonly [Name in keyof DeploymentDefaults]: DeploymentDefaults[Name] | null };
    };
  };
}

/** An engine that a deployment can name. */
export interface Engine {
  readonly name: string;
  readonly type: string;
  readonly roles: readonly EngineRole[];
  readonly languages: readonly string[];
  readonly voices: readonly string[];
  readonly isDefaultFor: readonly EngineRole[];
}

/** The server answers for any subscription and group, and has one account. */
const ACCOUNT =
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/samtal' +
  '/providers/Microsoft.CognitiveServices/accounts/samtal';

export async function listDeployments(asking: Asking): Promise<readonly Deployment[]> {
  const response = await call(addressOf(), asking);
  const { value } = (await response.json()) as { value: readonly Deployment[] };
  return value;
}

export async function getDeployment(name: string, asking: Asking): Promise<Deployment> {
  return await readDeployment(await call(addressOf(name), asking));
}

/** Creates a deployment. @throws {ServerError} with status 412 when there is one of that name. */
export async function createDeployment(
  name: string,
  body: DeploymentChange,
  asking: Asking,
): Promise<Deployment> {
  const headers = { 'if-none-match': '*' };
  return await readDeployment(await call(addressOf(name), { ...asking, method: 'PUT', body, headers }));
}

/** Changes what `change` names. @throws {ServerError} with status 412 when somebody changed it since `etag`. */
export async function changeDeployment(
  { name, etag }: Pick<Deployment, 'name' | 'etag'>,
  change: DeploymentChange,
  asking: Asking,
): Promise<Deployment> {
  const headers = { 'if-match': etag, 'content-type': 'application/merge-patch+json' };
  return await readDeployment(
    await call(addressOf(name), { ...asking, method: 'PATCH', body: change, headers }),
  );
}

/** @throws {ServerError} with status 412 when somebody changed it since `etag`. */
export async function deleteDeployment(
  { name, etag }: Pick<Deployment, 'name' | 'etag'>,
  asking: Asking,
): Promise<void> {
  await call(addressOf(name), { ...asking, method: 'DELETE', headers: { 'if-match': etag } });
}

export async function listEngines(asking: Asking): Promise<readonly Engine[]> {
  const response = await call('/samtal/v1/engines', asking);
  const { engines } = (await response.json()) as { engines: readonly Engine[] };
  return engines;
}

export interface Deployments {
  /** `undefined` until the first answer has come. */
  readonly deployments: readonly Deployment[] | undefined;
  /** Why the last reading failed; the deployments of the one before stay. */
  readonly error: ServerError | undefined;
  readonly refresh: () => void;
}

/** The deployments of the server, read when the page opens and whenever `refresh` is called. */
export function useDeployments(): Deployments {
  const { value: deployments, error, refresh } = useReading(listDeployments);
  return { deployments, error, refresh };
}

function addressOf(name?: string): string {
  const deployments = `${ACCOUNT}/deployments`;
  const path = name === undefined ? deployments : `${deployments}/${encodeURIComponent(name)}`;
  return `${path}?api-version=2024-10-01`;
}

async function readDeployment(response: Response): Promise<Deployment> {
  return (await response.json()) as Deployment;
}
