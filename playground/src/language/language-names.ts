/** The language to name where there is no room for all: the reader's, if it is among them, else the first. */
export function firstLanguage(tags: readonly string[], reader: string): string | undefined {
  return tags.find((tag) => tag === reader || tag.startsWith(`${reader}-`)) ?? tags[0];
}

export interface ShortLanguages {
  /** All of them, for who asks. */
  readonly all: readonly string[];
  /** Up to two; of more, the reader's own or the first. */
  readonly shown: readonly string[];
  /** How many there are besides. */
  readonly more: number;
}

/** Languages for a place that has no room for many; `undefined` where there are none. */
export function shortLanguages(tags: readonly string[], reader: string): ShortLanguages | undefined {
  const first = firstLanguage(tags, reader);
  if (first === undefined) return undefined;
  const all = languageNames(tags, reader);
  const shown = all.length <= 2 ? all : languageNames([first], reader);
  return { all, shown, more: all.length - shown.length };
}

/** The languages of an engine, in the words of `reader`, such as `English` for `en`. A tag without a name stays. */
export function languageNames(tags: readonly string[], reader: string): readonly string[] {
  const names = new Intl.DisplayNames(reader, { type: 'language', fallback: 'code' });
  const read = tags.map((tag) => nameOf(tag, names));
  return [...new Set(read)].toSorted((one, other) => one.localeCompare(other, reader));
}

function nameOf(tag: string, names: Intl.DisplayNames): string {
  try {
    return names.of(tag) ?? tag;
  } catch {
    // An engine may name what is no language tag (BCP 47), such as `*`.
    return tag;
  }
}
