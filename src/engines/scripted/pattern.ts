/** A text to look for, or a regular expression between slashes. Case does not matter to either. */
export interface Pattern {
  /** Names that a match gives values to: `1`, `2` and so on, and the names of named groups. */
  readonly groups: readonly string[];
  /** The values of the groups, or undefined when `text` does not match. */
  match(text: string): Readonly<Record<string, string>> | undefined;
}

/** @throws {SyntaxError} when a regular expression can not be read. */
export function toPattern(source: string): Pattern {
  const expression = /^\/(.+)\/$/s.exec(source)?.[1];
  return expression === undefined ? containedText(source) : regularExpression(expression);
}

function containedText(wanted: string): Pattern {
  const folded = wanted.toLowerCase();
  return { groups: [], match: (text) => (text.toLowerCase().includes(folded) ? {} : undefined) };
}

function regularExpression(source: string): Pattern {
  const expression = new RegExp(source, 'iu');
  return {
    groups: groupsOf(source),
    match(text) {
      const found = expression.exec(text);
      if (!found) return undefined;
      const numbered = found.slice(1).map((value, index) => [String(index + 1), value ?? '']);
      const named = Object.entries(found.groups ?? {}).map(([name, value]) => [name, value ?? '']);
      return Object.fromEntries([...numbered, ...named]);
    },
  };
}

function groupsOf(source: string): string[] {
  // With an empty alternative the expression matches anything, and the match lists every group.
  const found = new RegExp(`${source}|`, 'iu').exec('');
  const numbered = (found?.slice(1) ?? []).map((_, index) => String(index + 1));
  return [...numbered, ...Object.keys(found?.groups ?? {})];
}
