import { findWanted, type UnknownName, type Wanted } from '../../server/models/wanted.ts';
import { UsageError } from '../cli-error.ts';

/** @throws {UsageError} for a name that is none of a model, a package or a preset. */
export function wantedBy(command: string, names: readonly string[]): Wanted {
  const wanted = findWanted(names);
  if ('unknown' in wanted) throw unknownName(command, wanted);
  return wanted;
}

function unknownName(command: string, { unknown, nearest }: UnknownName): UsageError {
  const advice = nearest ? `Did you mean samtal ${command} ${nearest}?` : 'samtal pull lists what there is.';
  return new UsageError(`samtal ${command} has no "${unknown}". ${advice}`);
}
