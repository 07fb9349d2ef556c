import type { JobPoolStatus } from '../../util/jobs/job-pool.ts';
import type { OpenedEngine } from './opened-engine.ts';

/** An engine that works in a pool of its own. */
interface PooledEngine {
  warm(): Promise<void>;
  readonly status: JobPoolStatus;
}

/** What its host needs to start it and to know how it is. */
export function supervised(engine: PooledEngine): Required<Pick<OpenedEngine, 'warm' | 'trouble'>> {
  return {
    warm: async () => await engine.warm(),
    trouble: () => engine.status.trouble,
  };
}
