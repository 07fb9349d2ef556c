import type { FastifyInstance } from 'fastify';
import type { MissingPart } from '../../wire/management/deployment-object.ts';
import { HEALTH_PATH, healthAnswer } from '../home/running.ts';
import type { DeploymentRegistry } from '../management/deployment-registry.ts';

/** What `GET /health` tells, without a key: nothing about callers, nothing secret. */
export interface HealthReport {
  readonly status: 'ok';
  readonly service: 'samtal';
  readonly version: string;
  readonly instance: string;
  /** Which engines answer for each deployment. */
  readonly deployments: Readonly<Record<string, DeploymentHealth>>;
  /** What does the work in a deployment that names no engine, and why that; `null` where nothing does. */
  readonly defaults: Readonly<
    Record<DefaultRole, { readonly engine: string; readonly because: string } | null>
  >;
  /** What hears in realtime sessions when somebody speaks. */
  readonly voiceActivity: string;
  /** What an operator should know, such as that the scripted model is what answers. */
  readonly notices: readonly string[];
}

export type DefaultRole = 'hears' | 'thinks' | 'speaks';

interface DeploymentHealth {
  /** Names of engines; `null` where none answers. */
  readonly hears: string | null;
  readonly thinks: string | null;
  readonly speaks: string | null;
  /** What keeps a part from working, or from working as well as it could, with the remedy. */
  readonly missing: readonly MissingPart[];
}

export function healthRoute(app: FastifyInstance, report: () => HealthReport): void {
  app.get(HEALTH_PATH, async () => report());
}

export function toHealthReport(server: {
  readonly instance: string;
  readonly version: string;
  readonly registry: DeploymentRegistry;
  readonly defaults: HealthReport['defaults'];
  readonly voiceActivity: string;
  readonly notices: readonly string[];
}): HealthReport {
  const { registry, defaults, voiceActivity, notices } = server;
  const deployments = registry.served.list().map(({ name, recognizer, responder, synthesizer }) => {
    const answering = {
      hears: recognizer?.name ?? null,
      thinks: responder?.name ?? null,
      speaks: synthesizer?.name ?? null,
    };
    return [name, { ...answering, missing: registry.find(name)?.missing ?? [] }] as const;
  });
  return {
    ...healthAnswer(server),
    deployments: Object.fromEntries(deployments),
    defaults,
    voiceActivity,
    notices,
  };
}
