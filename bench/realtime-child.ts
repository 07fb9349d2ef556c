/** The server whose sessions are measured, in a process of its own, with engines that cost nothing. */
import { on } from 'node:events';
import type { SpeechSynthesizer } from '../src/engine/speech-synthesizer.ts';
import { webrtcVad } from '../src/engines/webrtc-vad/webrtc-vad.ts';
import { openTestApp } from '../test/support/app.ts';
import { echo, listener } from './fake-engines.ts';
import { cpuMs, type RealtimeQuestion } from './realtime-server.ts';

const SESSIONS = 1_000;
const SAMPLE_RATE = 24_000;
const CHUNK = { samples: new Int16Array(SAMPLE_RATE / 10), sampleRate: SAMPLE_RATE };
const CHUNKS_OF_A_PIECE = 10;

/** Speaks every piece for a second, at once. */
const speaker: SpeechSynthesizer = {
  name: 'speaker',
  sampleRate: SAMPLE_RATE,
  voices: ['alloy'],
  languages: [],
  async *synthesize(text) {
    let endMs = 0;
    for await (const piece of text) {
      for (let chunk = 0; chunk < CHUNKS_OF_A_PIECE; chunk += 1) yield { type: 'audio', chunk: CHUNK };
      endMs += 100 * CHUNKS_OF_A_PIECE;
      yield { type: 'spoken', text: piece, endMs };
    }
  },
};

// From the start, so that a bench that ends early is noticed.
const questions = on(process, 'message', { close: ['disconnect'] });
await using test = await openTestApp(
  {
    talk: {
      recognizer: listener,
      languageModel: echo(),
      synthesizer: speaker,
      voiceActivity: await webrtcVad(),
    },
  },
  { sessions: SESSIONS, sessionsPerKey: SESSIONS, concurrentPerKey: SESSIONS },
);

process.send?.(await test.listen());
for await (const [text] of questions) {
  // The two files agree on the shape.
  const question = JSON.parse(String(text)) as RealtimeQuestion;
  process.send?.(question === 'key' ? test.key : cpuMs());
}
