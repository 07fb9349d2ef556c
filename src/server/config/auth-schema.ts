import { z } from 'zod';
import { namedKeySchema } from '../auth/api-keys.ts';
import { entraConfigSchema } from '../auth/entra-config.ts';

export const authSection = z.strictObject({
  keys: z
    .array(namedKeySchema)
    .default([])
    .describe('API keys beside the one that the server makes for itself.'),
  localIdentity: z
    .boolean()
    .optional()
    .describe('Give local programs a token as a managed identity. Default: while listening on loopback.'),
  entra: entraConfigSchema.optional().describe('Tokens of Microsoft Entra ID. Default: none is accepted.'),
});
