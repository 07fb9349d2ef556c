import { setTimeout } from 'node:timers/promises';
import { openSession, type RealtimeClient } from '../test/support/realtime-client.ts';
import type { RealtimeServer } from './realtime-server.ts';
import { FRAME_MS, type FramedSpeech } from './realtime-speech.ts';

/** The least that can be committed is 100 ms. */
const FRAMES_OF_A_TURN = 5;

/**
 * Speaks `turns` short turns one after the other in a session that leaves it to the client to end them;
 * returns the milliseconds from sending the last frame of each to its first audio.
 */
export async function turnDelays(
  { url, headers }: RealtimeServer,
  { frames }: FramedSpeech,
  turns: number,
): Promise<number[]> {
  const client = await openSession(url, { headers });
  client.send({
    type: 'session.update',
    session: { type: 'realtime', audio: { input: { turn_detection: null } } },
  });
  await client.until('session.updated');
  const delays: number[] = [];
  for (let turn = 0; turn < turns; turn += 1) delays.push(await turnDelay(client, frames));
  await client.close();
  return delays;
}

async function turnDelay(client: RealtimeClient, frames: readonly string[]): Promise<number> {
  const [last, ...others] = frames.slice(0, FRAMES_OF_A_TURN);
  for (const audio of others) {
    client.send({ type: 'input_audio_buffer.append', audio });
    await setTimeout(FRAME_MS);
  }
  const start = performance.now();
  client.send({ type: 'input_audio_buffer.append', audio: last });
  client.send({ type: 'input_audio_buffer.commit' });
  client.send({ type: 'response.create' });
  await client.until('response.output_audio.delta');
  const delay = performance.now() - start;
  await client.until('response.done');
  return delay;
}

/**
 * Speaks in real time to a session that detects turns; returns the milliseconds from the moment in which the
 * speaker begins to the event that says so. A frame is sent when its last sample has been spoken.
 */
export async function onsetDelay({ url, headers }: RealtimeServer, speech: FramedSpeech): Promise<number> {
  const client = await openSession(url, { headers });
  await client.until('session.created');
  const started = client.until('input_audio_buffer.speech_started').then(() => performance.now());
  const startMs = performance.now();
  for (const [index, audio] of speech.frames.entries()) {
    const dueMs = startMs + (index + 1) * FRAME_MS;
    await setTimeout(Math.max(0, dueMs - performance.now()));
    client.send({ type: 'input_audio_buffer.append', audio });
  }
  const delay = (await started) - (startMs + speech.onsetMs);
  await client.close();
  return delay;
}
