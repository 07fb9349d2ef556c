/** `{name}` or `{name:40}`, with a full stop that is not the first of several. */
const PLACEHOLDER = /\{(\w+)(?::(\d+))?\}(\.(?!\.))?/g;
const SENTENCE_END = /[.!?…]$/;

/** The names that a reply mentions as `{name}` or `{name:40}`. */
export function placeholdersIn(template: string): string[] {
  return [...template.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');
}

/**
 * Puts values in place of `{name}`. `{name:40}` takes at most 40 words. A full stop after the placeholder
 * is left out when the value ends a sentence by itself.
 */
export function fillIn(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(PLACEHOLDER, (_, name: string, limit: string | undefined, stop = '') => {
    const value = firstWords(values[name] ?? '', limit === undefined ? Infinity : Number(limit));
    return SENTENCE_END.test(value) ? value : value + stop;
  });
}

/** Fills in every string inside a JSON value. */
export function fillInAll(value: unknown, values: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') return fillIn(value, values);
  if (Array.isArray(value)) return value.map((item) => fillInAll(item, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillInAll(item, values)]));
}

function firstWords(text: string, limit: number): string {
  const trimmed = text.trim();
  if (limit === Infinity) return trimmed;
  const words = trimmed.split(/\s+/);
  return words.length <= limit ? trimmed : `${words.slice(0, limit).join(' ')}…`;
}
