import type { SessionSnapshot } from '../../../realtime/session-event.ts';
import type { WireObject } from '../dialect.ts';
import { spellFormat } from '../flat-input.ts';
import {
  consequenceObject,
  maxTokensValue,
  noiseReductionObject,
  pauseObject,
  toolChoiceValue,
  toolObject,
  transcriptionObject,
} from '../session-object.ts';

/** The temperature of the services, where a session that began in the other dialect has none. */
export const TEMPERATURE = 0.8;

export function sessionObject(snapshot: SessionSnapshot): WireObject {
  return snapshot.config.purpose === 'transcription'
    ? transcriptionSession(snapshot)
    : conversation(snapshot);
}

function conversation({ id, model, expiresAt, config }: SessionSnapshot): WireObject {
  const { turnDetection } = config;
  return {
    id,
    object: 'realtime.session',
    model,
    expires_at: expiresAt,
    modalities: config.modality === 'audio' ? ['audio', 'text'] : ['text'],
    instructions: config.instructions,
    voice: config.voice,
    input_audio_format: spellFormat(config.inputFormat, config.echo['input_audio_format']),
    output_audio_format: spellFormat(config.outputFormat, config.echo['output_audio_format']),
    input_audio_transcription: transcriptionObject(config.transcription),
    turn_detection: turnDetection
      ? { ...pauseObject(turnDetection), ...consequenceObject(turnDetection) }
      : null,
    input_audio_noise_reduction: noiseReductionObject(config),
    tools: config.tools.map(toolObject),
    tool_choice: toolChoiceValue(config.toolChoice),
    temperature: config.temperature ?? TEMPERATURE,
    max_response_output_tokens: maxTokensValue(config),
    speed: config.speed,
    client_secret: null,
    include: null,
    tracing: config.echo['tracing'] ?? null,
  };
}

function transcriptionSession({ id, expiresAt, config }: SessionSnapshot): WireObject {
  return {
    id,
    object: 'realtime.transcription_session',
    expires_at: expiresAt,
    input_audio_format: spellFormat(config.inputFormat, config.echo['input_audio_format']),
    input_audio_transcription: transcriptionObject(config.transcription),
    turn_detection: config.turnDetection ? pauseObject(config.turnDetection) : null,
    input_audio_noise_reduction: noiseReductionObject(config),
    client_secret: null,
    include: null,
  };
}
