/** A tool as requests carry it. */
export interface ToolDefinition {
  readonly type: 'function';
  readonly function: { readonly name: string } & Readonly<Record<string, unknown>>;
}

export type ParsedTools =
  | { readonly ok: true; readonly tools: readonly ToolDefinition[] }
  | { readonly ok: false; readonly fault: 'json' | 'list' | 'name' };

/**
 * Reads the definitions that somebody typed: a list, or one alone, of functions as requests carry them, or of
 * what stands inside `function`. Nothing typed is no tools.
 */
export function parseTools(source: string): ParsedTools {
  if (source.trim() === '') return { ok: true, tools: [] };
  const value = parseJson(source);
  if (value === undefined) return { ok: false, fault: 'json' };
  const tools: ToolDefinition[] = [];
  for (const entry of Array.isArray(value) ? value : [value]) {
    if (!isObject(entry)) return { ok: false, fault: 'list' };
    const definition = isObject(entry['function']) ? entry['function'] : entry;
    const { type: _, ...rest } = definition;
    const { name } = rest;
    if (typeof name !== 'string' || name === '') return { ok: false, fault: 'name' };
    tools.push({ type: 'function', function: { ...rest, name } });
  }
  return { ok: true, tools };
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
