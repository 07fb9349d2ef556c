import type { WireObject } from '../chat/completion.ts';

/** A deployment as the lists of models and deployments tell of it. */
export interface ListedModel {
  /** What clients ask for. */
  readonly id: string;
  /** What answers call the model. */
  readonly model: string;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly hears: boolean;
  readonly thinks: boolean;
  readonly speaks: boolean;
}

export function toList(data: readonly WireObject[]): WireObject {
  return { object: 'list', data };
}

/** A model at the addresses of OpenAI and of Azure's v1. */
export function toModel({ id, createdAt }: ListedModel): WireObject {
  return { id, object: 'model', created: createdAt, owned_by: 'samtal' };
}

/** Nothing here is deprecated, and Azure's type wants a time: the year 2100. */
const NEVER = 4_102_444_800;

/** A model at Azure's dated addresses (`Model` of the data plane's REST specification). */
export function toAzureModel({ id, createdAt, thinks, hears, speaks }: ListedModel): WireObject {
  return {
    id,
    object: 'model',
    status: 'succeeded',
    created_at: createdAt,
    updated_at: createdAt,
    capabilities: {
      fine_tune: false,
      inference: thinks || hears || speaks,
      completion: false,
      chat_completion: thinks,
      embeddings: false,
      scale_types: ['standard'],
    },
    lifecycle_status: 'generally-available',
    deprecation: { inference: NEVER },
  };
}

/** A deployment as Azure's data plane listed them up to 2023-03-15-preview. */
export function toAzureDeployment({ id, model, createdAt }: ListedModel): WireObject {
  return {
    id,
    object: 'deployment',
    model,
    owner: 'organization-owner',
    status: 'succeeded',
    scale_settings: { scale_type: 'standard' },
    created_at: createdAt,
    updated_at: createdAt,
  };
}
