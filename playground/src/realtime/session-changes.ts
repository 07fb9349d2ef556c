import { toSession } from './session-object.ts';
import type { RealtimeSettings } from './settings.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Objects that servers merge field by field; any other value is set as a whole. */
const MERGED = new Set(['audio', 'audio.input', 'audio.output']);

/**
 * What `session.update` has to say when settings change while a session runs: only what changed, because some
 * fields, such as the voice, can not be told again later. `undefined` when there is nothing to say.
 */
export function sessionChanges(before: RealtimeSettings, after: RealtimeSettings): Fields | undefined {
  const session = toSession(after);
  const changes = changedFields(toSession(before), session, '');
  if (Object.keys(changes).length === 0) return undefined;
  return 'type' in session ? { type: session['type'], ...changes } : changes;
}

function changedFields(before: Fields, after: Fields, path: string): Fields {
  const changes: Record<string, unknown> = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, next] = [before[name], after[name]];
    if (JSON.stringify(old) === JSON.stringify(next)) continue;
    // A field that is left to the deployment again is set back by `null`.
    if (next === undefined) changes[name] = null;
    else if (MERGED.has(path + name))
      changes[name] = changedFields(old as Fields, next as Fields, `${path}${name}.`);
    else changes[name] = next;
  }
  return changes;
}
