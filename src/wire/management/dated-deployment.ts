import { z } from 'zod';
import type { Decoded } from '../decoded.ts';
import { decodeWith } from '../validation.ts';
import { type DeploymentSettings, decodeDeployment } from './deployment-settings.ts';

const schema = z.strictObject({
  model: z.string().min(1),
  scale_settings: z
    .discriminatedUnion('scale_type', [
      z.strictObject({ scale_type: z.literal('standard') }),
      z.strictObject({ scale_type: z.literal('manual'), capacity: z.int().min(1) }),
    ])
    .optional(),
});

/** The settings of `POST /openai/deployments` (`Deployment` of the data plane's REST specification, 2022-12-01). */
export function decodeDatedDeployment(body: unknown): Decoded<DeploymentSettings> {
  const decoded = decodeWith(schema, body);
  if (!decoded.ok) return decoded;
  const { model, scale_settings: scale } = decoded.value;
  return decodeDeployment({ properties: { model: { name: model }, scaleSettings: toScaleSettings(scale) } });
}

function toScaleSettings(scale: z.output<typeof schema>['scale_settings']) {
  if (!scale) return null;
  if (scale.scale_type === 'standard') return { scaleType: 'Standard' };
  return { scaleType: 'Manual', capacity: scale.capacity };
}
