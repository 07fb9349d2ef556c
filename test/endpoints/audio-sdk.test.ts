import OpenAI, { AzureOpenAI, BadRequestError, NotFoundError, toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flite } from '../../src/engines/flite/flite.ts';
import { findPocketsphinx, pocketsphinx } from '../../src/engines/pocketsphinx/index.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { countWordErrors } from '../support/word-errors.ts';

const canHear = findPocketsphinx() !== undefined;
if (!canHear) console.warn('Left out, as pocketsphinx is not installed: transcriptions through the SDKs');

const SENTENCES = 'The train to the city leaves at nine. Please bring your ticket and a warm coat.';

const synthesizer = flite({ workers: 1 });
const recognizer = pocketsphinx({ workers: 1 });
let server: TestApp;
let url: string;

beforeAll(async () => {
  server = await openTestApp({
    'tts-1': { synthesizer },
    'whisper-1': canHear ? { recognizer } : {},
  });
  url = await server.listen();
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await synthesizer[Symbol.asyncDispose]();
  await recognizer[Symbol.asyncDispose]();
});

const CLIENTS: readonly (readonly [string, () => OpenAI])[] = [
  ['OpenAI', () => new OpenAI({ apiKey: server.key, baseURL: `${url}/v1` })],
  ["OpenAI at Azure's v1 address", () => new OpenAI({ apiKey: server.key, baseURL: `${url}/openai/v1/` })],
  [
    'AzureOpenAI',
    () => new AzureOpenAI({ apiKey: server.key, endpoint: url, apiVersion: '2025-03-01-preview' }),
  ],
];

async function speak(client: OpenAI): Promise<Buffer> {
  const speech = await client.audio.speech.create({
    model: 'tts-1',
    voice: 'alloy',
    input: SENTENCES,
    response_format: 'wav',
  });
  return Buffer.from(await speech.arrayBuffer());
}

describe.each(CLIENTS)('the client %s', (_, open) => {
  test('lists the models and meets those that are not there', async () => {
    const names: string[] = [];
    for await (const model of open().models.list()) names.push(model.id);
    expect(names).toEqual(['tts-1', 'whisper-1']);
    await expect(open().models.retrieve('nobody')).rejects.toThrow(NotFoundError);
  });

  test('speaks', async () => {
    const file = await speak(open());
    expect(file.toString('latin1', 0, 4)).toBe('RIFF');
    expect(file.length).toBeGreaterThan(48_000 * 3);
  });

  test('meets a refusal as the error of its status', async () => {
    const asking = open().audio.speech.create({ model: 'tts-1', voice: 'bob', input: 'Hello.' });
    await expect(asking).rejects.toThrow(BadRequestError);
    await expect(asking).rejects.toMatchObject({ code: 'invalid_value', param: 'voice' });
  });

  test.runIf(canHear)('hears what it has said, with the times of words and segments', async () => {
    const file = await toFile(await speak(open()), 'speech.wav');
    const heard = await open().audio.transcriptions.create({
      file,
      model: 'whisper-1',
      language: 'en',
      response_format: 'verbose_json',
      timestamp_granularities: ['word', 'segment'],
    });
    expect(heard.language).toBe('english');
    expect(countWordErrors(SENTENCES, heard.text).errors).toBeLessThan(4);
    expect(heard.words?.map(({ word }) => word).join(' ')).toBe(heard.text);
    expect(heard.segments?.map(({ text }) => text).join('')).toBe(` ${heard.text}`);
    expect(heard.duration).toBeGreaterThan(3);
  });

  test.runIf(canHear)('hears in a stream, where no word is taken back', async () => {
    const file = await toFile(await speak(open()), 'speech.wav');
    const events = await open().audio.transcriptions.create({ file, model: 'whisper-1', stream: true });
    let told = '';
    let whole = '';
    for await (const event of events) {
      if (event.type === 'transcript.text.delta') told += event.delta;
      else if (event.type === 'transcript.text.done') whole = event.text;
    }
    expect(told).toBe(whole);
    expect(countWordErrors(SENTENCES, whole).errors).toBeLessThan(4);
  });

  test.runIf(canHear)('gets subtitles', async () => {
    const file = await toFile(await speak(open()), 'speech.wav');
    const subtitles = await open().audio.transcriptions.create({
      file,
      model: 'whisper-1',
      response_format: 'srt',
    });
    expect(subtitles).toMatch(/^1\n00:00:0\d,\d{3} --> 00:00:0\d,\d{3}\n\S/);
  });

  test('meets a refused translation as the error of its status', async () => {
    const file = await toFile(Buffer.from('RIFF'), 'speech.wav');
    await expect(open().audio.translations.create({ file, model: 'whisper-1' })).rejects.toThrow(
      /does not work with the specified model, whisper-1/,
    );
  });
});
