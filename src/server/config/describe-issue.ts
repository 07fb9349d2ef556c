import type { z } from 'zod';
import { nearestName } from './nearest-name.ts';
import { configJsonSchema } from './schema.ts';

/** `engines.local.baseUrl: expected an http(s) URL, got "foo"`. */
export function describeIssue(issue: z.core.$ZodIssue, input: unknown): string {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => describeUnknownKey(key, issue.path, input)).join('\n');
  }
  const path = formatPath(issue.path);
  if (issue.code === 'invalid_key') return `${path}: ${issue.issues[0]?.message ?? issue.message}`;
  if (issue.code === 'invalid_union') return `${path}: ${issue.message || describeForms(issue.path, input)}`;
  // These may have met a secret in the wrong place: the value is not repeated.
  if (issue.code === 'custom' || issue.path[0] === 'auth') return `${path}: ${issue.message}`;
  return `${path}: ${issue.message}, got ${formatValue(issue.input)}`;
}

/** What is said where the schema gives no message of its own. */
export const expectation: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${TYPE_NAMES[issue.expected] ?? `a value of type ${issue.expected}`}`;
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? 'expected something not empty'
        : `expected at least ${issue.minimum}`;
    case 'too_big':
      return `expected at most ${issue.maximum}`;
    case 'invalid_value':
      return `expected ${listNames(issue.values.map(String))}`;
    case 'invalid_union':
      return Array.isArray(issue['options']) ? `expected ${listNames(issue['options'].map(String))}` : '';
    default:
      return undefined;
  }
};

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'a text in double quotes',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
};

export function listNames(names: readonly string[]): string {
  const quoted = names.map((name) => `"${name}"`);
  const last = quoted.pop() ?? 'nothing';
  return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`;
}

/** `auth.keys[0].roles`; the whole file is `the configuration`. */
export function formatPath(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return text === '' ? 'the configuration' : text.replace(/^\./, '');
}

function formatValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  const json = JSON.stringify(value);
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return json.length > 80 ? `${json.slice(0, 77)}…` : json;
}

function describeUnknownKey(key: string, path: readonly PropertyKey[], input: unknown): string {
  const known = knownKeys(path, input);
  const nearest = nearestName(key, known);
  const advice = nearest ? `did you mean "${nearest}"?` : `known here: ${known.join(', ')}`;
  return `${formatPath([...path, key])}: unknown setting; ${advice}`;
}

/** `expected {env}, {file} or {sha256}`: what an object may be made of where it has several forms. */
function describeForms(path: readonly PropertyKey[], input: unknown): string {
  const forms = (schemaAt(path, input)?.anyOf ?? []).map((form) => `{${(form.required ?? []).join(', ')}}`);
  return `expected ${forms.slice(0, -1).join(', ')} or ${forms.at(-1) ?? 'nothing'}`;
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly oneOf?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly const?: unknown;
}

function knownKeys(path: readonly PropertyKey[], input: unknown): readonly string[] {
  return Object.keys(schemaAt(path, input)?.properties ?? {}).filter((name) => name !== '$schema');
}

function schemaAt(path: readonly PropertyKey[], input: unknown): SchemaNode | undefined {
  let node: SchemaNode | undefined = configJsonSchema();
  let value = input;
  for (const key of path) {
    value = memberOf(value, key);
    node = memberSchema(node, key);
    const type = memberOf(value, 'type');
    node = node?.oneOf?.find((option) => option.properties?.['type']?.const === type) ?? node;
  }
  return node;
}

function memberSchema(node: SchemaNode | undefined, key: PropertyKey): SchemaNode | undefined {
  const named = node?.properties?.[String(key)] ?? node?.items;
  if (named) return named;
  return typeof node?.additionalProperties === 'object' ? node.additionalProperties : undefined;
}

function memberOf(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
