import { expect, test } from 'vitest';
import type { Deployment } from '../deployment.ts';
import { sessionDefaults } from './session-defaults.ts';

function speaking(voice: string | undefined): Deployment {
  return {
    name: 'talk',
    model: 'talk',
    createdAt: 0,
    responder: undefined,
    recognizer: undefined,
    synthesizer: undefined,
    voiceActivity: undefined,
    noiseReducer: undefined,
    defaults: { voice, instructions: '', temperature: undefined, maxOutputTokens: undefined },
  };
}

test('a session speaks as its dialect does at first, unless its deployment has a voice', () => {
  const voices = (voice: string | undefined) =>
    (['preview', 'ga'] as const).map((name) => sessionDefaults(name, 'conversation', speaking(voice)).voice);
  expect([voices(undefined), voices('echo')]).toEqual([
    ['alloy', 'marin'],
    ['echo', 'echo'],
  ]);
});
