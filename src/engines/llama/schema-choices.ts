type Schemas = Readonly<Record<string, unknown>>;

/** The definition that can be itself without anything around it, which a grammar reads for ever; the first if several. */
export function endlessDefinition($defs: Schemas): string | undefined {
  return Object.keys($defs).find((name) => isEndless(name, $defs));
}

function isEndless(name: string, $defs: Schemas): boolean {
  const reached = new Set<unknown>();
  const reach = (schema: unknown): void => {
    const { next, choices } = read(schema);
    for (const choice of choices) reach(choice);
    if (next === undefined || reached.has(next)) return;
    reached.add(next);
    reach($defs[next]);
  };
  reach($defs[name]);
  return reached.has(name);
}

/**
 * In how many ways one place of a schema may begin, at the place with the most: llama.cpp follows all of them at once.
 * None of the definitions is endless.
 */
export function mostChoices(schema: unknown, $defs: Schemas): number {
  const known = new Map<string, number>();
  const count = (given: unknown): number => {
    const { next, choices } = read(given);
    if (next === undefined) return choices.reduce<number>((total, choice) => total + count(choice), 0) || 1;
    const ways = known.get(next) ?? count($defs[next]);
    known.set(next, ways);
    return ways;
  };
  let most = 0;
  for (const each of partsOf({ schema, $defs })) most = Math.max(most, count(each));
  return most;
}

/** What is in a schema, and it. */
function* partsOf(value: unknown): Generator<unknown> {
  if (typeof value !== 'object' || value === null) return;
  yield value;
  for (const part of Object.values(value)) yield* partsOf(part);
}

/** What can stand in the place of a translated schema: a definition, or one of several. */
function read(schema: unknown): { readonly next?: string; readonly choices: readonly unknown[] } {
  const { $ref, oneOf }: Schemas = { ...Object(schema) };
  if (typeof $ref === 'string') return { next: $ref.slice('#/$defs/'.length), choices: [] };
  return { choices: Array.isArray(oneOf) ? oneOf : [] };
}
