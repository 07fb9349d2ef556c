import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { withAbsolutePaths } from './absolute-paths.ts';
import { checkReferences } from './check-references.ts';
import { ConfigError } from './config-error.ts';
import { describeIssue, expectation } from './describe-issue.ts';
import { findJsonFault } from './json-fault.ts';
import { type Config, configSchema } from './schema.ts';

export interface ConfigSource {
  /** The `--config` option. */
  readonly path?: string | undefined;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * The settings of the file that `findConfigFile` finds; all defaults where there is none.
 * @throws {ConfigError} naming every fault with the place it stands at.
 */
export function loadConfig(source: ConfigSource): Config {
  const file = findConfigFile(source);
  if (file === undefined) return configSchema.parse({});
  return parseConfig(readConfigFile(file), file);
}

/** The path given, then `SAMTAL_CONFIG`, then `samtal.config.json` in the working directory if there is one. */
export function findConfigFile({ path, cwd, env }: ConfigSource): string | undefined {
  const given = path || env['SAMTAL_CONFIG'];
  if (given) return resolve(cwd, given);
  const usual = resolve(cwd, 'samtal.config.json');
  return existsSync(usual) ? usual : undefined;
}

/** @throws {ConfigError} as `loadConfig` does. */
export function parseConfig(text: string, file: string): Config {
  const input = parseJson(text, file);
  const result = configSchema.safeParse(input, { error: expectation, reportInput: true });
  if (!result.success) {
    throw faulty(
      file,
      result.error.issues.map((issue) => describeIssue(issue, input)),
    );
  }
  const faults = checkReferences(result.data);
  if (faults.length > 0) throw faulty(file, faults);
  return withAbsolutePaths(result.data, dirname(file));
}

function readConfigFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(`the configuration ${file} can not be read; is the path right?`, { cause: error });
  }
}

function parseJson(text: string, file: string): unknown {
  // Editors on Windows may begin a file with a byte order mark, which JSON.parse refuses.
  const json = text.replace(/^\uFEFF/, '');
  const fault = findJsonFault(json);
  if (fault) throw new ConfigError(`${file}:${fault.line}:${fault.column}: not JSON: ${fault.message}`);
  return JSON.parse(json);
}

function faulty(file: string, faults: readonly string[]): ConfigError {
  const lines = faults.flatMap((fault) => fault.split('\n'));
  return new ConfigError([`the configuration ${file} has a fault:`, ...lines].join('\n  '));
}
