import { ADDRESSES, AUDIO_FORMATS, DEFAULT_SETTINGS, type RealtimeSettings } from './settings.ts';

/**
 * Reads settings that were stored, perhaps by another version: what is missing or of another kind is as it is
 * by default.
 */
export function readSettings(stored: string | null): RealtimeSettings {
  const read = withDefaults(DEFAULT_SETTINGS, parse(stored)) as RealtimeSettings;
  return {
    ...read,
    address: oneOf(ADDRESSES, read.address),
    inputFormat: oneOf(AUDIO_FORMATS, read.inputFormat),
    outputFormat: oneOf(AUDIO_FORMATS, read.outputFormat),
  };
}

export function writeSettings(settings: RealtimeSettings): string {
  return JSON.stringify(settings);
}

function oneOf<T extends string>(known: readonly T[], value: T): T {
  return known.includes(value) ? value : (known[0] ?? value);
}

function parse(stored: string | null): unknown {
  try {
    return JSON.parse(stored ?? 'null');
  } catch {
    return null;
  }
}

function withDefaults(standard: unknown, stored: unknown): unknown {
  if (standard === null) return typeof stored === 'number' ? stored : null;
  if (stored === null && standard !== undefined) return standard;
  if (Array.isArray(standard)) return Array.isArray(stored) ? stored : standard;
  if (typeof standard !== 'object') return typeof stored === typeof standard ? stored : standard;
  const source = typeof stored === 'object' ? (stored as Readonly<Record<string, unknown>>) : {};
  return Object.fromEntries(
    Object.entries(standard).map(([key, value]) => [key, withDefaults(value, source[key])]),
  );
}
