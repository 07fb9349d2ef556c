export interface WordErrors {
  readonly errors: number;
  readonly words: number;
}

/** The least number of words to insert, delete or replace to make `heard` of `said` (Levenshtein, by words). */
export function countWordErrors(said: string, heard: string): WordErrors {
  const expected = toWords(said);
  const actual = toWords(heard);
  let row = actual.map((_, index) => index + 1);
  for (const [i, word] of expected.entries()) {
    const next: number[] = [];
    for (const [j, other] of actual.entries()) {
      const above = row[j] ?? 0;
      const left = j === 0 ? i + 1 : (next[j - 1] ?? 0);
      const diagonal = j === 0 ? i : (row[j - 1] ?? 0);
      next.push(Math.min(above + 1, left + 1, diagonal + (word === other ? 0 : 1)));
    }
    row = next;
  }
  return { errors: row.at(-1) ?? expected.length, words: expected.length };
}

/** Two readings of one speech differ in case and punctuation without differing in words. */
function toWords(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
}
