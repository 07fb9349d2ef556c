/**
 * A file name for a clip that no other has, that needs no quotes in a shell, and that ends as its format does:
 * programs read the clip from a file of this name.
 */
export function freeName(wanted: string, suffix: string, taken: readonly string[]): string {
  const stem =
    wanted
      .replace(/\.[^./]*$/, '')
      .replace(/[^\p{L}\p{N}_-]+/gu, '-')
      .replace(/^-+|-+$/g, '') || 'audio';
  let name = `${stem}.${suffix}`;
  for (let count = 2; taken.includes(name); count++) name = `${stem}-${count}.${suffix}`;
  return name;
}
