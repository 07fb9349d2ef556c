import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS, type RealtimeSettings } from './settings.ts';
import { readSettings, writeSettings } from './stored-settings.ts';

test('what is written is read again', () => {
  const settings: RealtimeSettings = {
    ...DEFAULT_SETTINGS,
    address: 'preview',
    temperature: 1.1,
    maxOutputTokens: 64,
    tools: [
      {
        name: 'a',
        description: '',
        parameters: '',
        answer: { type: 'javascript', canned: '', javascript: 'return 1' },
      },
    ],
    turnDetection: { ...DEFAULT_SETTINGS.turnDetection, idleTimeoutMs: 9000, type: 'none' },
  };
  expect(readSettings(writeSettings(settings))).toEqual(settings);
});

test('what was never stored, or can not be read, is as by default', () => {
  expect(readSettings(null)).toEqual(DEFAULT_SETTINGS);
  expect(readSettings('{not json')).toEqual(DEFAULT_SETTINGS);
  expect(readSettings('[1]')).toEqual(DEFAULT_SETTINGS);
});

test('fields of another kind, and names that are gone, are as by default', () => {
  const stored = JSON.stringify({
    speed: 'fast',
    address: 'beta',
    inputFormat: 'mp3',
    voice: 'echo',
    turnDetection: { type: 'magic', eagerness: 'high' },
  });
  expect(readSettings(stored)).toMatchObject({
    speed: 1,
    address: 'ga',
    inputFormat: 'pcm16',
    voice: 'echo',
    turnDetection: { type: 'server_vad', eagerness: 'high', threshold: 0.5 },
  });
});

test('a stored tool that lacks fields gets those of a new one', () => {
  const { tools } = readSettings('{"tools":[{"name":"add"},7]}');
  expect(tools[0]).toMatchObject({ name: 'add', answer: { type: 'canned' } });
  expect(tools[1]).toMatchObject({ name: 'get_weather' });
});
