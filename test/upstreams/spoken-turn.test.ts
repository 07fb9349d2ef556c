import { afterAll, beforeAll, expect, test } from 'vitest';
import { findPocketsphinx } from '../../src/engines/pocketsphinx/index.ts';
import { openSession, type RealtimeClient, type RealtimeEvent } from '../support/realtime-client.ts';
import {
  startTwoServers,
  type TwoServers,
  takePlaces,
  UPSTREAM_PLACES,
  untilThereIsRoom,
} from './two-servers.ts';

let servers: TwoServers;
beforeAll(async () => {
  servers = await startTwoServers();
});
afterAll(async () => await servers[Symbol.asyncDispose]());

/** Somebody asks something, and is silent for a second. 24 kHz. */
async function spokenQuestion(): Promise<Buffer> {
  const response = await servers.front.post('/v1/audio/speech', {
    model: 'cloud',
    voice: 'alloy',
    input: 'Is a golden retriever a good family dog?',
    response_format: 'pcm',
  });
  return Buffer.concat([Buffer.from(await response.arrayBuffer()), Buffer.alloc(48_000)]);
}

async function connect(): Promise<RealtimeClient> {
  const headers = { 'api-key': servers.front.key };
  return await openSession(`${servers.front.url}/openai/v1/realtime?model=native`, { headers });
}

test.skipIf(!findPocketsphinx())('a turn found here is answered by a speech model elsewhere', async () => {
  const client = await connect();
  const transcription = { model: 'whisper-1' };
  client.send({ type: 'session.update', session: { type: 'realtime', audio: { input: { transcription } } } });
  const audio = await spokenQuestion();
  client.send({ type: 'input_audio_buffer.append', audio: audio.toString('base64') });
  await client.until('input_audio_buffer.speech_stopped');
  expect(await client.until('response.output_audio_transcript.done')).toMatchObject({
    transcript: expect.stringMatching(/^I heard: .*(dog|family|good)/),
  });
  const done = await client.until('response.done');
  const seconds = audio.length / 48_000 - 1;
  // The upstream counts ten for each second that it heard, of which some silence stands around the words.
  expect(audioTokensOf(done)).toBeGreaterThan(seconds * 8);
  const heard = client.events.find(({ type }) => type.endsWith('input_audio_transcription.completed'));
  expect(heard?.['transcript']).toMatch(/dog|family|good/);
  await client.close();
});

test('cancelling a response ends the reply elsewhere', async () => {
  const leave = await takePlaces(servers, UPSTREAM_PLACES - 1);
  const client = await connect();
  const content = [{ type: 'input_text', text: 'Tell me a long story.' }];
  client.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } });
  client.send({ type: 'response.create' });
  await client.until('response.output_audio.delta');
  client.send({ type: 'response.cancel' });
  expect(await client.until('response.done')).toMatchObject({ response: { status: 'cancelled' } });
  await untilThereIsRoom(servers);
  await leave();
  await client.close();
});

test('what the server elsewhere refuses is told by the response', async () => {
  const headers = { 'api-key': servers.front.key };
  const client = await openSession(`${servers.front.url}/openai/v1/realtime?model=misled`, { headers });
  client.send({ type: 'response.create' });
  expect(await client.until('response.done')).toMatchObject({
    response: {
      status: 'failed',
      status_details: { error: { code: 'server_error', message: expect.stringContaining('answered 401: ') } },
    },
  });
  await client.close();
});

function audioTokensOf(done: RealtimeEvent): number {
  // The contract's own checks have held the event to its schema.
  const { usage } = done['response'] as { readonly usage: { readonly input_token_details: InputTokens } };
  return usage.input_token_details.audio_tokens;
}

interface InputTokens {
  readonly audio_tokens: number;
}
