import { EngineError } from '../../util/errors.ts';

type Schema = Readonly<Record<string, unknown>>;

interface Building {
  readonly root: Schema;
  /** What a string without other limits becomes. */
  readonly text: string;
  readonly depth: number;
}

const DEEPEST = 24;
const NOT_UNDERSTOOD = ['pattern', 'not', 'if', 'contains', 'minProperties', 'dependentRequired'];
const FORMATS: Readonly<Record<string, string>> = {
  'date-time': '2025-01-01T12:00:00Z',
  date: '2025-01-01',
  time: '12:00:00Z',
  duration: 'PT1M',
  email: 'someone@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
};

/**
 * The plainest value that a JSON Schema (2020-12, the keywords in common use) allows: required properties
 * only, the first of every choice, the smallest number, and `text` where any string will do.
 * @throws {EngineError} `unsupported`, naming a keyword that it does not understand.
 */
export function toInstance(schema: Schema, text: string): unknown {
  return build(schema, { root: schema, text, depth: 0 });
}

function build(given: unknown, parent: Building): unknown {
  if (given === true || given === undefined) return parent.text;
  if (!isSchema(given) || parent.depth > DEEPEST) throw refuse('a schema that nothing fits');
  const building = { ...parent, depth: parent.depth + 1 };
  const schema = flatten(given, building);
  for (const keyword of NOT_UNDERSTOOD) {
    if (keyword in schema) throw refuse(`the keyword "${keyword}"`);
  }
  if ('const' in schema) return schema['const'];
  for (const keyword of ['enum', 'examples'] as const) {
    const [first] = asArray(schema[keyword]);
    if (first !== undefined) return first;
  }
  return 'default' in schema ? schema['default'] : buildByType(schema, building);
}

/** One schema without `$ref`, `allOf`, `anyOf` and `oneOf`, of which it takes the first that is not null. */
function flatten(schema: Schema, building: Building): Schema {
  let flat = schema;
  for (let round = 0; round < DEEPEST; round += 1) {
    const { $ref, allOf, anyOf, oneOf, ...rest } = flat;
    if (typeof $ref === 'string') flat = merge(rest, resolve($ref, building.root));
    else if (allOf !== undefined) flat = asArray(allOf).filter(isSchema).reduce(merge, rest);
    else if (anyOf !== undefined) flat = merge(rest, firstUseful(anyOf));
    else if (oneOf !== undefined) flat = merge(rest, firstUseful(oneOf));
    else return rest;
  }
  throw refuse('a schema that refers to itself without end');
}

function merge(one: Schema, other: Schema): Schema {
  const properties = { ...asSchema(one['properties']), ...asSchema(other['properties']) };
  const required = [...new Set([...asArray(one['required']), ...asArray(other['required'])])];
  return { ...one, ...other, properties, required };
}

function firstUseful(choices: unknown): Schema {
  const schemas = asArray(choices).filter(isSchema);
  return schemas.find((schema) => schema['type'] !== 'null') ?? schemas[0] ?? {};
}

/** A JSON pointer (RFC 6901) into the schema itself. */
function resolve(reference: string, root: Schema): Schema {
  const path = /^#(?:\/(.*))?$/.exec(reference);
  if (!path) throw refuse(`the reference ${reference}`);
  let found: unknown = root;
  for (const step of path[1]?.split('/') ?? []) {
    found = asSchema(found)[decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  if (!isSchema(found)) throw refuse(`the reference ${reference}`);
  return found;
}

function buildByType(schema: Schema, building: Building): unknown {
  const type = typeOf(schema);
  switch (type) {
    case 'object':
      return buildObject(schema, building);
    case 'array':
      return buildArray(schema, building);
    case 'string':
      return buildString(schema, building.text);
    case 'integer':
    case 'number':
      return buildNumber(schema, type === 'integer');
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      throw refuse(`the type ${JSON.stringify(type)}`);
  }
}

function typeOf(schema: Schema): unknown {
  const types = asArray(schema['type']);
  const first = types.find((type) => type !== 'null') ?? types[0];
  if (first !== undefined) return first;
  if (schema['properties'] && Object.keys(asSchema(schema['properties'])).length > 0) return 'object';
  return schema['items'] ? 'array' : 'string';
}

function buildObject(schema: Schema, building: Building): unknown {
  const properties = asSchema(schema['properties']);
  const names = asArray(schema['required']).map(String);
  return Object.fromEntries(names.map((name) => [name, build(properties[name], building)]));
}

function buildArray(schema: Schema, building: Building): unknown {
  const length = asNumber(schema['minItems']) ?? 0;
  if (length > 1 && schema['uniqueItems'] === true) throw refuse('"uniqueItems" of more than one item');
  if (length > 1_000) throw refuse(`"minItems" of ${length}`);
  const first = asArray(schema['prefixItems']);
  return Array.from({ length }, (_, index) => build(first[index] ?? schema['items'], building));
}

function buildString(schema: Schema, text: string): string {
  const format = schema['format'];
  if (typeof format === 'string') {
    const example = FORMATS[format];
    if (example === undefined) throw refuse(`the format "${format}"`);
    return example;
  }
  const shortest = asNumber(schema['minLength']) ?? 0;
  if (shortest > 100_000) throw refuse(`"minLength" of ${shortest}`);
  // JSON Schema counts characters, not UTF-16 units.
  const characters = Array.from(text.padEnd(shortest, '.'));
  return characters.slice(0, asNumber(schema['maxLength'])).join('');
}

function buildNumber(schema: Schema, isInteger: boolean): number {
  const step = asNumber(schema['multipleOf']) ?? (isInteger ? 1 : undefined);
  const lowest = asNumber(schema['minimum']) ?? -Infinity;
  const highest = asNumber(schema['maximum']) ?? Infinity;
  const above = asNumber(schema['exclusiveMinimum']) ?? -Infinity;
  const below = asNumber(schema['exclusiveMaximum']) ?? Infinity;
  const fits = (value: number): boolean =>
    value >= lowest && value <= highest && value > above && value < below && isMultiple(value, step);
  const start = Math.ceil(Math.max(lowest, above) / (step ?? 1)) * (step ?? 1);
  const middle = (Math.max(lowest, above) + Math.min(highest, below)) / 2;
  const value = [0, start, start + (step ?? 1), middle, highest, below - (step ?? 1)].find(fits);
  if (value === undefined) throw refuse(`the number limits ${JSON.stringify(schema)}`);
  return value;
}

function isMultiple(value: number, step: number | undefined): boolean {
  return Number.isFinite(value) && (step === undefined || Number.isInteger(value / step));
}

function refuse(what: string): EngineError {
  const message = `The scripted model can not make an answer for ${what} in a JSON schema. Let the script's "say" be the JSON that is wanted.`;
  return new EngineError('scripted', 'unsupported', message);
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asSchema(value: unknown): Schema {
  return isSchema(value) ? value : {};
}

function asArray(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
