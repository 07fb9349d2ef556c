import { afterAll, beforeAll, expect, test } from 'vitest';
import { fakeLanguageModel } from '../../src/engines/fake/fake-language-model.ts';
import { fakeRecognizer } from '../../src/engines/fake/fake-recognizer.ts';
import { fakeSynthesizer } from '../../src/engines/fake/fake-synthesizer.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { openRefused, openSession } from '../support/realtime-client.ts';

const GA = '/v1/realtime/client_secrets';
const SESSIONS = '/openai/realtimeapi/sessions?api-version=2025-04-01-preview';
const TRANSCRIPTIONS = '/openai/realtimeapi/transcription_sessions?api-version=2025-04-01-preview';

let served: TestApp;
let url: string;

beforeAll(async () => {
  served = await openTestApp({
    talk: {
      recognizer: fakeRecognizer(),
      languageModel: fakeLanguageModel(),
      synthesizer: fakeSynthesizer(),
    },
  });
  url = await served.listen();
});

afterAll(async () => {
  await served?.[Symbol.asyncDispose]();
});

interface Answer {
  readonly status: number;
  readonly body: { readonly value: string; readonly expires_at: number; readonly [key: string]: unknown };
}

async function post(path: string, body: unknown, key = served.key): Promise<Answer> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

function secondsFromNow(expiresAt: unknown): number {
  return Number(expiresAt) - Date.now() / 1000;
}

test.each([GA, '/openai/v1/realtime/client_secrets'])(
  'a secret of %s opens sessions that are configured as it says',
  async (path) => {
    const session = {
      type: 'realtime',
      model: 'talk',
      instructions: 'Be brief.',
      output_modalities: ['text'],
    };
    const { status, body } = await post(path, { session });
    expect(status).toBe(200);
    expect(body['session']).toMatchObject({ ...session, object: 'realtime.session', truncation: 'auto' });
    for (const options of [
      { headers: { authorization: `Bearer ${body.value}` } },
      { protocols: ['realtime', `openai-insecure-api-key.${body.value}`] },
    ]) {
      const client = await openSession(`${url}/v1/realtime`, options);
      expect(await client.until('session.created')).toMatchObject({ session });
      await client.close();
    }
  },
);

test.each([
  [undefined, 600],
  [10, 10],
  [7200, 7200],
])('a secret asked for %s seconds lives for %d', async (seconds, lifetime) => {
  const after = seconds === undefined ? {} : { expires_after: { anchor: 'created_at', seconds } };
  const { body } = await post(GA, after);
  expect(secondsFromNow(body.expires_at)).toBeGreaterThan(lifetime - 5);
  expect(secondsFromNow(body.expires_at)).toBeLessThanOrEqual(lifetime);
});

test.each([
  [{ expires_after: { seconds: 9 } }, 'expires_after.seconds'],
  [{ expires_after: { seconds: 7201 } }, 'expires_after.seconds'],
  [{ session: { type: 'realtime', nonsense: 1 } }, 'session.nonsense'],
  [{ session: { type: 'else' } }, 'session.type'],
])('%j is refused for %s', async (body, param) => {
  expect(await post(GA, body)).toMatchObject({ status: 400, body: { error: { param } } });
});

test('a secret is for the deployment it was made for, whatever the address names', async () => {
  const { body } = await post(GA, { session: { type: 'realtime', model: 'talk' } });
  const client = await openSession(`${url}/v1/realtime?model=else`, {
    headers: { authorization: `Bearer ${body.value}` },
  });
  expect(await client.until('session.created')).toMatchObject({ session: { model: 'talk' } });
  await client.close();
});

test('a secret for a deployment that is not there is refused', async () => {
  expect(await post(GA, { session: { type: 'realtime', model: 'none' } })).toMatchObject({ status: 404 });
});

test('the preview answers with the session and a secret of a minute in it', async () => {
  const { status, body } = await post(SESSIONS, {
    model: 'talk',
    modalities: ['text'],
    instructions: 'Be brief.',
  });
  expect(status).toBe(200);
  expect(body).toMatchObject({ object: 'realtime.session', model: 'talk', modalities: ['text'] });
  const secret = body['client_secret'] as Answer['body']; // As `expect` has shown below.
  expect(secret).toEqual({ value: expect.stringMatching(/^ek_/), expires_at: expect.any(Number) });
  expect(secondsFromNow(secret.expires_at)).toBeLessThanOrEqual(60);
  const client = await openSession(`${url}/openai/realtime?api-version=2025-04-01-preview&deployment=talk`, {
    headers: { authorization: `Bearer ${secret.value}` },
  });
  expect(await client.until('session.created')).toMatchObject({
    session: { modalities: ['text'], instructions: 'Be brief.' },
  });
  await client.close();
});

test('the preview wants a model for a conversation, and none for a transcription', async () => {
  expect(await post(SESSIONS, {})).toMatchObject({ status: 400, body: { error: { param: 'model' } } });
  const { status, body } = await post(TRANSCRIPTIONS, { input_audio_format: 'g711_ulaw' });
  expect({ status, format: body['input_audio_format'] }).toEqual({ status: 200, format: 'g711_ulaw' });
});

test('the session of a secret stays what it was made for', async () => {
  const { body } = await post(GA, { session: { type: 'transcription' } });
  const client = await openSession(`${url}/v1/realtime?model=talk`, {
    headers: { authorization: `Bearer ${body.value}` },
  });
  expect(await client.until('session.created')).toMatchObject({ session: { type: 'transcription' } });
  await client.close();
});

test.each([
  ['/v1/chat/completions', { model: 'talk', messages: [{ role: 'user', content: 'Hello' }] }],
  [GA, {}],
  [SESSIONS, { model: 'talk' }],
])('a secret opens nothing but sessions: %s', async (path, body) => {
  const secret = await post(GA, {});
  expect(await post(path, body, secret.body.value)).toMatchObject({ status: 401 });
});

test('a secret that was never given out is a wrong key', async () => {
  const refusal = await openRefused(`${url}/openai/v1/realtime?model=talk`, {
    headers: { authorization: `Bearer ek_${'x'.repeat(43)}` },
  });
  expect(refusal).toMatchObject({ status: 401 });
});

test('a secret beside another key is refused, as two keys are', async () => {
  const { body } = await post(GA, {});
  const refusal = await openRefused(`${url}/openai/v1/realtime?model=talk&api-key=other`, {
    headers: { authorization: `Bearer ${body.value}` },
  });
  expect(refusal).toMatchObject({ status: 401 });
});
