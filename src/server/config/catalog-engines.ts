import { MODELS, type ModelEntry } from '../models/catalog.ts';
import type { EngineConfig } from './engine-schema.ts';

/** The engines that deployments may name once their model has been pulled, by the name of the model. */
export const CATALOG_ENGINES: Readonly<Record<string, EngineConfig>> = Object.fromEntries(
  MODELS.flatMap((entry) => {
    const config = toEngineConfig(entry);
    return config ? [[entry.name, config]] : [];
  }),
);

/** None for a detector, which deployments do not name. */
function toEngineConfig({ name, engine }: ModelEntry): EngineConfig | undefined {
  switch (engine) {
    case 'sherpa-recognizer':
    case 'sherpa-synthesizer':
    case 'llama':
      return { type: engine, model: name };
    case 'silero':
      return undefined;
  }
}
