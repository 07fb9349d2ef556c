/**
 * The share of words that were heard wrong: insertions, deletions and substitutions over the number of
 * words said. Case and punctuation do not count.
 */
export function wordErrorRate(said: string, heard: string): number {
  const words = toWords(said);
  return distance(words, toWords(heard)) / words.length;
}

function toWords(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
}

/** Levenshtein's, row by row. */
function distance(one: readonly string[], other: readonly string[]): number {
  let row = [0, ...other.map((_, index) => index + 1)];
  for (const [index, word] of one.entries()) {
    const next = [index + 1];
    for (const [column, otherWord] of other.entries()) {
      const substituted = (row[column] ?? 0) + Number(word !== otherWord);
      next.push(Math.min(substituted, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
