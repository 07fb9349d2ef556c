export type JsonObject = { readonly [name: string]: unknown };

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * `target` with what `patch` says of it: objects are merged, null takes a member away, anything else takes its place
 * (RFC 7396). Neither is changed.
 */
export function mergePatch(target: unknown, patch: JsonObject): JsonObject {
  // A map, as an object would take a member named `__proto__` for its prototype.
  const merged = new Map(Object.entries(isJsonObject(target) ? target : {}));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, isJsonObject(value) ? mergePatch(merged.get(name), value) : value);
  }
  return Object.fromEntries(merged);
}
