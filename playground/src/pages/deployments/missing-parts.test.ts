import { expect, test } from 'vitest';
import type { Deployment } from '../../server/deployments.ts';
import { missingParts } from './missing-parts.ts';

const deaf = { part: 'hears', reason: 'Nothing can hear.', remedy: 'Install a recognizer.' } as const;
const silent = { part: 'speaks', reason: 'Nothing can speak.', remedy: 'Install a voice.' } as const;

function deployment(name: string, missing: Deployment['properties']['samtal']['missing']): Deployment {
  return {
    id: name,
    name,
    etag: '"1"',
    properties: {
      model: { format: 'OpenAI', name, version: '1' },
      capabilities: {},
      samtal: {
        origin: 'standard',
        engines: {},
        defaults: {},
        answers: { hears: null, thinks: null, speaks: null },
        missing,
      },
    },
  };
}

test('what many deployments miss is told once, with their names', () => {
  expect(
    missingParts([deployment('a', [deaf]), deployment('b', [deaf, silent]), deployment('c', [])]),
  ).toEqual([
    { part: 'hears', reason: 'Nothing can hear.', remedy: 'Install a recognizer.', deployments: ['a', 'b'] },
    { part: 'speaks', reason: 'Nothing can speak.', remedy: 'Install a voice.', deployments: ['b'] },
  ]);
});
