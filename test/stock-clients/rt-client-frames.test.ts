import { afterAll, describe, expect, test } from 'vitest';
import { toPcmBytes } from '../../src/audio/pcm-bytes.ts';
import type { RealtimeEvent } from '../support/realtime-client.ts';
import { ScriptedRtClient } from './scripted-rt-client.ts';
import { leftOut, spokenQuestion, startClientServer } from './served.ts';

const server = await startClientServer();
const question = toPcmBytes(await spokenQuestion(server));

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

type Options = Omit<ConstructorParameters<typeof ScriptedRtClient>[0], 'url' | 'token'>;

function connect(options: Options): ScriptedRtClient {
  // A key passes where an access token does.
  return new ScriptedRtClient({ url: server.url, token: server.key, ...options });
}

/** What each program of the documents sends; a set of Python has its members in any order. */
const ASKED = {
  javascript: { modalities: ['audio', 'text'], instructions: 'Please assist the user.' },
  python: { instructions: 'Please assist the user.', modalities: ['text', 'audio'] },
} as const;

const SPOKEN_REPLY = [
  'response.created',
  'response.output_item.added',
  'conversation.item.created',
  'response.content_part.added',
  'words and audio',
  'response.audio.done',
  'response.audio_transcript.done',
  'response.content_part.done',
  'response.output_item.done',
  'response.done',
];
const LANGUAGES = ['javascript', 'python'] as const;

describe.each(LANGUAGES)('rt-client in %s', (language) => {
  test('reads the spoken reply to its program, and prints it as the documents do', async () => {
    await using client = connect({ language, deployment: 'gpt-4o-mini-realtime-preview' });
    await client.send({ type: 'response.create', response: ASKED[language] });
    const events = await client.through('response.done');
    expect(framesOf(events)).toEqual(['session.created', ...SPOKEN_REPLY]);
    const lines = events.flatMap(printed);
    expect(lines[0]).toBe('Received text delta: Hello.');
    expect(lines.filter((line) => line.includes('bytes')).slice(0, 7)).toEqual([
      'Received 4800 bytes of audio data.',
      'Received 7200 bytes of audio data.',
      'Received 12000 bytes of audio data.',
      'Received 12000 bytes of audio data.',
      'Received 12000 bytes of audio data.',
      'Received 12000 bytes of audio data.',
      'Received 24000 bytes of audio data.',
    ]);
  });

  test('reads a call of a function', async () => {
    await using client = connect({ language });
    const tools = [{ type: 'function', name: 'get_weather', parameters: { type: 'object' } }];
    await client.send({ type: 'session.update', session: { tools } });
    const content = [{ type: 'input_text', text: 'What is the weather in Paris?' }];
    const id = 'item-0123456789abcdefghijklmnopq';
    await client.send({
      type: 'conversation.item.create',
      item: { type: 'message', role: 'user', content, id },
    });
    await client.send({ type: 'response.create' });
    const events = await client.through('response.done');
    expect(framesOf(events)).toEqual([
      'session.created',
      'session.updated',
      'conversation.item.created',
      'response.created',
      'response.output_item.added',
      'conversation.item.created',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'response.output_item.done',
      'response.done',
    ]);
    const [sent, called] = events.filter(({ type }) => type === 'conversation.item.created');
    expect(sent).toMatchObject({ item: { id }, previous_item_id: null });
    expect(called).toMatchObject({ previous_item_id: id });
  });

  test.skipIf(leftOut('a manual commit'))('reads the answer to speech that it commits', async () => {
    await using client = connect({ language });
    await client.send({ type: 'session.update', session: { turn_detection: { type: 'none' } } });
    await speak(client, question);
    await client.send({ type: 'input_audio_buffer.commit' });
    await client.send({ type: 'response.create' });
    const events = await client.through('response.done');
    const frames = ['session.created', 'session.updated', ...COMMITTED, ...SPOKEN_REPLY];
    expect(framesOf(events)).toEqual(frames);
  });

  test.skipIf(leftOut('a spoken turn'))('reads the answer to speech that the server finds', async () => {
    await using client = connect({ language });
    await client.send(LISTEN);
    await speak(client, question);
    await speak(client, SILENCE);
    const events = await client.through('response.done');
    expect(framesOf(events)).toEqual([
      'session.created',
      'session.updated',
      'input_audio_buffer.speech_started',
      'input_audio_buffer.speech_stopped',
      ...COMMITTED,
      'conversation.item.input_audio_transcription.completed',
      ...SPOKEN_REPLY,
    ]);
  });
});

test.skipIf(leftOut('a spoken turn'))('a frame of a later revision ends the JavaScript client', async () => {
  await using client = connect({ language: 'javascript', apiVersion: '2025-04-01-preview' });
  await client.send(LISTEN);
  await speak(client, question);
  await speak(client, SILENCE);
  await expect(client.through('response.done')).rejects.toThrow(
    'Unexpected message: conversation.item.input_audio_transcription.delta',
  );
});

const COMMITTED = ['input_audio_buffer.committed', 'conversation.item.created'];
const SILENCE = new Uint8Array(2 * 24_000 * 2);
const LISTEN = {
  type: 'session.update',
  session: {
    turn_detection: { type: 'server_vad', silence_duration_ms: 1_500 },
    input_audio_transcription: { model: 'whisper-1' },
  },
};

/** In pieces small enough for a client that spreads each into arguments. */
async function speak(client: ScriptedRtClient, bytes: Uint8Array): Promise<void> {
  for (let start = 0; start < bytes.length; start += 9_600) {
    const audio = Buffer.from(bytes.subarray(start, start + 9_600)).toString('base64');
    await client.send({ type: 'input_audio_buffer.append', audio });
  }
}

/** As `text-in-audio-out` prints an event. */
function printed({ type, delta }: RealtimeEvent): readonly string[] {
  if (type === 'response.audio_transcript.delta') return [`Received text delta: ${String(delta)}`];
  if (type !== 'response.audio.delta') return [];
  return [`Received ${Buffer.from(String(delta), 'base64').length} bytes of audio data.`];
}

/** Types in their order, with deltas in a row told once: of speech, words and sound come in any order. */
function framesOf(events: readonly RealtimeEvent[]): readonly string[] {
  const names = events.map(({ type }) =>
    type.replace(/^response\.audio(_transcript)?\.delta$/, 'words and audio'),
  );
  return names.filter((name, index) => !/delta$|^words/.test(name) || name !== names[index - 1]);
}
