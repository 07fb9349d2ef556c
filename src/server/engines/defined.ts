/** Without the members that are undefined, for options that may be left out but not be undefined. */
export function defined<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const members = Object.entries(options).filter(([, value]) => value !== undefined);
  // Entries lose the type of the object they are of.
  return Object.fromEntries(members) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
