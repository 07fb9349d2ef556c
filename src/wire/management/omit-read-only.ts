import { isJsonObject, type JsonObject } from '../../util/merge-patch.ts';

/**
 * `resource` without what `readOnly` has `true` for: what a resource tells of itself and nobody sets. Whoever sends
 * back what they got sends that as well.
 */
export function omitReadOnly(resource: JsonObject, readOnly: JsonObject): JsonObject {
  const members = Object.entries(resource).flatMap(([name, value]): [string, unknown][] => {
    const inside = Object.hasOwn(readOnly, name) ? readOnly[name] : undefined;
    if (inside === true) return [];
    return [[name, isJsonObject(inside) && isJsonObject(value) ? omitReadOnly(value, inside) : value]];
  });
  return Object.fromEntries(members);
}
