import { readFileSync } from 'node:fs';
import { ConfigError } from './config-error.ts';
import type { Secret } from './schema-parts.ts';

/**
 * What a secret of the configuration stands for, without the line break that ends a file.
 * @param path where it stands, such as `engines.local.apiKey`, for the message.
 * @throws {ConfigError} when the variable or the file is missing or empty.
 */
export function readSecret(secret: Secret, path: string, env: NodeJS.ProcessEnv): string {
  const value = 'env' in secret ? env[secret.env] : readSecretFile(secret.file, path);
  if (value?.trim()) return value.trim();
  throw new ConfigError(
    'env' in secret
      ? `${path}: the environment variable ${secret.env} is not set; set it before the server starts`
      : `${path}: the file ${secret.file} is empty; write the secret into it`,
  );
}

function readSecretFile(file: string, path: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(`${path}: the file ${file} can not be read; it should hold the secret`, {
      cause: error,
    });
  }
}
