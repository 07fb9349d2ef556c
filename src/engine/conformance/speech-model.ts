import assert from 'node:assert/strict';
import { type AudioChunk, durationMs } from '../../audio/chunk.ts';
import type { ConverseEvent, ConverseRequest, SpeechModel } from '../speech-model.ts';
import type { ConformanceCase } from './conformance-case.ts';

export interface SpeechModelSubject {
  readonly model: SpeechModel;
  readonly voice: string;
  /** Something to say to which the model answers with half a second of speech or more. */
  readonly prompt: string;
}

/** How long a model may take to notice that it is no longer wanted. */
const PROMPT_MS = 500;

/** What every speech model promises. */
export const speechModelConformance: readonly ConformanceCase<SpeechModelSubject>[] = [
  {
    name: 'a spoken reply is words and sound, then exactly one finish',
    async run(subject) {
      const events = await collect(subject, ask(subject));
      assert.equal(events.filter(({ type }) => type === 'finish').length, 1);
      assert.equal(events.at(-1)?.type, 'finish');
      const words = events.flatMap((event) => (event.type === 'text-delta' ? [event.delta] : []));
      assert.ok(!words.includes(''), 'no piece of text is empty');
      assert.notEqual(words.join('').trim(), '');
      assert.ok(lengthMs(events) >= 500, 'half a second is spoken');
    },
  },
  {
    name: 'a written reply has no sound',
    async run(subject) {
      const events = await collect(subject, { ...ask(subject), modality: 'text' });
      assert.ok(!events.some(({ type }) => type === 'audio'));
      assert.ok(events.some(({ type }) => type === 'text-delta'));
    },
  },
  {
    name: 'usage counts the tokens of the conversation and of the reply',
    async run(subject) {
      const finish = (await collect(subject, ask(subject))).at(-1);
      assert.ok(finish?.type === 'finish');
      assert.ok(finish.usage.inputTokens > 0);
      assert.ok(finish.usage.outputTokens > 0);
    },
  },
  {
    name: 'what was said is taken as it sounds, at any rate',
    async run(subject) {
      for (const sampleRate of [8_000, 16_000, 24_000, 48_000]) {
        const clip = { chunks: [{ samples: new Int16Array(sampleRate / 2), sampleRate }] };
        const parts = [
          { kind: 'text', text: subject.prompt },
          { kind: 'audio', clip },
        ] as const;
        const events = await collect(subject, { ...ask(subject), messages: [{ role: 'user', parts }] });
        assert.equal(events.at(-1)?.type, 'finish');
      }
    },
  },
  {
    name: 'a signal that is already aborted rejects with its reason',
    async run(subject) {
      const reason = new Error('not wanted');
      const events = subject.model.converse(ask(subject), { signal: AbortSignal.abort(reason) });
      await within(PROMPT_MS, assert.rejects(Array.fromAsync(events), isSame(reason)));
    },
  },
  {
    name: 'aborting in the middle of the sound rejects with the reason at once',
    async run(subject) {
      const reason = new Error('interrupted');
      const controller = new AbortController();
      const events = subject.model
        .converse(ask(subject), { signal: controller.signal })
        [Symbol.asyncIterator]();
      await untilSound(events);
      controller.abort(reason);
      await within(PROMPT_MS, assert.rejects(events.next(), isSame(reason)));
      assert.equal((await events.next()).done, true);
    },
  },
  {
    name: 'leaving early ends the work, and the model answers again',
    async run(subject) {
      const { signal } = new AbortController();
      for (let round = 0; round < 5; round += 1) {
        const events = subject.model.converse(ask(subject), { signal })[Symbol.asyncIterator]();
        await untilSound(events);
        await within(PROMPT_MS, Promise.resolve(events.return?.()));
      }
      assert.equal((await collect(subject, ask(subject))).at(-1)?.type, 'finish');
    },
  },
];

function ask({ prompt, voice }: SpeechModelSubject): ConverseRequest {
  const messages = [{ role: 'user', text: prompt }] as const;
  return { messages, modality: 'audio', voice, tools: [], toolChoice: 'auto', sampling: {} };
}

async function collect({ model }: SpeechModelSubject, request: ConverseRequest): Promise<ConverseEvent[]> {
  return await Array.fromAsync(model.converse(request, { signal: new AbortController().signal }));
}

async function untilSound(events: AsyncIterator<ConverseEvent>): Promise<AudioChunk> {
  for (;;) {
    const step = await events.next();
    assert.ok(!step.done, 'the reply has sound');
    if (step.value.type === 'audio') return step.value.chunk;
  }
}

function lengthMs(events: readonly ConverseEvent[]): number {
  return events.reduce((total, event) => total + (event.type === 'audio' ? durationMs(event.chunk) : 0), 0);
}

function isSame(reason: Error): (thrown: unknown) => boolean {
  return (thrown) => thrown === reason;
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const timer = Promise.withResolvers<never>();
  const handle = setTimeout(() => timer.reject(new Error(`nothing happened within ${ms} ms`)), ms);
  try {
    return await Promise.race([work, timer.promise]);
  } finally {
    clearTimeout(handle);
  }
}
