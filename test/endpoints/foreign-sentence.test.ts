import { afterAll, beforeAll, expect, test } from 'vitest';
import { flite } from '../../src/engines/flite/flite.ts';
import { multilingual } from '../../src/engines/multilingual/multilingual.ts';
import { scripted } from '../../src/engines/scripted/index.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { readEvents } from '../support/events.ts';
import { openSession } from '../support/realtime-client.ts';

const MIXED = 'This is how it is said. Hur mår du idag min vän? That is all there is.';
const SWEDISH = 'Hur mår du idag min vän? This is how it is said.';

const english = flite({ workers: 1 });
let app: TestApp;
let url: string;

beforeAll(async () => {
  const synthesizer = multilingual({ byDefault: english, others: [] });
  app = await openTestApp({
    mixed: { synthesizer, languageModel: await scripted({ script: { otherwise: { say: MIXED } } }) },
    swedish: { synthesizer, languageModel: await scripted({ script: { otherwise: { say: SWEDISH } } }) },
  });
  url = await app.listen();
});

afterAll(async () => {
  await app?.[Symbol.asyncDispose]();
  await english[Symbol.asyncDispose]();
});

async function ask(model: string, stream?: true): Promise<Response> {
  const audio = { voice: 'alloy', format: 'pcm16' };
  const messages = [{ role: 'user', content: 'Speak.' }];
  return await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'api-key': app.key },
    body: JSON.stringify({ model, messages, modalities: ['text', 'audio'], audio, stream }),
  });
}

test('a reply with a sentence that no voice speaks is whole, and its header tells', async () => {
  const response = await ask('mixed');
  expect(await response.json()).toMatchObject({ choices: [{ message: { audio: { transcript: MIXED } } }] });
  expect(response.headers.get('x-samtal-notice')).toMatch(
    /^A part of the text is in Swedish \(sv\), which flite/,
  );
});

test('a stream of such a reply comes to its end', async () => {
  const events = await readEvents(await ask('mixed', true));
  expect(events.at(-2)).toMatchObject({ choices: [{ finish_reason: 'stop' }] });
  expect(events.at(-1)).toBe('[DONE]');
});

test('speech that is asked for has all of its text', async () => {
  const speak = async (input: string): Promise<number> => {
    const response = await fetch(`${url}/v1/audio/speech`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'api-key': app.key },
      body: JSON.stringify({ model: 'mixed', voice: 'alloy', input, response_format: 'pcm' }),
    });
    expect(response.status).toBe(200);
    return (await response.arrayBuffer()).byteLength;
  };
  expect(await speak(MIXED)).toBeGreaterThan(
    (await speak('This is how it is said. That is all there is.')) + 24_000,
  );
});

test('a realtime response with such a sentence is completed', async () => {
  const path = '/openai/realtime?api-version=2025-04-01-preview&deployment=mixed';
  const client = await openSession(url + path, { headers: { 'api-key': app.key } });
  client.send({ type: 'response.create' });
  expect(await client.until('response.done')).toMatchObject({ response: { status: 'completed' } });
  await client.close();
});

test('a reply that begins in a language that no voice speaks is refused', async () => {
  const response = await ask('swedish');
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: { message: expect.stringMatching(/^The text is in Swedish/) },
  });
});
