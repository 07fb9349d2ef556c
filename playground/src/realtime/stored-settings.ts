import {
  ADDRESSES,
  AUDIO_FORMATS,
  DEFAULT_SETTINGS,
  EAGERNESS,
  MODALITIES,
  NOISE_REDUCTIONS,
  type RealtimeSettings,
  TOOL_CHOICES,
  TURN_DETECTIONS,
} from './settings.ts';
import { NEW_TOOL, type ToolSetting } from './tool-setting.ts';

/**
 * Reads settings that were stored, perhaps by another version: what is missing or of another kind is as it is
 * by default.
 */
export function readSettings(stored: string | null): RealtimeSettings {
  const read = withDefaults(DEFAULT_SETTINGS, parse(stored));
  const { turnDetection } = read;
  const standard = DEFAULT_SETTINGS;
  return {
    ...read,
    address: oneOf(ADDRESSES, read.address, standard.address),
    modality: oneOf(MODALITIES, read.modality, standard.modality),
    turnDetection: {
      ...turnDetection,
      type: oneOf(TURN_DETECTIONS, turnDetection.type, standard.turnDetection.type),
      eagerness: oneOf(EAGERNESS, turnDetection.eagerness, standard.turnDetection.eagerness),
    },
    noiseReduction: oneOf(NOISE_REDUCTIONS, read.noiseReduction, standard.noiseReduction),
    inputFormat: oneOf(AUDIO_FORMATS, read.inputFormat, standard.inputFormat),
    outputFormat: oneOf(AUDIO_FORMATS, read.outputFormat, standard.outputFormat),
    tools: read.tools.map(readTool),
    toolChoice: oneOf(TOOL_CHOICES, read.toolChoice, standard.toolChoice),
  };
}

export function writeSettings(settings: RealtimeSettings): string {
  return JSON.stringify(settings);
}

function readTool(stored: unknown): ToolSetting {
  const tool = withDefaults(NEW_TOOL, stored);
  const { answer } = tool;
  return { ...tool, answer: { ...answer, type: oneOf(['canned', 'javascript'], answer.type, 'canned') } };
}

function oneOf<T extends string>(known: readonly T[], value: T, standard: T): T {
  return known.includes(value) ? value : standard;
}

function parse(stored: string | null): unknown {
  try {
    return JSON.parse(stored ?? 'null');
  } catch {
    return null;
  }
}

/** Every field of `standard`, with the stored value where it is of the same kind. */
function withDefaults<T>(standard: T, stored: unknown): T {
  return mergeKind(standard, stored) as T;
}

function mergeKind(standard: unknown, stored: unknown): unknown {
  // `null` stands for a number that is left to the deployment.
  if (standard === null) return typeof stored === 'number' ? stored : null;
  if (Array.isArray(standard)) return Array.isArray(stored) ? stored : standard;
  if (typeof standard !== 'object') return typeof stored === typeof standard ? stored : standard;
  const source = typeof stored === 'object' && stored !== null ? stored : {};
  return Object.fromEntries(
    Object.entries(standard).map(([key, value]) => [
      key,
      mergeKind(value, (source as Readonly<Record<string, unknown>>)[key]),
    ]),
  );
}
