import { type AudioFormat, dialectOf, type RealtimeSettings } from './settings.ts';
import { parseParameters, toolFault } from './tool-setting.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What `session.update` carries to make a session as it is set; what is left to the deployment is left out. */
export function toSession(settings: RealtimeSettings): Fields {
  return dialectOf(settings.address) === 'preview' ? toPreviewSession(settings) : toGaSession(settings);
}

function toPreviewSession(settings: RealtimeSettings): Fields {
  return withoutUndefined({
    modalities: settings.modality === 'audio' ? ['text', 'audio'] : ['text'],
    instructions: settings.instructions || undefined,
    voice: settings.voice || undefined,
    input_audio_format: settings.inputFormat,
    output_audio_format: settings.outputFormat,
    input_audio_transcription: transcriptionOf(settings),
    input_audio_noise_reduction: noiseReductionOf(settings),
    turn_detection: turnDetectionOf(settings),
    tools: toolsOf(settings),
    tool_choice: settings.toolChoice,
    temperature: settings.temperature ?? undefined,
    max_response_output_tokens: settings.maxOutputTokens ?? 'inf',
  });
}

function toGaSession(settings: RealtimeSettings): Fields {
  return withoutUndefined({
    type: 'realtime',
    output_modalities: [settings.modality],
    instructions: settings.instructions || undefined,
    audio: {
      input: {
        format: toGaFormat(settings.inputFormat),
        transcription: transcriptionOf(settings),
        noise_reduction: noiseReductionOf(settings),
        turn_detection: turnDetectionOf(settings),
      },
      output: withoutUndefined({
        format: toGaFormat(settings.outputFormat),
        voice: settings.voice || undefined,
        speed: settings.speed,
      }),
    },
    tools: toolsOf(settings),
    tool_choice: settings.toolChoice,
    max_output_tokens: settings.maxOutputTokens ?? 'inf',
  });
}

function toGaFormat(format: AudioFormat): Fields {
  if (format === 'pcm16') return { type: 'audio/pcm', rate: 24_000 };
  return { type: format === 'g711_ulaw' ? 'audio/pcmu' : 'audio/pcma' };
}

function transcriptionOf(settings: RealtimeSettings): Fields | null {
  if (!settings.isTranscribed) return null;
  return withoutUndefined({
    model: settings.transcriptionModel,
    language: settings.transcriptionLanguage || undefined,
  });
}

function noiseReductionOf({ noiseReduction }: RealtimeSettings): Fields | null {
  return noiseReduction === 'none' ? null : { type: noiseReduction };
}

function turnDetectionOf({ turnDetection, address }: RealtimeSettings): Fields | null {
  const { type, createResponse, interruptResponse } = turnDetection;
  const replies = { create_response: createResponse, interrupt_response: interruptResponse };
  if (type === 'none') return null;
  if (type === 'semantic_vad') return { type, eagerness: turnDetection.eagerness, ...replies };
  return {
    type,
    threshold: turnDetection.threshold,
    prefix_padding_ms: turnDetection.prefixPaddingMs,
    silence_duration_ms: turnDetection.silenceDurationMs,
    ...(dialectOf(address) === 'ga' && { idle_timeout_ms: turnDetection.idleTimeoutMs }),
    ...replies,
  };
}

function toolsOf({ tools }: RealtimeSettings): readonly Fields[] {
  return tools
    .filter((tool) => toolFault(tool) === undefined)
    .map(({ name, description, parameters }) => ({
      type: 'function',
      name,
      description,
      parameters: parseParameters(parameters),
    }));
}

function withoutUndefined(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
