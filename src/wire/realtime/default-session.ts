import type { SessionConfig } from '../../realtime/session-config.ts';
import type { DialectName } from './dialect.ts';

/** What a session does before its client has said anything (contract 2.2, 3.2), as far as `deployment` is silent. */
export function defaultSessionConfig(
  dialect: DialectName,
  deployment: Partial<SessionConfig> = {},
): SessionConfig {
  return { ...SHARED, ...(dialect === 'ga' ? GA : PREVIEW), ...deployment };
}

const PREVIEW = { voice: 'alloy', temperature: 0.8 };
const GA = { voice: 'marin', temperature: undefined };

/** Without the services' own prompt: what a small model is to be told is for its operator to say. */
const SHARED: Omit<SessionConfig, 'voice' | 'temperature'> = {
  purpose: 'conversation',
  instructions: '',
  modality: 'audio',
  speed: 1,
  maxOutputTokens: undefined,
  inputFormat: 'pcm16',
  outputFormat: 'pcm16',
  transcription: undefined,
  noiseReduction: undefined,
  turnDetection: {
    type: 'server-vad',
    threshold: 0.5,
    prefixPaddingMs: 300,
    silenceDurationMs: 200,
    idleTimeoutMs: undefined,
    createResponse: true,
    interruptResponse: true,
  },
  tools: [],
  toolChoice: 'auto',
  parallelToolCalls: undefined,
  truncation: 'auto',
  echo: {},
};
