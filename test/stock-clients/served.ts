import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resampleChunk } from '../../src/audio/resample.ts';
import { collectAudio } from '../../src/audio/test-speech.ts';
import { readWav } from '../../src/audio/wav-reader.ts';
import { findPocketsphinx } from '../../src/engines/pocketsphinx/index.ts';
import type { ScriptSource } from '../../src/engines/scripted/script.ts';
import { startScriptedServer } from '../conformance/scripted-server.ts';
import { sharedFolder } from '../support/shared.ts';
import type { TestServer } from '../support/test-server.ts';

export const PREVIEW_MODEL = 'gpt-4o-realtime-preview';
export const GA_MODEL = 'gpt-realtime';

/** A story that takes as long to write as a person takes to interrupt it. */
const STORY = 'Once upon a time there was a server that told long stories to everybody who asked. '.repeat(8);

const script: ScriptSource = {
  rules: [
    { when: { toolResult: '/"degrees": ?(-?\\d+)/' }, reply: { say: 'It is {1} degrees.' } },
    { when: { user: 'a long story' }, reply: { say: STORY, delay: { firstTokenMs: 0, perWordMs: 60 } } },
    { when: { user: 'my name is Ada' }, reply: { say: 'Nice to meet you, Ada. What can I do for you?' } },
    { when: { user: 'what did you say' }, reply: { say: 'I said: {previousReply}' } },
    {
      when: { user: '/weather in (?<city>\\p{L}+)/' },
      reply: { call: { name: 'get_weather', arguments: { city: '{city}' } } },
    },
  ],
  otherwise: { say: 'I heard: {heard}' },
};

/** The whole server with real ears and a real voice, and a model whose words are known. */
export async function startClientServer(): Promise<TestServer> {
  return await startScriptedServer({ scripts: { [PREVIEW_MODEL]: script, [GA_MODEL]: script } });
}

const isDeaf = findPocketsphinx() === undefined;
const HEARING = /a spoken turn|a manual commit|a transcription session|G\.711/;

/** Why a scenario can not be played on this machine, if it can not. */
export function leftOut(scenario: string): string | undefined {
  return isDeaf && HEARING.test(scenario) ? 'left out, as pocketsphinx is not installed' : undefined;
}

/** Somebody asks something: a recording where there is one, else the server's own voice. 24 kHz. */
export async function spokenQuestion(server: TestServer): Promise<Int16Array> {
  const folder = sharedFolder('audio', 'recorded voices; the server asks itself instead');
  const recording = join(folder ?? '', 'arc-easy-q237.wav');
  if (folder && existsSync(recording)) {
    const clip = await collectAudio(readWav(readFileSync(recording)));
    const { samples } = await resampleChunk(clip, 24_000);
    return samples.subarray(0, 24_000 * QUESTION_SECONDS);
  }
  const answer = await server.post('/v1/audio/speech', {
    model: 'tts-1',
    voice: 'alloy',
    input: 'Is a golden retriever a good family dog?',
    response_format: 'pcm',
  });
  if (!answer.ok) throw new Error(`No speech: ${answer.status}`);
  const bytes = await answer.arrayBuffer();
  return new Int16Array(bytes, 0, bytes.byteLength >> 1);
}

/** As much of the recording as asks something, and as little as keeps the tests short. */
const QUESTION_SECONDS = 3;
