import { describe, expect, test } from 'vitest';
import { toGrammarSchema } from './grammar-schema.ts';

const strict = (schema: Record<string, unknown>): object =>
  toGrammarSchema(schema, { of: 'response_format', isStrict: true });

test('an object keeps its properties and their kinds', () => {
  expect(
    strict({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      title: 'A booking',
      properties: {
        name: { type: 'string', minLength: 1, description: 'Who books.' },
        day: { type: 'string', format: 'date' },
        people: { type: 'integer' },
        tables: { type: 'array', items: { type: 'number' }, minItems: 1, maxItems: 3 },
        kind: { enum: ['lunch', 'dinner', null] },
      },
      required: ['name'],
      additionalProperties: false,
    }),
  ).toEqual({
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 1, description: 'Who books.' },
      day: { type: 'string', format: 'date' },
      people: { type: 'integer' },
      tables: { type: 'array', items: { type: 'number' }, minItems: 1, maxItems: 3 },
      kind: { enum: ['lunch', 'dinner', null] },
    },
    additionalProperties: false,
  });
});

test('choices, several types and constants become alternatives', () => {
  expect(strict({ anyOf: [{ const: 1 }, { type: ['string', 'null'], maxLength: 5 }] })).toEqual({
    oneOf: [{ enum: [1] }, { oneOf: [{ type: 'string', maxLength: 5 }, { type: 'null' }] }],
  });
});

test('references lead to definitions under either name, also to themselves', () => {
  const node = { type: 'object', properties: { next: { $ref: '#/definitions/node' } } };
  expect(strict({ $ref: '#/definitions/node', definitions: { node } })).toEqual({
    $ref: '#/$defs/node',
    $defs: {
      node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } }, additionalProperties: false },
    },
  });
});

test('an object without properties may hold any', () => {
  expect(strict({ type: 'object' })).toEqual({ type: 'object', properties: {}, additionalProperties: true });
});

/** Definitions each of which is the next one or the next one. */
function doubled(levels: number): Record<string, unknown> {
  const $defs: Record<string, unknown> = { [`d${levels}`]: { type: 'null' } };
  for (let level = 0; level < levels; level += 1) {
    const next = { $ref: `#/$defs/d${level + 1}` };
    $defs[`d${level}`] = { anyOf: [next, next] };
  }
  return { type: 'object', properties: { a: { $ref: '#/$defs/d0' } }, $defs };
}

test('definitions may lead to each other in many ways', () => {
  expect(strict(doubled(13))).toMatchObject({ properties: { a: { $ref: '#/$defs/d0' } } });
});

describe('what a grammar can not keep', () => {
  test.each([
    ['pattern', { type: 'string', pattern: '^a' }],
    ['format', { type: 'string', format: 'email' }],
    ['minimum', { type: 'integer', minimum: 1 }],
    ['uniqueItems', { type: 'array', items: { type: 'string' }, uniqueItems: true }],
    ['patternProperties', { type: 'object', patternProperties: { a: { type: 'string' } } }],
    ['allOf', { type: 'object', allOf: [{ type: 'object' }] }],
    ['required b', { type: 'object', properties: { a: { type: 'string' } }, required: ['b'] }],
    ['enum or const', { const: { a: 1 } }],
    ['$ref #/properties/a', { $ref: '#/properties/a' }],
    ['type "date"', { type: 'date' }],
    ['one of no choices', { anyOf: [] }],
    ['one of no values', { enum: [] }],
    ['minLength -1', { type: 'string', minLength: -1 }],
    ['maxItems 2.5', { type: 'array', maxItems: 2.5 }],
    ['at least 9 and at most 3', { type: 'string', minLength: 9, maxLength: 3 }],
    ['at least 3000 of something', { type: 'array', items: { type: 'integer' }, minItems: 3000 }],
    ['$ref #/$defs/nope', { $ref: '#/$defs/nope' }],
    ['$defs/a, which is nothing but itself', { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } }],
    [
      '$defs/a, which is nothing but itself',
      {
        $ref: '#/$defs/a',
        $defs: { a: { anyOf: [{ type: 'null' }, { $ref: '#/$defs/b' }] }, b: { $ref: '#/$defs/a' } },
      },
    ],
    ['one of more than 10000 choices', doubled(14)],
    ['one of more than 10000 choices', doubled(60)],
    ['a schema that is false', { type: 'object', properties: { a: false } }],
  ])('is refused with its name: %s', (name, schema) => {
    expect(() => strict(schema)).toThrowError(
      expect.objectContaining({
        reason: 'unsupported',
        message: expect.stringContaining(`response_format asks for ${name}`),
      }),
    );
  });

  test('is told with its place', () => {
    const schema = { type: 'object', properties: { code: { type: 'string', pattern: '^a' } } };
    expect(() => strict(schema)).toThrowError(/pattern \(at \/code\)/);
  });

  test('is left to the model where a tool is not strict', () => {
    const options = { of: 'The tool find', isStrict: false };
    expect(toGrammarSchema({ type: 'string', format: 'email', pattern: '@' }, options)).toEqual({
      type: 'string',
    });
  });

  test('is refused when it is too deep to be written by hand', () => {
    let schema: Record<string, unknown> = { type: 'string' };
    for (let level = 0; level < 40; level += 1) schema = { type: 'array', items: schema };
    expect(() => strict(schema)).toThrowError(/more than 32 levels/);
  });
});
