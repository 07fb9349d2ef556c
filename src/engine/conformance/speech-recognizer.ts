import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { type AudioChunk, durationMs } from '../../audio/chunk.ts';
import { EngineError } from '../../util/errors.ts';
import { randomNumbers } from '../../util/random-numbers.ts';
import type { RecognitionEvent, SpeechRecognizer } from '../speech-recognizer.ts';
import type { ConformanceCase } from './conformance-case.ts';
import { wordErrorRate } from './word-error-rate.ts';

export interface SpeechRecognizerSubject {
  readonly recognizer: SpeechRecognizer;
  /** Two recordings of 2 s or more at the recognizer's rate, in a language that it hears. */
  readonly speech: readonly [SpokenSample, SpokenSample];
  /** The share of words, 0 to 1, that it may hear wrong. */
  readonly allowedErrorRate: number;
  /** Requests that it takes, the waiting ones included, before it refuses one as `busy`; absent when unbounded. */
  readonly capacity?: number;
  /** False when it tells nothing before the audio has ended. */
  readonly hasPartials: boolean;
}

export interface SpokenSample {
  readonly audio: AudioChunk;
  readonly text: string;
}

type Case = ConformanceCase<SpeechRecognizerSubject>;

/** What a speech recognizer promises to those who call it. */
export const speechRecognizerConformance: readonly Case[] = [
  {
    name: 'hears what is said',
    run: async (subject) => {
      for (const sample of subject.speech)
        assertHeard(subject, sample.text, await hear(subject, sample.audio));
    },
  },
  {
    name: 'tells partials while audio arrives',
    run: async (subject) => {
      if (!subject.hasPartials) return;
      const { audio } = subject.speech[0];
      const partialTold = Promise.withResolvers<void>();
      async function* source(): AsyncGenerator<AudioChunk> {
        yield* inChunks(audio, 100);
        await partialTold.promise;
      }
      for await (const event of subject.recognizer.recognize(source(), { signal: deadline() })) {
        if (event.type === 'partial' && event.text !== '') partialTold.resolve();
      }
    },
  },
  {
    name: 'takes back nothing that it called settled',
    run: async (subject) => {
      let settled = '';
      for (const event of await hear(subject, subject.speech[0].audio)) {
        assert.ok(event.text.startsWith(settled), `"${settled}" was taken back by "${event.text}"`);
        settled = event.type === 'partial' ? (event.settled ?? settled) : '';
        assert.ok(event.text.startsWith(settled), `"${settled}" is not what "${event.text}" begins with`);
      }
    },
  },
  {
    name: 'tells finals in order, with times that rise and lie inside the audio',
    run: async (subject) => {
      const [first, second] = subject.speech;
      const pause = silence(subject, 1_500);
      const audio = concat([first.audio, pause, second.audio]);
      const events = await hear(subject, audio);
      assertHeard(subject, `${first.text} ${second.text}`, events);
      assertRising(events, durationMs(audio));
    },
  },
  ...[7, 20, 100, 5_000].map(
    (chunkMs): Case => ({
      name: `hears the same in chunks of ${chunkMs} ms`,
      run: async (subject) => {
        const { audio } = subject.speech[0];
        assert.equal(textOf(await hear(subject, audio, chunkMs)), textOf(await hear(subject, audio, 50)));
      },
    }),
  ),
  {
    name: 'hears audio that comes slowly',
    run: async (subject) => {
      const { audio, text } = subject.speech[1];
      async function* source(): AsyncGenerator<AudioChunk> {
        for await (const chunk of inChunks(audio, 20)) {
          await setImmediate();
          yield chunk;
        }
      }
      assertHeard(subject, text, await listen(subject, source()));
    },
  },
  {
    name: 'hears nothing in no audio',
    run: async (subject) => {
      assert.equal(textOf(await listen(subject, noAudio())), '');
    },
  },
  {
    name: 'hears no words in silence',
    run: async (subject) => {
      assert.equal(textOf(await hear(subject, silence(subject, 3_000))), '');
    },
  },
  {
    name: 'hears no words in white noise',
    run: async (subject) => {
      assert.equal(textOf(await hear(subject, whiteNoise(subject, 3_000))), '');
    },
  },
  {
    name: 'is not led astray by silence before the speech',
    run: async (subject) => {
      const { audio, text } = subject.speech[0];
      assertHeard(subject, text, await hear(subject, concat([silence(subject, 3_000), audio])));
    },
  },
  {
    name: 'rejects with the reason when aborted before it begins',
    run: async (subject) => {
      const reason = new Error('too late');
      const options = { signal: AbortSignal.abort(reason) };
      const audio = inChunks(subject.speech[0].audio, 100);
      await assert.rejects(Array.fromAsync(subject.recognizer.recognize(audio, options)), reason);
    },
  },
  {
    name: 'rejects with the reason within 100 ms when aborted in the middle, and hears the next',
    run: async (subject) => {
      const abort = new AbortController();
      const reason = new Error('barge-in');
      const spoken = Promise.withResolvers<void>();
      async function* source(): AsyncGenerator<AudioChunk> {
        yield* inChunks(subject.speech[0].audio, 100);
        spoken.resolve();
        yield* stalled(abort.signal);
      }
      const outcome = assert.rejects(listen(subject, source(), abort.signal), reason);
      await spoken.promise;
      const abortedAt = performance.now();
      abort.abort(reason);
      await outcome;
      assert.ok(performance.now() - abortedAt < 100, 'it took more than 100 ms to stop');
      await assertStillHears(subject);
    },
  },
  {
    name: 'is freed by a reader that leaves early',
    run: async (subject) => {
      if (!subject.hasPartials) return;
      const abort = new AbortController();
      async function* source(): AsyncGenerator<AudioChunk> {
        yield* inChunks(subject.speech[0].audio, 100);
        yield* stalled(abort.signal);
      }
      for (let time = 0; time < (subject.capacity ?? 3); time += 1) {
        for await (const _ of subject.recognizer.recognize(source(), { signal: deadline() })) break;
      }
      await assertStillHears(subject);
      abort.abort();
    },
  },
  {
    name: 'rejects with the error of the audio, and hears the next',
    run: async (subject) => {
      const error = new RangeError('the microphone is gone');
      async function* source(): AsyncGenerator<AudioChunk> {
        yield* inChunks(subject.speech[0].audio, 100);
        throw error;
      }
      await assert.rejects(listen(subject, source()), error);
      await assertStillHears(subject);
    },
  },
  {
    name: 'hears several at once, each its own',
    run: async (subject) => {
      const [first, second] = subject.speech;
      const samples = [first, second, first].slice(0, subject.capacity);
      const heard = await Promise.all(samples.map(({ audio }) => hear(subject, audio)));
      for (const [index, events] of heard.entries()) assertHeard(subject, samples[index]?.text ?? '', events);
    },
  },
  {
    name: 'refuses as busy what goes beyond its bound, and only that',
    run: async (subject) => {
      if (subject.capacity === undefined) return;
      const abort = new AbortController();
      const taken = Array.from({ length: subject.capacity }, () =>
        listen(subject, stalled(abort.signal), abort.signal),
      );
      const outcomes = Promise.allSettled(taken);
      await setImmediate();
      await assert.rejects(
        listen(subject, noAudio()),
        (error) => error instanceof EngineError && error.reason === 'busy',
      );
      abort.abort();
      await outcomes;
      await assertStillHears(subject);
    },
  },
];

function hear(
  subject: SpeechRecognizerSubject,
  audio: AudioChunk,
  chunkMs = 100,
): Promise<RecognitionEvent[]> {
  return listen(subject, inChunks(audio, chunkMs));
}

async function listen(
  { recognizer }: SpeechRecognizerSubject,
  audio: AsyncIterable<AudioChunk>,
  signal: AbortSignal = deadline(),
): Promise<RecognitionEvent[]> {
  return await Array.fromAsync(recognizer.recognize(audio, { signal }));
}

/** Turns a recognizer that hangs into a failure that says so. */
function deadline(): AbortSignal {
  return AbortSignal.timeout(25_000);
}

function textOf(events: readonly RecognitionEvent[]): string {
  const finals = events.filter((event) => event.type === 'final');
  return finals
    .map(({ text }) => text)
    .filter(Boolean)
    .join(' ');
}

function assertHeard(
  { allowedErrorRate }: SpeechRecognizerSubject,
  said: string,
  events: readonly RecognitionEvent[],
): void {
  const heard = textOf(events);
  const rate = wordErrorRate(said, heard);
  assert.ok(rate <= allowedErrorRate, `"${said}" was heard as "${heard}": ${Math.round(rate * 100)} % wrong`);
}

async function assertStillHears(subject: SpeechRecognizerSubject): Promise<void> {
  const { audio, text } = subject.speech[1];
  assertHeard(subject, text, await hear(subject, audio));
}

function assertRising(events: readonly RecognitionEvent[], lengthMs: number): void {
  let previousMs = 0;
  for (const event of events) {
    if (event.type !== 'final') continue;
    for (const span of event.words ?? [event]) {
      assert.ok(span.startMs >= previousMs, `"${span.text}" begins before what was told before it ends`);
      assert.ok(span.endMs >= span.startMs, `"${span.text}" ends before it begins`);
      previousMs = span.endMs;
    }
    assert.ok(event.startMs <= event.endMs, `"${event.text}" ends before it begins`);
  }
  assert.ok(previousMs <= lengthMs, `the last word ends at ${previousMs} ms of ${lengthMs} ms`);
}

async function* inChunks(audio: AudioChunk, chunkMs: number): AsyncGenerator<AudioChunk> {
  const { samples, sampleRate } = audio;
  const size = Math.floor((chunkMs * sampleRate) / 1_000);
  for (let at = 0; at < samples.length; at += size) {
    yield { samples: samples.subarray(at, at + size), sampleRate };
  }
}

async function* noAudio(): AsyncGenerator<AudioChunk> {}

/** Audio that has begun, as far as its reader knows, and does not come. */
async function* stalled(signal: AbortSignal): AsyncGenerator<AudioChunk> {
  if (!signal.aborted) await once(signal, 'abort');
  yield* noAudio();
}

function concat(parts: readonly AudioChunk[]): AudioChunk {
  const samples = Int16Array.from(parts.flatMap((part) => [...part.samples]));
  return { samples, sampleRate: parts[0]?.sampleRate ?? 0 };
}

function silence({ recognizer: { sampleRate } }: SpeechRecognizerSubject, lengthMs: number): AudioChunk {
  return { samples: new Int16Array((lengthMs * sampleRate) / 1_000), sampleRate };
}

/** The same noise each time, at about -20 dB of full scale. */
function whiteNoise(subject: SpeechRecognizerSubject, lengthMs: number): AudioChunk {
  const random = randomNumbers();
  const { samples, sampleRate } = silence(subject, lengthMs);
  return { samples: samples.map(() => (random() - 0.5) * 11_000), sampleRate };
}
