/** The language to name where there is no room for all: the reader's, if it is among them, else the first. */
export function firstLanguage(tags: readonly string[], reader: string): string | undefined {
  return tags.find((tag) => tag === reader || tag.startsWith(`${reader}-`)) ?? tags[0];
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
