import { expect, test } from 'vitest';
import { parseRealtimeRequest } from './realtime-request.ts';

test.each([
  ['/openai/realtime?api-version=2024-10-01-preview&deployment=d', 'preview', 'd'],
  ['//openai//realtime?api-version=2025-04-01-preview&deployment=d', 'preview', 'd'],
  ['/openai/v1/realtime?model=d', 'ga', 'd'],
  ['/openai/v1/realtime?deployment=d', 'ga', 'd'],
  ['/v1/realtime?model=d', 'ga', 'd'],
  ['/v1/realtime/?model=d', 'ga', 'd'],
  ['/v1/realtime', 'ga', undefined],
  ['/v1/realtime?model=', 'ga', undefined],
])('%s asks for a session in %s with %s', (url, dialect, deployment) => {
  expect(parseRealtimeRequest({ url, headers: {} })).toMatchObject({ dialect, deployment });
});

test.each([
  [{ 'openai-beta': 'realtime=v1' }],
  [{ 'openai-beta': 'assistants=v2, realtime=v1' }],
  [{ 'sec-websocket-protocol': 'realtime, openai-insecure-api-key.k, openai-beta.realtime-v1' }],
])('the beta marker %j chooses the preview', (headers) => {
  expect(parseRealtimeRequest({ url: '/v1/realtime?model=d', headers })?.dialect).toBe('preview');
});

test('the beta marker changes nothing where the path has chosen', () => {
  const headers = { 'openai-beta': 'realtime=v1' };
  expect(parseRealtimeRequest({ url: '/openai/v1/realtime?model=d', headers })?.dialect).toBe('ga');
});

test('the intent makes a transcription session, with or without a model', () => {
  const url = '/v1/realtime?intent=transcription';
  expect(parseRealtimeRequest({ url, headers: {} })).toMatchObject({
    purpose: 'transcription',
    deployment: undefined,
  });
});

test.each([
  ['/v1/realtime?model=d', false],
  ['/v1/realtime?model=d&samtal-trace=0', false],
  ['/v1/realtime?model=d&samtal-trace=1', true],
])('%s asks to be told why: %s', (url, isTraced) => {
  expect(parseRealtimeRequest({ url, headers: {} })?.isTraced).toBe(isTraced);
});

test.each(['/v1/realtime/calls', '/realtime', '/v1/chat/completions', '/openai/deployments/d/realtime'])(
  'no session can be had at %s',
  (url) => {
    expect(parseRealtimeRequest({ url, headers: {} })).toBeUndefined();
  },
);
