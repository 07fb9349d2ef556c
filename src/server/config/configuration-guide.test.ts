import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parseConfig } from './load-config.ts';
import { configJsonSchema } from './schema.ts';

const guide = readFileSync(resolve(import.meta.dirname, '../../../docs/guide/configuration.md'), 'utf8');

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly oneOf?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
}

/** `auth.keys[].name`, `engines.<name>.type`: the settings that hold no further ones. */
function settingsOf(node: SchemaNode, path: string): string[] {
  const forms = node.oneOf ?? node.anyOf ?? [];
  if (forms.length > 0) return forms.flatMap((form) => settingsOf(form, path));
  if (node.items) return settingsOf(node.items, `${path}[]`);
  const { properties, additionalProperties } = node;
  if (properties) {
    return Object.entries(properties).flatMap(([key, child]) =>
      settingsOf(child, path ? `${path}.${key}` : key),
    );
  }
  if (typeof additionalProperties !== 'object' || Object.keys(additionalProperties).length === 0)
    return [path];
  return settingsOf(additionalProperties, `${path}.<name>`);
}

/** The code in the first cell of each table row. */
function settingsInGuide(): string[] {
  const cells = guide.split('\n').map((line) => /^\| (`[^|]+`) \|/.exec(line)?.[1] ?? '');
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''));
}

test('the guide explains every setting and no other', () => {
  const settings = [...new Set(settingsOf(configJsonSchema(), ''))].sort();
  expect(settings).toContain('auth.entra.grants[].appRole');
  expect([...new Set(settingsInGuide())].sort()).toEqual(settings);
});

test('the examples of the guide are valid', () => {
  const examples = [...guide.matchAll(/```json\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  expect(examples.length).toBeGreaterThan(2);
  for (const example of examples) parseConfig(example, '/etc/samtal.config.json');
});
