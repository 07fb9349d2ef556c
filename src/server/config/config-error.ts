/** The configuration can not be used. The message names the file, the place in it and the remedy. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
