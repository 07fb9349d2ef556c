import type { FastifyInstance } from 'fastify';
import { HEALTH_PATH } from '../home/running.ts';

/** What `GET /health` tells, without a key: nothing about callers, nothing secret. */
export interface HealthReport {
  readonly status: 'ok';
  readonly service: 'samtal';
  readonly version: string;
  readonly instance: string;
  /** Which engines answer for each deployment; `null` where none does. */
  readonly deployments: Readonly<
    Record<
      string,
      { readonly hears: string | null; readonly thinks: string | null; readonly speaks: string | null }
    >
  >;
  /** What an operator should know, such as that the scripted model is what answers. */
  readonly notices: readonly string[];
}

export function healthRoute(app: FastifyInstance, report: () => HealthReport): void {
  app.get(HEALTH_PATH, async () => report());
}
