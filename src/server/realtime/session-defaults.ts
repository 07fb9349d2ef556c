import type { SessionConfig } from '../../realtime/session-config.ts';
import { type DialectName, defaultSessionConfig } from '../../wire/realtime/index.ts';
import type { Deployment } from '../deployment.ts';

/** What a session of `deployment` does before its client has said anything. */
export function sessionDefaults(
  dialect: DialectName,
  purpose: SessionConfig['purpose'],
  deployment: Deployment | undefined,
): SessionConfig {
  const config = { ...defaultSessionConfig(dialect), purpose };
  if (!deployment) return config;
  const { voice, instructions, temperature, maxOutputTokens } = deployment.defaults;
  return {
    ...config,
    voice: voice ?? config.voice,
    instructions,
    temperature: temperature ?? config.temperature,
    maxOutputTokens,
  };
}
