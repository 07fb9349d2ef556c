import type { ToolChoice, ToolDefinition } from '../../engine/language-model.ts';
import type { InputTranscription, SessionConfig, TurnDetection } from '../../realtime/session-config.ts';
import type { WireObject } from './dialect.ts';

/** Parts of a session object that both dialects write alike. Every default is filled in (contract 7.4). */

export function toolObject({ name, description, parameters }: ToolDefinition): WireObject {
  return {
    type: 'function',
    name,
    ...(description !== undefined && { description }),
    ...(parameters !== undefined && { parameters }),
  };
}

export function toolChoiceValue(choice: ToolChoice): string | WireObject {
  return typeof choice === 'string' ? choice : { type: 'function', name: choice.name };
}

export function maxTokensValue({ maxOutputTokens }: SessionConfig): number | 'inf' {
  return maxOutputTokens ?? 'inf';
}

export function transcriptionObject(transcription: InputTranscription | undefined): WireObject | null {
  if (!transcription) return null;
  const { model, language, prompt } = transcription;
  return {
    model: model ?? 'whisper-1',
    ...(language !== undefined && { language }),
    ...(prompt !== undefined && { prompt }),
  };
}

export function noiseReductionObject({ noiseReduction }: SessionConfig): WireObject | null {
  return noiseReduction ? { type: noiseReduction.replace('-', '_') } : null;
}

/** How long a turn is waited for, without what happens then. */
export function pauseObject(turns: TurnDetection): WireObject {
  if (turns.type === 'semantic-vad') return { type: 'semantic_vad', eagerness: turns.eagerness };
  return {
    type: 'server_vad',
    threshold: turns.threshold,
    prefix_padding_ms: turns.prefixPaddingMs,
    silence_duration_ms: turns.silenceDurationMs,
  };
}

export function consequenceObject(turns: TurnDetection): WireObject {
  return { create_response: turns.createResponse, interrupt_response: turns.interruptResponse };
}
