export { ConfigError } from './config-error.ts';
export { BUILT_IN_ENGINES, type EngineConfig } from './engine-schema.ts';
export { findConfigFile, loadConfig } from './load-config.ts';
export { type Config, configJsonSchema, type DeploymentConfig } from './schema.ts';
export { readSecret } from './secret.ts';
