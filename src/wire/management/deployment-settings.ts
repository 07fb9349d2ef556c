import { z } from 'zod';
import { isJsonObject, mergePatch } from '../../util/merge-patch.ts';
import type { Decoded } from '../decoded.ts';
import { decodeWith } from '../validation.ts';
import { notAnObject } from './not-an-object.ts';
import { omitReadOnly } from './omit-read-only.ts';

/** Names are shown in terminals and on one line, which none of these leaves as it is. */
const text = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u, 'A name can not hold control characters.');
const count = z.int().min(1);

/** Azure's own ending of every name of its default policies; Samtal filters nothing, so no other can be kept. */
const defaultPolicy = z
  .string()
  .regex(
    /^Microsoft\.Default(V\d+)?$/,
    "The raiPolicyName can only be 'Microsoft.Default' or 'Microsoft.DefaultV2': Samtal filters no content.",
  );

export const resourceSku = z.strictObject({
  name: text,
  capacity: count.default(1),
  tier: text.optional(),
  size: text.optional(),
  family: text.optional(),
});

/** Azure Resource Manager allows 50 tags with values of 256 characters. */
export const resourceTags = z
  .record(z.string().min(1).max(512), z.string().max(256))
  .refine((tags) => Object.keys(tags).length <= 50, 'A resource can have at most 50 tags.');

const samtalProperties = z.strictObject({
  engines: z
    .strictObject({
      languageModel: text.optional(),
      recognizer: text.optional(),
      synthesizer: text.optional(),
      speechModel: text.optional(),
      realtime: text.optional(),
    })
    .prefault({}),
  defaults: z
    .strictObject({
      voice: text.optional(),
      instructions: z
        .string()
        .max(64 * 1024)
        .optional(),
      temperature: z.number().min(0).max(2).optional(),
      maxOutputTokens: count.optional(),
    })
    .prefault({}),
  /** Names of the deployment's own, each for a voice of its synthesizer. */
  voices: z
    .record(text, text)
    .refine((voices) => Object.keys(voices).length <= 100, 'A deployment can have at most 100 voices.')
    .optional(),
});

const settingsSchema = z.strictObject({
  sku: resourceSku.prefault({ name: 'GlobalStandard' }),
  tags: resourceTags.optional(),
  properties: z.strictObject({
    model: z.strictObject({
      format: z.literal('OpenAI').default('OpenAI'),
      name: text,
      version: text.default('1'),
    }),
    // What sku and these two say is rationing, and a machine of one's own has nobody to ration for.
    scaleSettings: z
      .strictObject({ scaleType: z.enum(['Standard', 'Manual']), capacity: count.optional() })
      .optional(),
    versionUpgradeOption: z
      .enum(['OnceNewDefaultVersionAvailable', 'OnceCurrentVersionExpired', 'NoAutoUpgrade'])
      .optional(),
    raiPolicyName: defaultPolicy.optional(),
    samtal: samtalProperties.prefault({}),
  }),
});

/** What is written of a deployment, in the form in which it is written. */
export type DeploymentSettings = z.output<typeof settingsSchema>;

export type EngineNames = DeploymentSettings['properties']['samtal']['engines'];

const READ_ONLY = {
  id: true,
  name: true,
  type: true,
  etag: true,
  systemData: true,
  properties: {
    provisioningState: true,
    capabilities: true,
    rateLimits: true,
    samtal: { origin: true, answers: true, missing: true },
  },
};

/** The settings of `PUT`: what the body leaves out, or says is null, has its default. */
export function decodeDeployment(body: unknown): Decoded<DeploymentSettings> {
  if (!isJsonObject(body)) return notAnObject(body);
  return decodeWith(settingsSchema, mergePatch({}, omitReadOnly(body, READ_ONLY)));
}

/** The settings after `PATCH`, whose body is a merge patch of what is written (RFC 7396). */
export function decodePatchedDeployment(
  settings: DeploymentSettings,
  patch: unknown,
): Decoded<DeploymentSettings> {
  if (!isJsonObject(patch)) return notAnObject(patch);
  return decodeWith(settingsSchema, mergePatch(settings, omitReadOnly(patch, READ_ONLY)));
}
