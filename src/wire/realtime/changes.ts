import type { ResponseOptions, SessionConfig } from '../../realtime/session-config.ts';
import type { ReplyFields, SessionFields } from './session-fields.ts';

/** What an update changes: only what it names, and `null` becomes the default. */
export function toChanges(fields: SessionFields, defaults: SessionConfig): Partial<SessionConfig> {
  const maxOutputTokens = fields.maxOutputTokens === 'inf' ? null : fields.maxOutputTokens;
  return {
    ...given('purpose', fields.purpose, defaults.purpose),
    ...given('instructions', fields.instructions, defaults.instructions),
    ...given('modality', fields.modality, defaults.modality),
    ...given('voice', fields.voice, defaults.voice),
    ...given('speed', fields.speed, defaults.speed),
    ...given('temperature', fields.temperature, defaults.temperature),
    ...given('maxOutputTokens', maxOutputTokens, undefined),
    ...given('inputFormat', fields.inputFormat, defaults.inputFormat),
    ...given('outputFormat', fields.outputFormat, defaults.outputFormat),
    ...given('transcription', fields.transcription, undefined),
    ...given('noiseReduction', fields.noiseReduction, undefined),
    ...given('turnDetection', fields.turnDetection, undefined),
    ...given('tools', fields.tools, defaults.tools),
    ...given('toolChoice', fields.toolChoice, defaults.toolChoice),
    ...given('parallelToolCalls', fields.parallelToolCalls, undefined),
    ...given('truncation', fields.truncation, defaults.truncation),
    ...given('echo', fields.echo, {}),
  };
}

/** What one response does differently; `null` is as good as nothing said. */
export function toReplyOptions(fields: ReplyFields): ResponseOptions {
  return {
    modality: fields.modality ?? undefined,
    instructions: fields.instructions ?? undefined,
    voice: fields.voice ?? undefined,
    outputFormat: fields.outputFormat ?? undefined,
    tools: fields.tools ?? undefined,
    toolChoice: fields.toolChoice ?? undefined,
    parallelToolCalls: fields.parallelToolCalls ?? undefined,
    temperature: fields.temperature ?? undefined,
    maxOutputTokens: fields.maxOutputTokens === 'inf' ? null : (fields.maxOutputTokens ?? undefined),
  };
}

function given<K extends keyof SessionConfig>(
  key: K,
  value: SessionConfig[K] | null | undefined,
  initial: SessionConfig[K],
): Partial<SessionConfig> {
  return value === undefined ? {} : { [key]: value ?? initial };
}
