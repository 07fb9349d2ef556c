import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { sharedFolder } from './shared.ts';

const schemas = sharedFolder('contract/schemas', 'validation of answers against the published schemas');

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

interface Bundle {
  readonly 'x-index': Readonly<Record<string, string>>;
  readonly $defs: { readonly [key: string]: Json };
}

export type BundleName = 'openai-rest' | 'azure-rest-2025-03-01-preview' | 'azure-rest-v1';

const compiled = new Map<string, ValidateFunction>();

/**
 * Checks `value` against a published object by its name: what must be there, the types, and that no key is
 * there which is not published. Says nothing where the schemas are not at hand.
 */
export function checkContract(bundle: BundleName, name: string, value: unknown): void {
  if (!schemas) return;
  const validate = compiled.get(`${bundle} ${name}`) ?? compile(schemas, bundle, name);
  compiled.set(`${bundle} ${name}`, validate);
  if (validate(value)) return;
  const faults = (validate.errors ?? [])
    .slice(0, 8)
    .map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
  throw new Error(
    `Not a ${name} of ${bundle}:\n${faults.join('\n')}\n${JSON.stringify(value).slice(0, 600)}`,
  );
}

function compile(folder: string, bundle: BundleName, name: string): ValidateFunction {
  const document = JSON.parse(readFileSync(join(folder, `${bundle}.wire.schema.json`), 'utf8')) as Bundle;
  const reference = document['x-index'][name];
  if (reference === undefined) throw new Error(`${bundle} has no ${name}.`);
  const ajv = new Ajv2020({ strict: false });
  return ajv.compile({ $ref: reference, $defs: closed(document.$defs) as object });
}

/**
 * Keys that the services are known to send, and that one document or another leaves out: the kinds of tokens
 * (recorded answers of both services), verdict and usage in a chunk (Azure), `delta.audio` (both).
 */
const KNOWN_EXTRAS = { text_tokens: {}, image_tokens: {}, content_filter_results: {}, usage: {}, audio: {} };

/** The published schemas accept any further key; an answer should have none but those of `extras`. */
export function closed(schema: Json, extras: object = KNOWN_EXTRAS, isPartOfWhole = false): Json {
  if (Array.isArray(schema)) return schema.map((entry) => closed(entry as Json, extras, isPartOfWhole));
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([key, value]): [string, Json] => [
    key,
    closed(value, extras, key === 'allOf'),
  ]);
  const object = Object.fromEntries(entries);
  const hasKeys = 'properties' in object && !('additionalProperties' in object) && !isPartOfWhole;
  if (!hasKeys) return object;
  return {
    ...object,
    properties: { ...extras, ...(object['properties'] as object) },
    unevaluatedProperties: false,
  };
}
