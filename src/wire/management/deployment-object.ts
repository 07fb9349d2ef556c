import type { WireObject } from '../chat/completion.ts';
import type { DeploymentSettings } from './deployment-settings.ts';
import { type AccountPath, DEPLOYMENT_TYPE, deploymentId } from './resource-id.ts';

/** Where a deployment comes from: with the server, from the configuration file, or from whoever created it. */
export type DeploymentOrigin = 'standard' | 'configuration' | 'created';

/** Which engine does each part; null for a part that nothing does. */
export interface DeploymentAnswers {
  readonly hears: { readonly engine: string; readonly languages: readonly string[] } | null;
  readonly thinks: { readonly engine: string } | null;
  readonly speaks: {
    readonly engine: string;
    readonly languages: readonly string[];
    readonly voices: readonly string[];
  } | null;
}

/** What keeps a part from working, or from working as well as it could. */
export interface MissingPart {
  readonly part: keyof DeploymentAnswers;
  readonly reason: string;
  /** What its operator can do. */
  readonly remedy: string;
}

/** Who made a resource and who last changed it, as ids of principals; times are milliseconds since the Unix epoch. */
export interface ResourceHistory {
  readonly createdAt: number;
  readonly createdBy: string;
  readonly modifiedAt: number;
  readonly modifiedBy: string;
}

export interface ManagedDeployment {
  readonly name: string;
  /** With its quotes (RFC 9110 8.8.3). */
  readonly etag: string;
  readonly origin: DeploymentOrigin;
  readonly settings: DeploymentSettings;
  readonly answers: DeploymentAnswers;
  readonly missing: readonly MissingPart[];
  readonly history: ResourceHistory;
}

/** `Deployment` of Azure's management plane; what is Samtal's own stands in `properties.samtal`. */
export function toDeploymentObject(deployment: ManagedDeployment, account: AccountPath): WireObject {
  const { name, etag, origin, settings, answers, missing, history } = deployment;
  const { samtal, ...properties } = settings.properties;
  return {
    id: deploymentId(account, name),
    name,
    type: DEPLOYMENT_TYPE,
    ...settings,
    etag,
    systemData: toSystemData(history),
    properties: {
      ...properties,
      provisioningState: 'Succeeded',
      capabilities: toCapabilities(answers),
      rateLimits: [],
      samtal: { origin, ...samtal, answers, missing },
    },
  };
}

/** Azure writes a capability as the text `true` and leaves out what there is not. */
function toCapabilities({ hears, thinks, speaks }: DeploymentAnswers): Readonly<Record<string, string>> {
  const can = {
    chatCompletion: thinks,
    realtime: thinks,
    audio: thinks && (hears ?? speaks),
    transcription: hears,
    speech: speaks,
  };
  return Object.fromEntries(Object.entries(can).flatMap(([name, part]) => (part ? [[name, 'true']] : [])));
}

export function toSystemData({ createdAt, createdBy, modifiedAt, modifiedBy }: ResourceHistory): WireObject {
  return {
    createdAt: new Date(createdAt).toISOString(),
    createdBy,
    createdByType: identityType(createdBy),
    lastModifiedAt: new Date(modifiedAt).toISOString(),
    lastModifiedBy: modifiedBy,
    lastModifiedByType: identityType(modifiedBy),
  };
}

function identityType(principal: string): string {
  if (principal.startsWith('key:')) return 'Key';
  if (principal === 'local') return 'ManagedIdentity';
  return principal.startsWith('entra:') ? 'User' : 'Application';
}
