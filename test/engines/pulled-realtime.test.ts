import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wavHeader } from '../../src/audio/wav-writer.ts';
import { childProcesses } from '../support/child-processes.ts';
import { findEnginePackage } from '../support/engine-package.ts';
import { CHATML } from '../support/gguf/templates.ts';
import { tinyModel } from '../support/gguf/tiny-model.ts';
import { streamingToneEars, toneEars, writeToneEars } from '../support/onnx/tone-ears.ts';
import { writeToneVoice } from '../support/onnx/tone-voice.ts';
import { putModel, putPackage } from '../support/pulled.ts';
import { openSession, type RealtimeClient, type RealtimeEvent } from '../support/realtime-client.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

const sherpa = (await findEnginePackage('sessions on pulled models', 'sherpa-onnx-node')) ?? '';
const llama = (await findEnginePackage('sessions on pulled models', 'node-llama-cpp')) ?? '';
const QUESTION = 'turn off the lights';
const ANSWER = 'the lamp is dark';
const SESSIONS = 20;

/** A recognizer of streams, and one of recordings. */
const EARS = { 'streaming-zipformer-en': streamingToneEars, 'parakeet-tdt-0.6b-v3': toneEars };
const subjects = sherpa === '' || llama === '' ? [] : Object.entries(EARS);
// A file without any test would count as a fault where nothing could be got.
test.skipIf(subjects.length > 0)('left out: what runs the models is not here', ({ skip }) => skip());

describe.each(subjects)('realtime sessions on pulled models, with %s', { timeout: 180_000 }, (name, ears) => {
  let home: string;
  let server: TestServer;
  let question: Buffer;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'samtal-pulled-'));
    await putPackage(home, 'sherpa-onnx-node', sherpa);
    await putPackage(home, 'node-llama-cpp', llama);
    await putModel(home, 'kokoro-en-v0.19', writeToneVoice);
    await putModel(home, name, async (folder) => await writeToneEars(folder, ears()));
    await putModel(home, 'qwen3-0.6b', async (folder) => {
      const words = ANSWER.split(' ').map((word) => ` ${word}`);
      const chains = [['\n', ...words, '<|im_end|>']];
      await writeFile(join(folder, 'model.gguf'), tinyModel({ template: CHATML, chains }));
    });
    server = await startTestServer({
      home,
      config: { server: { limits: { sessions: SESSIONS, sessionsPerKey: SESSIONS } } },
    });
    const spoken = await server.post('/v1/audio/speech', {
      model: 'tts-1',
      voice: 'alloy',
      input: QUESTION,
      response_format: 'pcm',
    });
    question = Buffer.from(await spoken.arrayBuffer());
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await rm(home, { recursive: true });
  });

  async function open(): Promise<RealtimeClient> {
    const path = '/openai/realtime?api-version=2025-04-01-preview&deployment=gpt-4o-realtime-preview';
    const client = await openSession(server.url + path, { headers: { 'api-key': server.key } });
    client.send({
      type: 'session.update',
      session: { turn_detection: null, input_audio_transcription: { model: 'whisper-1' } },
    });
    await client.until('session.updated');
    return client;
  }

  function ask(client: RealtimeClient): void {
    client.send({ type: 'input_audio_buffer.append', audio: question.toString('base64') });
    client.send({ type: 'input_audio_buffer.commit' });
    client.send({ type: 'response.create' });
  }

  async function hear(events: readonly RealtimeEvent[]): Promise<string> {
    const pieces = events.flatMap(({ type, delta }) =>
      type === 'response.audio.delta' ? [Buffer.from(String(delta), 'base64')] : [],
    );
    const body = new FormData();
    body.set('model', 'whisper-1');
    body.set('file', new Blob([wavOf(Buffer.concat(pieces))]), 'answer.wav');
    const heard = await server.get('/v1/audio/transcriptions', { method: 'POST', body });
    return ((await heard.json()) as { text: string }).text;
  }

  test('a session hears, thinks and speaks with them', async () => {
    const client = await open();
    ask(client);
    const told = await client.until('conversation.item.input_audio_transcription.completed');
    expect(told['transcript']).toBe(QUESTION);
    await client.until('response.done');
    await client.close();
    expect(await hear(client.events)).toBe(ANSWER);
  });

  test.each([
    ['recognizer', 'recognizer-child'],
    ['voice', 'synthesizer-child'],
    ['language model', 'llama-child'],
  ])('a %s that is killed leaves each of twenty turns with one answer', async (_name, child) => {
    const clients = await Promise.all(Array.from({ length: SESSIONS }, open));
    for (const client of clients) ask(client);
    await clients[0]?.until('response.created');
    const [victim = 0] = childProcesses(child);
    process.kill(victim, 'SIGKILL');
    for (const client of clients) await client.until('response.done');
    for (const client of clients) ask(client);
    for (const client of clients) await client.until('response.done');
    await Promise.all(clients.map(async (client) => await client.close()));
    for (const { events } of clients) {
      const [first, second, ...more] = events.filter(({ type }) => type === 'response.done').map(statusOf);
      expect(['completed', 'failed']).toContain(first);
      expect(second).toBe('completed');
      expect(more).toEqual([]);
      expect(events.filter(({ type }) => type === 'error')).toEqual([]);
    }
  });
});

function statusOf({ response }: RealtimeEvent): string {
  return (response as { readonly status: string }).status;
}

function wavOf(pcm: Buffer): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.concat([wavHeader(24_000, pcm.length / 2), pcm]));
}
