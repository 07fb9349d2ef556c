import { randomUUID } from 'node:crypto';
import type { Clock } from '../../util/clock.ts';
import type { ResourceHistory } from '../../wire/management/deployment-object.ts';
import type { StoredResource } from '../store/deployment-store.ts';

export interface VersionChange {
  /** The id of a principal. */
  readonly caller: string;
  /** Of the resource as it is; undefined for one that is being made. */
  readonly history: ResourceHistory | undefined;
  readonly clock: Clock;
}

/** The revision and the history of a resource that `caller` makes or changes. */
export function nextVersion({ caller, history, clock }: VersionChange): Omit<StoredResource, 'settings'> {
  const now = clock.now();
  const { createdAt, createdBy } = history ?? { createdAt: now, createdBy: caller };
  return { revision: randomUUID(), createdAt, createdBy, modifiedAt: now, modifiedBy: caller };
}
