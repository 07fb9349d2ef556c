import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { sharedFolder } from './shared.ts';

const schemas = sharedFolder('contract/schemas', 'validation of answers against the published schemas');

interface Bundle {
  readonly 'x-index': Readonly<Record<string, string>>;
  readonly $defs: Readonly<Record<string, unknown>>;
}

export type BundleName = 'openai-rest' | 'azure-rest-2025-03-01-preview' | 'azure-rest-v1';

const compiled = new Map<string, ValidateFunction>();

/** Checks `value` against a published object by its name. Says nothing where the schemas are not at hand. */
export function checkContract(bundle: BundleName, name: string, value: unknown): void {
  if (!schemas) return;
  const validate = compiled.get(`${bundle} ${name}`) ?? compile(schemas, bundle, name);
  compiled.set(`${bundle} ${name}`, validate);
  if (validate(value)) return;
  const faults = (validate.errors ?? []).slice(0, 5).map((fault) => `${fault.instancePath} ${fault.message}`);
  throw new Error(`Not a ${name} of ${bundle}: ${faults.join('; ')}\n${JSON.stringify(value).slice(0, 600)}`);
}

function compile(folder: string, bundle: BundleName, name: string): ValidateFunction {
  const document = JSON.parse(readFileSync(join(folder, `${bundle}.wire.schema.json`), 'utf8')) as Bundle;
  const reference = document['x-index'][name];
  if (reference === undefined) throw new Error(`${bundle} has no ${name}.`);
  const ajv = new Ajv2020({ strict: false });
  return ajv.compile({ $ref: reference, $defs: document.$defs });
}
