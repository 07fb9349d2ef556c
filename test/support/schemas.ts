import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import { sharedFolder } from './shared.ts';

const folder = sharedFolder('contract/schemas', 'the check of answers against the published schemas');

/**
 * Fails unless `value` is what the published schema `name` of `bundle` says, such as `Model` of `openai-rest`.
 * Passes everything where the schemas are not there.
 */
export function expectSchema(bundle: string, name: string, value: unknown): void {
  if (!folder) return;
  const ajv = compiled(bundle);
  const validate = ajv.getSchema(`${bundle}#/$defs/${name}`);
  if (!validate) throw new Error(`There is no schema ${name} in ${bundle}.`);
  const isValid = validate(value);
  expect({ isValid, errors: validate.errors ?? [] }, name).toEqual({ isValid: true, errors: [] });
}

const bundles = new Map<string, Ajv2020>();

function compiled(bundle: string): Ajv2020 {
  const known = bundles.get(bundle);
  if (known) return known;
  const schema = JSON.parse(readFileSync(join(folder ?? '', `${bundle}.wire.schema.json`), 'utf8'));
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ ...schema, $id: bundle });
  bundles.set(bundle, ajv);
  return ajv;
}
