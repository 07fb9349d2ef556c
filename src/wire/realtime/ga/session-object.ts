import type { SessionConfig, TurnDetection, WireAudioFormat } from '../../../realtime/session-config.ts';
import type { SessionSnapshot } from '../../../realtime/session-event.ts';
import type { WireObject } from '../dialect.ts';
import {
  consequenceObject,
  maxTokensValue,
  noiseReductionObject,
  pauseObject,
  toolChoiceValue,
  toolObject,
  transcriptionObject,
} from '../session-object.ts';

export function sessionObject(snapshot: SessionSnapshot): WireObject {
  return snapshot.config.purpose === 'transcription'
    ? transcriptionSession(snapshot)
    : conversation(snapshot);
}

export function formatObject(format: WireAudioFormat): WireObject {
  if (format === 'pcm16') return { type: 'audio/pcm', rate: 24_000 };
  return { type: format === 'g711-ulaw' ? 'audio/pcmu' : 'audio/pcma' };
}

function conversation({ id, model, expiresAt, config }: SessionSnapshot): WireObject {
  const { turnDetection, echo } = config;
  return {
    type: 'realtime',
    object: 'realtime.session',
    id,
    model,
    output_modalities: [config.modality],
    instructions: config.instructions,
    tools: config.tools.map(toolObject),
    tool_choice: toolChoiceValue(config.toolChoice),
    max_output_tokens: maxTokensValue(config),
    tracing: echo['tracing'] ?? null,
    truncation: config.truncation,
    prompt: null,
    expires_at: expiresAt,
    audio: {
      input: inputObject(config, turnDetection ? turnDetectionObject(turnDetection) : null),
      output: { format: formatObject(config.outputFormat), voice: config.voice, speed: config.speed },
    },
    include: null,
    ...(echo['reasoning'] ? { reasoning: echo['reasoning'] } : {}),
  };
}

function transcriptionSession({ id, expiresAt, config }: SessionSnapshot): WireObject {
  const { turnDetection } = config;
  return {
    type: 'transcription',
    object: 'realtime.transcription_session',
    id,
    expires_at: expiresAt,
    audio: { input: inputObject(config, turnDetection ? pauseObject(turnDetection) : null) },
    include: null,
  };
}

function inputObject(config: SessionConfig, turnDetection: WireObject | null): WireObject {
  return {
    format: formatObject(config.inputFormat),
    transcription: transcriptionObject(config.transcription),
    noise_reduction: noiseReductionObject(config),
    turn_detection: turnDetection,
  };
}

function turnDetectionObject(turns: TurnDetection): WireObject {
  const idle = turns.type === 'server-vad' ? { idle_timeout_ms: turns.idleTimeoutMs ?? null } : {};
  return { ...pauseObject(turns), ...idle, ...consequenceObject(turns) };
}
