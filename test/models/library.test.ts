import { expect, test } from 'vitest';
import { startTestServer } from '../support/test-server.ts';

interface Library {
  readonly models: readonly Readonly<Record<string, unknown>>[];
  readonly presets: readonly { readonly name: string; readonly models: readonly string[] }[];
  readonly uses: readonly { readonly role: string; readonly engine: string; readonly why: string | null }[];
  readonly machine: { readonly cores: number; readonly memoryBytes: number; readonly freeBytes: number };
}

test('a server lists its catalogue and presets, what is in use and why, and the machine', async () => {
  await using server = await startTestServer();
  const response = await server.get('/samtal/v1/models');
  expect(response.status).toBe(200);
  const { models, presets, uses, machine } = (await response.json()) as Library;
  expect(models.find(({ name }) => name === 'silero-vad')).toMatchObject({
    title: 'Silero VAD 6.2.1',
    role: 'voiceActivity',
    license: 'MIT',
    downloadBytes: 2_327_524,
    package: 'onnxruntime-web',
    state: 'missing',
  });
  expect(presets.find(({ name }) => name === 'sv')?.models).toContain('silero-vad');
  expect(uses.map(({ role }) => role)).toEqual([
    'recognizer',
    'languageModel',
    'synthesizer',
    'voiceActivity',
  ]);
  expect(uses[1]).toMatchObject({
    engine: 'scripted',
    why: expect.stringMatching(/^No language model is connected.*samtal pull/),
  });
  expect(uses[2]?.why).toBe('It comes with Samtal, and no model has been pulled.');
  expect(machine.freeBytes).toBeGreaterThan(0);
});
