export { CATALOG_ENGINES } from './catalog-engines.ts';
export { ConfigError } from './config-error.ts';
export {
  BUILT_IN_ENGINES,
  ENGINE_ROLES,
  type EngineConfig,
  type EngineRole,
  ROLE_NOUNS,
} from './engine-schema.ts';
export { findConfigFile, loadConfig } from './load-config.ts';
export { type Config, configJsonSchema, type DeploymentConfig } from './schema.ts';
export { isModelPath, isName } from './schema-parts.ts';
export { readSecret } from './secret.ts';
