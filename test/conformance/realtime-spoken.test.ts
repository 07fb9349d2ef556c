import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPocketsphinx } from '../../src/engines/pocketsphinx/index.ts';
import { homeAt } from '../../src/server/home/paths.ts';
import { openSession, type RealtimeClient } from '../support/realtime-client.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { countWordErrors } from '../support/word-errors.ts';

const canHear = findPocketsphinx() !== undefined;
if (!canHear) console.warn('Left out, as pocketsphinx is not installed: spoken turns over the Realtime API.');

const BYTES_PER_SECOND = 48_000;
const QUESTION = 'Please tell me something about the weather of today.';

let server: TestServer;
let ca: string;

beforeAll(async () => {
  server = await startTestServer();
  ca = await readFile(homeAt(server.home).authorityFile, 'utf8');
});

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

const ADDRESSES = [
  ['/openai/realtime?api-version=2024-10-01-preview&deployment=gpt-4o-realtime-preview', 'preview'],
  ['/openai/realtime?api-version=2025-04-01-preview&deployment=gpt-4o-realtime-preview', 'preview'],
  ['/openai/v1/realtime?model=gpt-realtime', 'ga'],
  ['/v1/realtime?model=gpt-realtime', 'ga'],
] as const;

async function open(path: string, scheme: string): Promise<RealtimeClient> {
  const url = server.url.replace(/^http/, scheme) + path;
  return await openSession(url, { headers: { 'api-key': server.key }, ca });
}

/** The speech of all deltas of `type`, as bytes of 24 kHz PCM. */
function speechOf({ events }: RealtimeClient, type: string): Buffer {
  const deltas = events.filter((event) => event.type === type);
  return Buffer.concat(deltas.map(({ delta }) => Buffer.from(String(delta), 'base64')));
}

async function speak(text: string): Promise<Buffer> {
  const response = await server.post('/v1/audio/speech', {
    model: 'tts-1',
    voice: 'alloy',
    input: text,
    response_format: 'pcm',
  });
  return Buffer.from(await response.arrayBuffer());
}

function sendAudio(client: RealtimeClient, audio: Buffer): void {
  for (let start = 0; start < audio.length; start += 4_800) {
    const piece = audio.subarray(start, start + 4_800);
    client.send({ type: 'input_audio_buffer.append', audio: piece.toString('base64') });
  }
}

describe.each(['ws', 'wss'])('over %s', (scheme) => {
  test.each(ADDRESSES)('what is written is answered aloud at %s in %s', async (path, dialect) => {
    const client = await open(path, scheme);
    const content = [{ type: 'input_text', text: 'Hello there.' }];
    client.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } });
    client.send({ type: 'response.create' });
    const done = await client.until('response.done');
    await client.until('rate_limits.updated');
    await client.close();
    expect(done).toMatchObject({ response: { status: 'completed' } });
    const audio = speechOf(client, dialect === 'ga' ? 'response.output_audio.delta' : 'response.audio.delta');
    expect(audio.length).toBeGreaterThan(2 * BYTES_PER_SECOND);
    expect(client.events.filter(({ type }) => type === 'error')).toEqual([]);
  });
});

describe.runIf(canHear)('a spoken question', () => {
  test.each(ADDRESSES)('is heard and answered at %s in %s', async (path, dialect) => {
    const client = await open(path, 'ws');
    const transcription = { model: 'whisper-1' };
    client.send({
      type: 'session.update',
      session:
        dialect === 'ga'
          ? { type: 'realtime', audio: { input: { transcription } } }
          : { input_audio_transcription: transcription },
    });
    await client.until('session.updated');
    sendAudio(client, Buffer.concat([await speak(QUESTION), Buffer.alloc(BYTES_PER_SECOND)]));
    await client.until('input_audio_buffer.speech_started');
    await client.until('input_audio_buffer.committed');
    expect(await client.until('response.done')).toMatchObject({ response: { status: 'completed' } });
    await client.close();
    const heard = client.events.find(
      ({ type }) => type === 'conversation.item.input_audio_transcription.completed',
    );
    const { errors } = countWordErrors(QUESTION, String(heard?.['transcript']));
    expect(errors).toBeLessThanOrEqual(3);
    const audio = speechOf(client, dialect === 'ga' ? 'response.output_audio.delta' : 'response.audio.delta');
    expect(audio.length).toBeGreaterThan(2 * BYTES_PER_SECOND);
  });
});
