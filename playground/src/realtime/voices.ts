import type { Dialect } from './settings.ts';

/** What each dialect lets a session ask for by name. */
const PREVIEW_VOICES = ['alloy', 'ash', 'ballad', 'coral', 'echo', 'sage', 'shimmer', 'verse'] as const;

export function voicesOf(dialect: Dialect): readonly string[] {
  return dialect === 'preview' ? PREVIEW_VOICES : [...PREVIEW_VOICES, 'marin', 'cedar'];
}
