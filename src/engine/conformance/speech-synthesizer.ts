import assert from 'node:assert/strict';
import { durationMs } from '../../audio/chunk.ts';
import { EngineError } from '../../util/errors.ts';
import type { SpeechSynthesizer, SynthesisEvent, SynthesizeOptions } from '../speech-synthesizer.ts';
import type { ConformanceCase } from './conformance-case.ts';

export interface SynthesizerSubject {
  readonly synthesizer: SpeechSynthesizer;
  /** One of its voices. */
  readonly voice: string;
  /** The same engine with room for one piece of speech and for nobody who waits; without it, refusal is not checked. */
  readonly narrow?: SpeechSynthesizer;
}

const SENTENCES = [
  'The train leaves at noon. ',
  'Please bring a warm coat. ',
  'We shall be home by evening.',
];
const LONG_SENTENCE =
  'We walked along the river for a long while, talking about the old house and the people who had lived there, and when it grew dark we turned back and went home without a word.';
const PROMPTLY_MS = 100;

/** What every speech synthesizer promises, whichever way it speaks. */
export const speechSynthesizerConformance: readonly ConformanceCase<SynthesizerSubject>[] = [
  {
    name: 'speaks with audio that is there, at its own rate, in short chunks, and not silent',
    async run(subject) {
      const { chunks } = await spoken(subject, SENTENCES);
      assert.ok(chunks.length > 0, 'there is no audio');
      for (const chunk of chunks) {
        assert.equal(chunk.sampleRate, subject.synthesizer.sampleRate);
        assert.ok(chunk.samples.length > 0, 'a chunk is empty');
        assert.ok(durationMs(chunk) <= 1000, `a chunk is ${durationMs(chunk)} ms long`);
      }
      assert.ok(loudness(chunks) > 200, `the audio is as good as silent: ${loudness(chunks)} of 32768`);
    },
  },
  {
    name: 'marks every piece as spoken, in order, where its audio ends',
    async run(subject) {
      const { marks, chunks, endings } = await spoken(subject, SENTENCES);
      assert.deepEqual(
        marks.map((mark) => mark.text),
        SENTENCES,
      );
      for (const [index, mark] of marks.entries()) {
        assert.ok(mark.endMs > (marks[index - 1]?.endMs ?? 0), 'a mark is not after the one before it');
        assert.ok(
          Math.abs(mark.endMs - (endings[index] ?? 0)) < 50,
          `piece ${index} ends at ${mark.endMs} ms, its audio at ${endings[index]} ms`,
        );
      }
      assert.ok(
        (marks.at(-1)?.endMs ?? 0) <= lengthMs(chunks) + 1,
        'the last mark is after the end of the audio',
      );
    },
  },
  {
    name: 'speaks a longer text for a longer time',
    async run(subject) {
      const short = await spoken(subject, ['Yes, please.']);
      const long = await spoken(subject, [LONG_SENTENCE]);
      assert.ok(lengthMs(long.chunks) > 3 * lengthMs(short.chunks));
    },
  },
  {
    name: 'speaks twice as fast at twice the speed',
    async run(subject) {
      const plain = await spoken(subject, [LONG_SENTENCE]);
      const fast = await spoken(subject, [LONG_SENTENCE], { speed: 2 });
      const ratio = lengthMs(plain.chunks) / lengthMs(fast.chunks);
      assert.ok(ratio > 1.6 && ratio < 2.4, `the length was divided by ${ratio}`);
    },
  },
  {
    name: 'speaks the first piece while the rest is not yet written',
    async run(subject) {
      const pen = Promise.withResolvers<void>();
      async function* written(): AsyncGenerator<string> {
        yield SENTENCES[0] ?? '';
        await pen.promise;
        yield SENTENCES[1] ?? '';
      }
      const told: SynthesisEvent['type'][] = [];
      for await (const event of speak(subject, written())) {
        told.push(event.type);
        if (event.type === 'spoken') pen.resolve();
      }
      assert.equal(told[0], 'audio');
      assert.equal(told.filter((type) => type === 'spoken').length, 2);
    },
  },
  {
    name: 'says nothing when there is no text',
    async run(subject) {
      const { chunks, marks } = await spoken(subject, []);
      assert.deepEqual([chunks.length, marks.length], [0, 0]);
    },
  },
  {
    name: 'passes on an error of the writer',
    async run(subject) {
      const torn = new Error('The pen broke.');
      async function* written(): AsyncGenerator<string> {
        yield SENTENCES[0] ?? '';
        throw torn;
      }
      await assert.rejects(exhaust(speak(subject, written())), torn);
    },
  },
  {
    name: 'rejects with the reason when it is aborted before it begins',
    async run(subject) {
      const reason = new Error('Not wanted any more.');
      const events = speak(subject, from(SENTENCES), { signal: AbortSignal.abort(reason) });
      await assert.rejects(exhaust(events), reason);
    },
  },
  {
    name: 'rejects with the reason, promptly, when it is aborted in mid-work',
    async run(subject) {
      const stop = new AbortController();
      const reason = new Error('Interrupted.');
      const events = speak(subject, repeated(LONG_SENTENCE), { signal: stop.signal })[Symbol.asyncIterator]();
      await events.next();
      const startedAt = performance.now();
      stop.abort(reason);
      await assert.rejects(async () => {
        for (let step = await events.next(); !step.done; ) step = await events.next();
      }, reason);
      const tookMs = performance.now() - startedAt;
      assert.ok(tookMs < PROMPTLY_MS, `it took ${Math.round(tookMs)} ms to stop`);
    },
  },
  {
    name: 'rejects promptly when it is aborted while the writer thinks',
    async run(subject) {
      const stop = new AbortController();
      const reason = new Error('Interrupted.');
      async function* written(): AsyncGenerator<string> {
        yield SENTENCES[0] ?? '';
        stop.abort(reason);
        await new Promise(() => {});
      }
      await assert.rejects(exhaust(speak(subject, written(), { signal: stop.signal })), reason);
    },
  },
  {
    name: 'stops reading the text when nobody reads the speech',
    async run(subject) {
      let written = 0;
      async function* endless(): AsyncGenerator<string> {
        for (;;) {
          written += 1;
          yield SENTENCES[0] ?? '';
        }
      }
      const unread = speak(subject, endless())[Symbol.asyncIterator]();
      await unread.next();
      // Others are served meanwhile, which gives it the time to run ahead.
      for (let round = 0; round < 4; round++) await spoken(subject, SENTENCES);
      await unread.return?.();
      assert.ok(written <= 4, `${written} pieces were taken while the first was read`);
    },
  },
  {
    name: 'frees its place when the reader leaves',
    async run(subject) {
      const narrow = { ...subject, synthesizer: subject.narrow ?? subject.synthesizer };
      for (let round = 0; round < 4; round++) await onceFree(() => leaveEarly(narrow, LONG_SENTENCE));
      const { marks } = await onceFree(() => spoken(narrow, SENTENCES));
      assert.equal(marks.length, SENTENCES.length);
    },
  },
  {
    name: 'speaks for ten at once, to each what is theirs',
    async run(subject) {
      const texts = Array.from({ length: 10 }, (_, index) => `${'Number '.repeat(index + 1)}${index}.`);
      const speeches = await Promise.all(texts.map((text) => spoken(subject, [text])));
      assert.deepEqual(
        speeches.map(({ marks }) => marks.map((mark) => mark.text)),
        texts.map((text) => [text]),
      );
      const lengths = speeches.map(({ chunks }) => lengthMs(chunks));
      assert.deepEqual(
        lengths,
        lengths.toSorted((one, other) => one - other),
      );
    },
  },
  {
    name: 'refuses as busy what it has no place for, and goes on with the rest',
    async run({ narrow, voice }) {
      if (!narrow) return;
      const subject = { synthesizer: narrow, voice };
      const outcomes = await Promise.allSettled(
        Array.from({ length: 6 }, () => spoken(subject, [LONG_SENTENCE])),
      );
      const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
      assert.ok(refused.length > 0, 'nobody was refused');
      assert.ok(refused.length < outcomes.length, 'everybody was refused');
      for (const { reason } of refused) {
        assert.ok(reason instanceof EngineError, String(reason));
        assert.equal(reason.reason, 'busy');
      }
      assert.equal((await onceFree(() => spoken(subject, SENTENCES))).marks.length, SENTENCES.length);
    },
  },
  ...oddTexts().map(([what, text]) => ({
    name: `takes ${what} without harm`,
    async run(subject: SynthesizerSubject) {
      // An engine of many languages may refuse a text by its language, which is another matter.
      const language = subject.synthesizer.languages[0];
      const { marks } = await spoken(subject, [text, 'Still here.'], { speed: 4, language });
      assert.deepEqual(
        marks.map((mark) => mark.text),
        [text, 'Still here.'],
      );
    },
  })),
];

function oddTexts(): readonly (readonly [string, string])[] {
  return [
    ['an empty piece', ''],
    ['white space', ' \n\t '],
    ['only punctuation', '... !? -- ()'],
    ['emoji', 'Well done 👩🏽‍💻🎉!'],
    ['control characters', 'One\u0000two\u0007three\u001B[31m four\u007F.'],
    ['half a surrogate pair', 'Half \uD83D a pair.'],
    ['what looks like an option', '--voice -o /tmp/file -t hello.'],
    ['what looks like markup', '<speak><audio src="x"/>Hello & [[good]] bye</speak>'],
    ['letters of many scripts', 'Ångström, Übung, Привет, 你好, नमस्ते, مرحبا.'],
    ['a word of five hundred letters', `${'a'.repeat(500)}.`],
    ['ten thousand characters', `${'Round and round it goes. '.repeat(400)}`],
  ];
}

interface Speech {
  readonly chunks: readonly Extract<SynthesisEvent, { type: 'audio' }>['chunk'][];
  readonly marks: readonly Extract<SynthesisEvent, { type: 'spoken' }>[];
  /** How much audio had been read at each mark. */
  readonly endings: readonly number[];
}

async function spoken(
  subject: SynthesizerSubject,
  text: readonly string[],
  options: Partial<SynthesizeOptions> = {},
): Promise<Speech> {
  const chunks = [];
  const marks = [];
  const endings = [];
  let readMs = 0;
  for await (const event of speak(subject, from(text), options)) {
    if (event.type === 'audio') {
      chunks.push(event.chunk);
      readMs += durationMs(event.chunk);
    } else {
      marks.push(event);
      endings.push(readMs);
    }
  }
  return { chunks, marks, endings };
}

async function leaveEarly(subject: SynthesizerSubject, text: string): Promise<void> {
  for await (const event of speak(subject, from([text]))) {
    if (event.type === 'audio') break;
  }
}

/** A cancelled job may hold its place for a moment after its reader has gone; whoever is refused then asks again. */
async function onceFree<T>(work: () => Promise<T>): Promise<T> {
  const untilMs = performance.now() + 5_000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const isBusy = error instanceof EngineError && error.reason === 'busy';
      if (!isBusy || performance.now() > untilMs) throw error;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

function speak(
  { synthesizer, voice }: SynthesizerSubject,
  text: AsyncIterable<string>,
  options: Partial<SynthesizeOptions> = {},
): AsyncIterable<SynthesisEvent> {
  return synthesizer.synthesize(text, { signal: new AbortController().signal, voice, speed: 1, ...options });
}

async function* from(pieces: readonly string[]): AsyncGenerator<string, void, void> {
  yield* pieces;
}

async function* repeated(piece: string): AsyncGenerator<string, void, void> {
  for (;;) yield piece;
}

async function exhaust(events: AsyncIterable<unknown>): Promise<void> {
  for await (const _event of events);
}

function lengthMs(chunks: Speech['chunks']): number {
  return chunks.reduce((total, chunk) => total + durationMs(chunk), 0);
}

/** The root mean square of the samples. */
function loudness(chunks: Speech['chunks']): number {
  let power = 0;
  let count = 0;
  for (const { samples } of chunks) {
    for (const sample of samples) power += sample * sample;
    count += samples.length;
  }
  return Math.sqrt(power / count);
}
