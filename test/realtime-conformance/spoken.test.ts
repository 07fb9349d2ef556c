import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { OpenAI, toFile } from 'openai';
import { afterAll, describe, expect, test } from 'vitest';
import { compressG711, expandG711 } from '../../src/audio/g711.ts';
import { fromPcmBytes, toPcmBytes } from '../../src/audio/pcm-bytes.ts';
import { resampleChunk } from '../../src/audio/resample.ts';
import { collectAudio } from '../../src/audio/test-speech.ts';
import { readWav } from '../../src/audio/wav-reader.ts';
import { wavHeader } from '../../src/audio/wav-writer.ts';
import { findPocketsphinx } from '../../src/engines/pocketsphinx/index.ts';
import { startScriptedServer } from '../conformance/scripted-server.ts';
import { checkRecording } from '../stock-clients/check-recording.ts';
import { openaiNodeClients } from '../stock-clients/openai-node.ts';
import { recordConnections } from '../stock-clients/recorder.ts';
import { Player } from '../stock-clients/scenarios.ts';
import { GA_MODEL, PREVIEW_MODEL } from '../stock-clients/served.ts';
import { sharedFolder } from '../support/shared.ts';
import { countWordErrors } from '../support/word-errors.ts';

const ANSWER = 'The answer to your question is forty two.';
const QUESTION = 'what is the answer to the question';
const JFK =
  'and so my fellow americans ask not what your country can do for you ask what you can do for your country';

const hasEars = findPocketsphinx() !== undefined;
if (!hasEars) console.warn('Left out, as pocketsphinx is not installed: speech at the pace of speech.');

const script = { rules: [], otherwise: { say: ANSWER } };
const server = await startScriptedServer({ scripts: { [PREVIEW_MODEL]: script, [GA_MODEL]: script } });
const recorder = await recordConnections(server);
const openai = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: server.key });
const clients = openaiNodeClients({ recorder, key: server.key });

afterAll(async () => {
  for (const connection of recorder.take()) checkRecording(connection);
  await recorder[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

interface Speech {
  /** 24 kHz. */
  readonly samples: Int16Array;
  readonly words: string;
  /** How many words in ten the recognizer may take for others, on a wide band and on a telephone's. */
  readonly wrongInTen: { readonly wide: number; readonly narrow: number };
}

const speeches: Readonly<Record<string, Speech>> = {
  'a question': await askedQuestion(),
  ...(await recorded()),
};

const LINES = [
  { client: 'openai 7 GA', format: 'pcm', law: undefined },
  { client: 'openai 7 GA', format: 'ulaw', law: 'mulaw' },
  { client: 'openai 7 beta', format: 'alaw', law: 'alaw' },
] as const;
type Line = (typeof LINES)[number];

describe.runIf(hasEars)(
  'speech at the pace of speech is heard and answered aloud',
  { timeout: 120_000 },
  () => {
    // The long one costs as much time as it takes to say; one client is enough for it.
    for (const [name, speech] of Object.entries(speeches))
      for (const line of LINES.filter(({ client }) => speech.words !== JFK || client === 'openai 7 GA'))
        test(`${name} in ${line.format} through ${line.client}`, async () => await converse(speech, line));
  },
);

async function converse({ samples, words, wrongInTen }: Speech, line: Line): Promise<void> {
  const client = clients.find(({ name }) => name === line.client) ?? expect.fail(`No ${line.client}.`);
  await using player = await Player.open({ client });
  const turnDetection = { type: 'server_vad', silence_duration_ms: 1_200 };
  await player.configure({ format: line.format, turnDetection, transcription: true, output: 'audio' });
  const silence = new Int16Array(24_000);
  const talking = talk(player, line, [silence, samples, silence, silence.subarray(0, 12_000)]);
  const started = await player.next('input_audio_buffer.speech_started');
  expect(Number(started['audio_start_ms'])).toBeLessThan(1_500);
  const stopped = await player.next('input_audio_buffer.speech_stopped');
  const spokenMs = samples.length / 24;
  expect(Number(stopped['audio_end_ms'])).toBeGreaterThan(spokenMs * 0.9);
  const told = await player.next('conversation.item.input_audio_transcription.completed', 'response.created');
  const { transcript } =
    told.type === 'response.created' ? expect.fail('An answer begins before its question is told.') : told;
  expectWords({
    said: words,
    heard: String(transcript),
    wrongInTen: line.law ? wrongInTen.narrow : wrongInTen.wide,
  });
  const { text, audio } = await player.readResponse();
  expect(text).toBe(ANSWER);
  expectWords({ said: ANSWER, heard: await readBack(audio, line), wrongInTen: line.law ? 4 : 2 });
  await talking;
}

/** In frames of 100 ms, each when it would have been spoken. */
async function talk(player: Player, { law }: Line, pieces: readonly Int16Array[]): Promise<void> {
  const begun = performance.now();
  const whole = { samples: Int16Array.from(pieces.flatMap((piece) => [...piece])), sampleRate: 24_000 };
  const bytes = law
    ? compressG711((await resampleChunk(whole, 8_000)).samples, law)
    : toPcmBytes(whole.samples);
  const frame = law ? 800 : 4_800;
  for (let start = 0; start < bytes.length; start += frame) {
    await player.append(bytes.subarray(start, start + frame));
    await pause(Math.max(0, begun + (start / frame + 1) * 100 - performance.now()));
  }
}

async function readBack(audio: Uint8Array, { law }: Line): Promise<string> {
  const samples = law ? expandG711(audio, law) : fromPcmBytes(audio);
  const header = wavHeader(law ? 8_000 : 24_000, samples.length);
  const file = await toFile(Buffer.concat([header, toPcmBytes(samples)]), 'answer.wav');
  const { text } = await openai.audio.transcriptions.create({ file, model: 'whisper-1' });
  return text;
}

interface Hearing {
  readonly said: string;
  readonly heard: string;
  readonly wrongInTen: number;
}

function expectWords({ said, heard, wrongInTen }: Hearing): void {
  const { errors, words } = countWordErrors(said, heard);
  expect(errors / words, `"${said}" was heard as "${heard}"`).toBeLessThanOrEqual(wrongInTen / 10);
}

async function askedQuestion(): Promise<Speech> {
  const answer = await openai.audio.speech.create({
    model: 'tts-1',
    voice: 'alloy',
    input: QUESTION,
    response_format: 'pcm',
  });
  const samples = fromPcmBytes(new Uint8Array(await answer.arrayBuffer()));
  return { samples, words: QUESTION, wrongInTen: { wide: 2, narrow: 4 } };
}

async function recorded(): Promise<Readonly<Record<string, Speech>>> {
  const folder = sharedFolder('audio', 'a recorded voice at the pace of speech');
  if (!folder) return {};
  const clip = await collectAudio(readWav(readFileSync(join(folder, 'jfk.wav'))));
  const { samples } = await resampleChunk(clip, 24_000);
  // Of an old recording the recognizer, which wants the whole band, hears little by telephone.
  return { 'a recorded speech': { samples, words: JFK, wrongInTen: { wide: 3, narrow: 8 } } };
}
