import { z } from 'zod';
import { isTrustworthyUrl } from './remote-key-set.ts';
import { roleSchema } from './role-schema.ts';

/** Azure's own names for the service that this server stands in for. */
export const AZURE_AUDIENCES = [
  'https://cognitiveservices.azure.com',
  'https://cognitiveservices.azure.com/',
];

const guidSchema = z.guid().transform((guid) => guid.toLowerCase());
const urlSchema = z
  .string()
  .refine(isTrustworthyUrl, { error: 'Must be an https URL; http is for loopback addresses alone.' });

const tenantSchema = z
  .strictObject({
    id: guidSchema,
    /** `iss` of its tokens. The default are the v1 and v2 forms of the public cloud. */
    issuers: z.array(z.string().min(1)).min(1).optional(),
    /** Its JWK set. Without one, the tenant's OpenID metadata names it. */
    keysUrl: urlSchema.optional(),
    metadataUrl: urlSchema.optional(),
  })
  .transform(({ id, issuers, keysUrl, metadataUrl }) => ({
    id,
    issuers: issuers ?? [`https://sts.windows.net/${id}/`, `https://login.microsoftonline.com/${id}/v2.0`],
    keysUrl,
    metadataUrl:
      metadataUrl ?? `https://login.microsoftonline.com/${id}/v2.0/.well-known/openid-configuration`,
  }));

/** A row gives one role to one identity (person or service), group, app or app role. */
const grantSchema = z.union([
  z.strictObject({ objectId: guidSchema, role: roleSchema }),
  z.strictObject({ group: guidSchema, role: roleSchema }),
  z.strictObject({ app: guidSchema, role: roleSchema }),
  z.strictObject({ appRole: z.string().min(1), role: roleSchema }),
]);

export const entraConfigSchema = z
  .strictObject({
    tenants: z.array(tenantSchema).min(1),
    /** `aud` of the tokens that are meant for this server, such as `api://samtal`. */
    audiences: z.array(z.string().min(1)).default([]),
    /** Also takes tokens that Azure takes; see "Tokens for Azure's audience" in the guide. */
    acceptAzureAudience: z.boolean().default(false),
    grants: z.array(grantSchema).min(1),
    clockSkewSeconds: z.int().min(0).max(600).default(60),
  })
  .refine(({ audiences, acceptAzureAudience }) => audiences.length > 0 || acceptAzureAudience, {
    error: 'Name at least one audience, such as the Application ID URI of your app registration.',
    path: ['audiences'],
  })
  .refine(({ audiences, acceptAzureAudience }) => acceptAzureAudience || !audiences.some(isAzureAudience), {
    error: "An audience of Azure's own is taken only with acceptAzureAudience: true.",
    path: ['audiences'],
  });

export type EntraConfig = z.output<typeof entraConfigSchema>;
export type EntraTenant = EntraConfig['tenants'][number];
export type RoleGrant = EntraConfig['grants'][number];

function isAzureAudience(audience: string): boolean {
  const host = URL.parse(audience)?.hostname ?? '';
  return host === 'azure.com' || host.endsWith('.azure.com') || host.endsWith('.microsoft.com');
}
