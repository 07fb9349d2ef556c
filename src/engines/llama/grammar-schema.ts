import { EngineError } from '../../util/errors.ts';
import { NAME } from './model-file.ts';
import { endlessDefinition, mostChoices } from './schema-choices.ts';

type Schema = Readonly<Record<string, unknown>>;

export interface GrammarSchemaOptions {
  /** What is described, for errors, such as `response_format`. */
  readonly of: string;
  /**
   * Everything the schema asks for is kept. Otherwise what a grammar can not keep is left to the model, as OpenAI
   * leaves it where a tool is not `strict`.
   */
  readonly isStrict: boolean;
}

/** Says nothing about what is valid. */
const ANNOTATIONS = [
  ...['title', 'default', 'examples', '$schema', '$id', '$comment', 'deprecated', 'readOnly', 'writeOnly'],
  ...['description', 'strict'],
];
/** What is understood, beside what a schema's kind adds. */
const COMMON = [...ANNOTATIONS, '$defs', 'definitions', 'type'];
const FORMATS: readonly unknown[] = ['date', 'time', 'date-time'];
/** Schemas in one another; a schema that is a reference to itself is not counted. */
const DEEPEST = 32;
/** A grammar that repeats something more often than that may be more than llama.cpp takes. */
const MOST_REQUIRED = 100;
/** What llama.cpp goes through in a few milliseconds. */
const MOST_CHOICES = 10_000;

const ANYTHING = {
  oneOf: [
    { type: ['string', 'number', 'boolean', 'null'] },
    { type: 'object', additionalProperties: true },
    { type: 'array' },
  ],
};

/**
 * A JSON Schema as the grammar of llama.cpp's binding takes it. What is written by it satisfies the schema; it holds
 * all properties of an object, those that may be left out as well.
 * @throws {EngineError} `unsupported`, naming what the grammar can not keep.
 */
export function toGrammarSchema(schema: Schema, options: GrammarSchemaOptions): object {
  const defs = { ...record(schema['definitions']), ...record(schema['$defs']) };
  const names = Object.keys(defs);
  const translated = new Translation(options, names).translate(schema, '');
  if (names.length === 0) return translated;
  const $defs = Object.fromEntries(
    names.map((name) => [name, new Translation(options, names).translate(defs[name], `/$defs/${name}`)]),
  );
  const endless = endlessDefinition($defs);
  if (endless !== undefined) throw unsupported(options, `$defs/${endless}, which is nothing but itself`);
  if (mostChoices(translated, $defs) > MOST_CHOICES)
    throw unsupported(options, `one of more than ${MOST_CHOICES} choices`);
  return { ...translated, $defs };
}

function unsupported({ of }: GrammarSchemaOptions, what: string, path = ''): EngineError {
  const place = path === '' ? '' : ` (at ${path})`;
  const message = `${of} asks for ${what}${place}, to which ${NAME} can not hold a model. Leave it out of the schema.`;
  return new EngineError(NAME, 'unsupported', message);
}

class Translation {
  readonly #options: GrammarSchemaOptions;
  readonly #definitions: readonly string[];
  #depth = 0;

  constructor(options: GrammarSchemaOptions, definitions: readonly string[]) {
    this.#options = options;
    this.#definitions = definitions;
  }

  translate(given: unknown, path: string): object {
    if (given === true || (isRecord(given) && saysNothing(given))) return ANYTHING;
    if (!isRecord(given)) throw this.#unsupported(`a schema that is ${JSON.stringify(given)}`, path);
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw this.#unsupported(`more than ${DEEPEST} levels`, path);
    try {
      return { ...this.#translate(given, path), ...described(given) };
    } finally {
      this.#depth -= 1;
    }
  }

  #translate(schema: Schema, path: string): object {
    if (typeof schema['$ref'] === 'string') return this.#reference(schema['$ref'], schema, path);
    const choices = schema['anyOf'] ?? schema['oneOf'];
    if (Array.isArray(choices)) {
      if (choices.length === 0) throw this.#unsupported('one of no choices', path);
      this.#expect(schema, [schema['anyOf'] ? 'anyOf' : 'oneOf'], path);
      return { oneOf: choices.map((choice, index) => this.translate(choice, `${path}/${index}`)) };
    }
    if ('const' in schema) return this.#values([schema['const']], schema, path);
    if (Array.isArray(schema['enum'])) return this.#values(schema['enum'], schema, path);
    return this.#typed(schema, path);
  }

  #reference(reference: string, schema: Schema, path: string): object {
    this.#expect(schema, ['$ref'], path);
    const name = /^#\/(?:\$defs|definitions)\/([^/]+)$/.exec(reference)?.[1];
    if (name === undefined || !this.#definitions.includes(name))
      throw this.#unsupported(`$ref ${reference}`, path);
    return { $ref: `#/$defs/${name}` };
  }

  #values(values: readonly unknown[], schema: Schema, path: string): object {
    this.#expect(schema, ['const', 'enum'], path);
    if (values.length === 0) throw this.#unsupported('one of no values', path);
    if (values.some((value) => typeof value === 'object' && value !== null))
      throw this.#unsupported('enum or const with an object or a list', path);
    return { enum: values };
  }

  #typed(schema: Schema, path: string): object {
    const type = schema['type'] ?? impliedType(schema);
    if (Array.isArray(type)) return this.#types(type, schema, path);
    switch (type) {
      case 'object':
        return this.#object(schema, path);
      case 'array':
        return this.#array(schema, path);
      case 'string':
        return this.#string(schema, path);
      case 'number':
      case 'integer':
      case 'boolean':
      case 'null':
        this.#expect(schema, [], path);
        return { type };
      default:
        throw this.#unsupported(`type ${JSON.stringify(type)}`, path);
    }
  }

  #types(types: readonly unknown[], schema: Schema, path: string): object {
    const [first, ...more] = types.map((type) => this.#typed({ ...ofType(type, schema), type }, path));
    return first && more.length === 0 ? first : { oneOf: [first, ...more] };
  }

  #object(schema: Schema, path: string): object {
    this.#expect(schema, ['properties', 'required', 'additionalProperties'], path);
    const properties = record(schema['properties']);
    const names = Object.keys(properties);
    const required = Array.isArray(schema['required']) ? schema['required'] : [];
    const missing = required.find((name) => !names.includes(String(name)));
    if (missing !== undefined && this.#options.isStrict)
      throw this.#unsupported(`required ${String(missing)}, which is no property,`, path);
    const more = schema['additionalProperties'] ?? names.length === 0;
    return {
      type: 'object',
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, value]) => [name, this.translate(value, `${path}/${name}`)]),
      ),
      // Those that may be there and need not be are left out, unless the object has no others.
      additionalProperties:
        names.length > 0 || more === false
          ? false
          : more === true || this.translate(more, `${path}/additionalProperties`),
    };
  }

  #array(schema: Schema, path: string): object {
    const { items, prefixItems, minItems, maxItems } = schema;
    this.#expect(schema, ['items', 'prefixItems', 'minItems', 'maxItems'], path);
    return {
      type: 'array',
      ...(items !== undefined && { items: this.translate(items, `${path}/items`) }),
      ...(Array.isArray(prefixItems) && {
        prefixItems: prefixItems.map((item, index) => this.translate(item, `${path}/${index}`)),
      }),
      ...this.#bounds({ minItems, maxItems }, path),
    };
  }

  #string(schema: Schema, path: string): object {
    const { format, minLength, maxLength } = schema;
    const isKnown = FORMATS.includes(format);
    this.#expect(schema, isKnown ? ['format'] : ['minLength', 'maxLength'], path);
    if (isKnown) return { type: 'string', format };
    return { type: 'string', ...this.#bounds({ minLength, maxLength }, path) };
  }

  /** The least and the most of something, where they are given. */
  #bounds(given: Readonly<Record<string, unknown>>, path: string): object {
    const bounds = Object.entries(given).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, this.#count(name, value, path)] as const],
    );
    const [least, most] = Object.values(given).map(Number);
    if (least !== undefined && most !== undefined && least > most)
      throw this.#unsupported(`at least ${least} and at most ${most}`, path);
    if (least === undefined || !(least > MOST_REQUIRED)) return Object.fromEntries(bounds);
    if (this.#options.isStrict) throw this.#unsupported(`at least ${least} of something`, path);
    return {};
  }

  #count(name: string, value: unknown, path: string): number {
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
    throw this.#unsupported(`${name} ${JSON.stringify(value)}`, path);
  }

  #expect(schema: Schema, known: readonly string[], path: string): void {
    const stray = Object.keys(schema).find((key) => !COMMON.includes(key) && !known.includes(key));
    if (stray !== undefined && this.#options.isStrict) throw this.#unsupported(stray, path);
  }

  #unsupported(what: string, path: string): EngineError {
    return unsupported(this.#options, what, path);
  }
}

function saysNothing(schema: Schema): boolean {
  return Object.keys(schema).every((key) => ANNOTATIONS.includes(key));
}

function impliedType(schema: Schema): string | undefined {
  if ('properties' in schema) return 'object';
  return 'items' in schema || 'prefixItems' in schema ? 'array' : undefined;
}

const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  object: ['properties', 'required', 'additionalProperties', 'patternProperties', 'minProperties'],
  array: ['items', 'prefixItems', 'minItems', 'maxItems', 'uniqueItems', 'contains'],
  string: ['minLength', 'maxLength', 'pattern', 'format'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
};

/** Without what concerns other types alone, where a schema allows several. */
function ofType(type: unknown, schema: Schema): Schema {
  const own = KEYWORDS[type === 'integer' ? 'number' : String(type)] ?? [];
  const others = Object.values(KEYWORDS).flat();
  return Object.fromEntries(
    Object.entries(schema).filter(([key]) => own.includes(key) || !others.includes(key)),
  );
}

function described({ description }: Schema): { readonly description?: string } {
  return typeof description === 'string' ? { description } : {};
}

function record(value: unknown): Schema {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
