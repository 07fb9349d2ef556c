import { expect, test } from 'vitest';
import { sessionChanges } from './session-changes.ts';
import { DEFAULT_SETTINGS, type RealtimeSettings } from './settings.ts';

const ga: RealtimeSettings = { ...DEFAULT_SETTINGS, address: 'ga' };
const preview: RealtimeSettings = { ...DEFAULT_SETTINGS, address: 'preview' };

test('nothing is told when nothing that a server knows changed', () => {
  const microphone = { ...ga.microphone, echoCancellation: false };
  expect(sessionChanges(ga, { ...ga, microphone })).toBeUndefined();
});

test('of GA’s nested fields only the changed one is told, and its type', () => {
  expect(sessionChanges(ga, { ...ga, speed: 1.5 })).toEqual({
    type: 'realtime',
    audio: { output: { speed: 1.5 } },
  });
});

test('turn detection is told as a whole, as servers fill in what is left out', () => {
  const turnDetection = { ...preview.turnDetection, silenceDurationMs: 900 };
  expect(sessionChanges(preview, { ...preview, turnDetection })).toEqual({
    turn_detection: {
      type: 'server_vad',
      threshold: 0.5,
      prefix_padding_ms: 300,
      silence_duration_ms: 900,
      create_response: true,
      interrupt_response: true,
    },
  });
});

test('what is left to the deployment again is set back', () => {
  expect(sessionChanges({ ...preview, voice: 'echo' }, preview)).toEqual({ voice: null });
  expect(sessionChanges({ ...ga, voice: 'echo' }, ga)).toEqual({
    type: 'realtime',
    audio: { output: { voice: null } },
  });
});
