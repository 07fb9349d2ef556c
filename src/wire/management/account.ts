import { z } from 'zod';
import { isJsonObject, mergePatch } from '../../util/merge-patch.ts';
import type { WireObject } from '../chat/completion.ts';
import type { Decoded } from '../decoded.ts';
import { decodeWith } from '../validation.ts';
import { type ResourceHistory, toSystemData } from './deployment-object.ts';
import { resourceSku, resourceTags } from './deployment-settings.ts';
import { notAnObject } from './not-an-object.ts';
import { omitReadOnly } from './omit-read-only.ts';
import { ACCOUNT_TYPE, type AccountPath, accountId } from './resource-id.ts';

const settingsSchema = z.strictObject({
  kind: z.enum(['OpenAI', 'AIServices']).default('OpenAI'),
  location: z.string().min(1).max(90).default('local'),
  sku: resourceSku.prefault({ name: 'S0' }),
  tags: resourceTags.optional(),
  properties: z
    .strictObject({
      customSubDomainName: z.string().min(1).max(64).optional(),
      // Who may reach the server is for its own configuration to say: nothing but what is so already is taken.
      publicNetworkAccess: z.literal('Enabled').optional(),
      disableLocalAuth: z.literal(false).optional(),
    })
    .prefault({}),
});

/** What is written of the account. */
export type AccountSettings = z.output<typeof settingsSchema>;

const READ_ONLY = {
  id: true,
  name: true,
  type: true,
  etag: true,
  systemData: true,
  properties: { provisioningState: true, endpoint: true, capabilities: true, dateCreated: true },
};

export function decodeAccount(body: unknown): Decoded<AccountSettings> {
  if (!isJsonObject(body)) return notAnObject(body);
  return decodeWith(settingsSchema, mergePatch({}, omitReadOnly(body, READ_ONLY)));
}

export interface ManagedAccount {
  /** With its quotes (RFC 9110 8.8.3). */
  readonly etag: string;
  readonly settings: AccountSettings;
  readonly history: ResourceHistory;
}

/** `Account` of Azure's management plane; `endpoint` is what programs call, such as `http://127.0.0.1:8080/`. */
export function toAccountObject(
  { etag, settings, history }: ManagedAccount,
  path: AccountPath,
  endpoint: string,
): WireObject {
  const { properties, ...rest } = settings;
  return {
    id: accountId(path),
    name: path.account,
    type: ACCOUNT_TYPE,
    ...rest,
    etag,
    systemData: toSystemData(history),
    properties: {
      publicNetworkAccess: 'Enabled',
      disableLocalAuth: false,
      ...properties,
      provisioningState: 'Succeeded',
      endpoint,
      capabilities: [],
      dateCreated: new Date(history.createdAt).toISOString(),
    },
  };
}
