import { expect, test } from 'vitest';
import { decodeSpeechRequest, decodeVoice } from './speech-request.ts';

const hello = { model: 'm', input: 'Hello.', voice: 'alloy' };

test('what is left out has the published defaults, and null is left out', () => {
  const defaults = {
    model: 'm',
    input: 'Hello.',
    voice: 'alloy',
    format: 'mp3',
    speed: 1,
    streamFormat: 'audio',
  };
  expect(decodeSpeechRequest(hello)).toEqual({ ok: true, value: defaults });
  const nulls = { speed: null, response_format: null, stream_format: null, instructions: null };
  expect(decodeSpeechRequest({ ...hello, ...nulls })).toEqual({ ok: true, value: defaults });
});

test('the length of a text is counted in characters, of which an emoji is one', () => {
  expect(decodeSpeechRequest({ ...hello, input: '😀'.repeat(4096) }).ok).toBe(true);
  expect(decodeSpeechRequest({ ...hello, input: '😀'.repeat(4097) }).ok).toBe(false);
  expect(decodeSpeechRequest({ ...hello, input: 'a'.repeat(4097) }).ok).toBe(false);
});

test.each([null, [], 'text', undefined])('%j is no request', (body) => {
  const decoded = decodeSpeechRequest(body);
  expect(decoded).toMatchObject({ ok: false, error: { kind: 'invalid-type' } });
});

test('a voice may be one of the API, of the engine, or an object that names one', () => {
  expect(decodeSpeechRequest({ ...hello, voice: { id: 'anna' } })).toMatchObject({
    value: { voice: 'anna' },
  });
  expect(decodeVoice('anna', ['anna'])).toEqual({ ok: true, value: 'anna' });
  expect(decodeVoice('nova', ['anna'])).toEqual({ ok: true, value: 'nova' });
  expect(decodeVoice('bob', ['anna'])).toMatchObject({ ok: false, error: { param: 'voice' } });
});
