import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AudioChunk } from '../../src/audio/chunk.ts';
import { compressG711, expandG711 } from '../../src/audio/g711.ts';
import { fromPcmBytes, toPcmBytes } from '../../src/audio/pcm-bytes.ts';
import { resampleChunk } from '../../src/audio/resample.ts';
import { collectAudio } from '../../src/audio/test-speech.ts';
import { cascade } from '../../src/conversation/cascade.ts';
import { transcribe } from '../../src/conversation/transcribe.ts';
import { flite } from '../../src/engines/flite/flite.ts';
import { findPocketsphinx, pocketsphinx } from '../../src/engines/pocketsphinx/index.ts';
import { scripted } from '../../src/engines/scripted/index.ts';
import { webrtcVad } from '../../src/engines/webrtc-vad/webrtc-vad.ts';
import { sampleRateOf, type WireAudioFormat } from '../../src/realtime/session-config.ts';
import { systemClock } from '../../src/util/clock.ts';
import { countWordErrors } from '../support/word-errors.ts';
import { Rig } from './rig.ts';

const QUESTION = 'what is the answer to the question';
const ANSWER = 'The answer to your question is forty two.';
const { signal } = new AbortController();

const hasRecognizer = findPocketsphinx() !== undefined;
if (!hasRecognizer) console.warn('realtime: left out the spoken turn, as pocketsphinx is not installed.');

describe.runIf(hasRecognizer)('a session without fakes', () => {
  const synthesizer = flite({ workers: 1 });
  const recognizer = pocketsphinx({ workers: 1, jobsPerWorker: 3, waiting: 4 });
  let question: AudioChunk;

  beforeAll(async () => {
    await recognizer.warm();
    async function* text(): AsyncGenerator<string> {
      yield QUESTION;
    }
    async function* audio(): AsyncGenerator<AudioChunk> {
      for await (const event of synthesizer.synthesize(text(), { signal, voice: 'alloy', speed: 1 }))
        if (event.type === 'audio') yield event.chunk;
    }
    question = await collectAudio(audio());
  });
  afterAll(async () => {
    await synthesizer[Symbol.asyncDispose]();
    await recognizer[Symbol.asyncDispose]();
  });

  test.each(['pcm16', 'g711-ulaw', 'g711-alaw'] as const)(
    'hears a spoken question, and is heard when it answers, in %s',
    { timeout: 60_000 },
    async (format) => {
      const languageModel = await scripted({ script: { rules: [], otherwise: { say: ANSWER } } });
      let ids = 0;
      const newId = (prefix: string): string => `${prefix}r${++ids}`;
      const responder = cascade({ recognizer, languageModel, synthesizer, newId });
      const transcription = { model: undefined, language: undefined, prompt: undefined };
      await using rig = new Rig({
        responder,
        recognizer,
        detector: await webrtcVad(),
        hasCaptions: true,
        clock: systemClock,
        config: { voice: 'alloy', inputFormat: format, outputFormat: format, transcription },
      });
      const feeding = feed(rig, await toWire(question, format), format);
      await rig.readUntil('transcription-end');
      await rig.readResponses(1);
      await feeding;

      const silenceMs = 1_000;
      const spokenMs = (question.samples.length / question.sampleRate) * 1000;
      const [start] = rig.of('speech-start');
      const end = rig.of('speech-end').at(-1);
      expect(Math.abs((start?.atMs ?? 0) - (silenceMs - 300))).toBeLessThan(250);
      expect(Math.abs((end?.atMs ?? 0) - (silenceMs + spokenMs + 200))).toBeLessThan(400);
      expectWords(
        QUESTION,
        rig
          .of('transcription-end')
          .map(({ transcript }) => transcript)
          .join(' '),
      );
      const answer = rig.of('output-audio-delta').map(({ audio }) => fromWire(audio.bytes, format));
      expectWords(ANSWER, await transcribe(recognizer, { chunks: answer }, { signal }));
    },
  );
});

/** At most one word in five may be heard wrong. */
function expectWords(said: string, heard: string): void {
  const { errors, words } = countWordErrors(said, heard);
  expect(errors / words, `"${said}" was heard as "${heard}"`).toBeLessThanOrEqual(0.2);
}

/** A second of silence, the speech, and enough silence to end the turn, in frames of 20 ms. */
async function feed(rig: Rig, speech: Uint8Array, format: WireAudioFormat): Promise<void> {
  const pause = await toWire({ samples: new Int16Array(24_000), sampleRate: 24_000 }, format);
  const bytes = Buffer.concat([pause, speech, pause]);
  const frame = (sampleRateOf(format) / 50) * (format === 'pcm16' ? 2 : 1);
  for (let start = 0; start < bytes.length; start += frame) {
    await rig.send({ type: 'audio-append', bytes: bytes.subarray(start, start + frame) });
    await setImmediate();
  }
}

async function toWire(audio: AudioChunk, format: WireAudioFormat): Promise<Uint8Array> {
  const { samples } = await resampleChunk(audio, sampleRateOf(format));
  if (format === 'pcm16') return toPcmBytes(samples);
  return compressG711(samples, format === 'g711-ulaw' ? 'mulaw' : 'alaw');
}

function fromWire(bytes: Uint8Array, format: WireAudioFormat): AudioChunk {
  const sampleRate = sampleRateOf(format);
  if (format === 'pcm16') return { samples: fromPcmBytes(bytes), sampleRate };
  return { samples: expandG711(bytes, format === 'g711-ulaw' ? 'mulaw' : 'alaw'), sampleRate };
}
