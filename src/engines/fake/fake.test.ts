import { describe, expect, test } from 'vitest';
import type { AudioChunk } from '../../audio/chunk.ts';
import { languageModelConformance } from '../../engine/conformance/language-model.ts';
import { speechRecognizerConformance } from '../../engine/conformance/speech-recognizer.ts';
import { speechSynthesizerConformance } from '../../engine/conformance/speech-synthesizer.ts';
import { voiceActivityDetectorConformance } from '../../engine/conformance/voice-activity-detector.ts';
import type { GenerateRequest } from '../../engine/language-model.ts';
import type { Clock } from '../../util/clock.ts';
import { FakeJobs } from './fake-behaviour.ts';
import { fakeDetector } from './fake-detector.ts';
import { type FakeReply, fakeLanguageModel } from './fake-language-model.ts';
import { fakeRecognizer } from './fake-recognizer.ts';
import { fakeSpeech } from './fake-speech.ts';
import { fakeSynthesizer } from './fake-synthesizer.ts';

const FIRST = 'The train to Oslo leaves at noon from platform nine.';
const SECOND = 'Please bring a warm coat and a book.';
const { signal } = new AbortController();

describe('the fake recognizer is a speech recognizer', () => {
  const speech = [
    { audio: fakeSpeech(FIRST), text: FIRST },
    { audio: fakeSpeech(SECOND), text: SECOND },
  ] as const;
  test.each(speechRecognizerConformance)('$name', async ({ run }) => {
    await run({ recognizer: fakeRecognizer(), speech, allowedErrorRate: 0, hasPartials: true });
  });
});

describe('the fake synthesizer is a speech synthesizer', () => {
  test.each(speechSynthesizerConformance)('$name', async ({ run }) => {
    await run({ synthesizer: fakeSynthesizer(), voice: 'fake' });
  });
});

describe('the fake language model is a language model', () => {
  test.each(languageModelConformance)('$name', async ({ run }) => {
    const model = fakeLanguageModel({ reply: answer });
    await run({ model, prompt: 'Say it.', isDeterministic: true, callsTools: true });
  });
});

describe('the fake detector is a voice activity detector', () => {
  test.each(voiceActivityDetectorConformance)('$name', async ({ run }) => {
    await run({ detector: fakeDetector(), speech: fakeSpeech('Good morning to you all.') });
  });
});

function answer({ tools, toolChoice }: GenerateRequest): FakeReply {
  const [tool] = tools;
  if (!tool || toolChoice !== 'required') return { text: `${FIRST} ${SECOND}` };
  return { text: '', calls: [{ callId: 'call_1', name: tool.name, arguments: '{"city":"Oslo"}' }] };
}

test('the fake recognizer reads back what the fake synthesizer says', async () => {
  async function* text(): AsyncGenerator<string> {
    yield 'How are you?';
  }
  async function* audio(): AsyncGenerator<AudioChunk> {
    for await (const event of fakeSynthesizer().synthesize(text(), { signal, voice: 'fake', speed: 1 }))
      if (event.type === 'audio') yield event.chunk;
  }
  const heard = await Array.fromAsync(fakeRecognizer().recognize(audio(), { signal }));
  expect(heard.at(-1)).toEqual({
    type: 'final',
    text: 'How are you?',
    startMs: expect.anything(),
    endMs: 720,
  });
});

test.each(['busy', 'unavailable', 'unsupported', 'failed'] as const)(
  'a fake that is told to be %s says what it has to say before, and then that',
  async (kind) => {
    const model = fakeLanguageModel({ behaviour: () => ({ fault: { after: 2, kind } }) });
    const events = model.generate(ask('Hello there'), { signal })[Symbol.asyncIterator]();
    expect((await events.next()).value).toEqual({ type: 'text-delta', delta: 'You' });
    expect((await events.next()).value).toEqual({ type: 'text-delta', delta: ' said:' });
    await expect(events.next()).rejects.toMatchObject({ name: 'EngineError', reason: kind });
  },
);

test('a fake that hangs ends when it is aborted, and its job is no longer counted', async () => {
  const jobs = new FakeJobs();
  const stop = new AbortController();
  const model = fakeLanguageModel({ jobs, behaviour: () => ({ fault: { after: 0, kind: 'hang' } }) });
  const next = model.generate(ask('Hello'), { signal: stop.signal })[Symbol.asyncIterator]().next();
  expect(jobs).toEqual({ running: 1, begun: 1 });
  stop.abort(new Error('enough'));
  await expect(next).rejects.toThrow('enough');
  expect(jobs).toEqual({ running: 0, begun: 1 });
});

test('a fake waits before each output for as long as it is told to', async () => {
  const waits: number[] = [];
  const clock: Clock = {
    now: () => 0,
    after(ms, callback) {
      waits.push(ms);
      queueMicrotask(callback);
      return () => {};
    },
  };
  const model = fakeLanguageModel({ clock, behaviour: () => ({ delayMs: 7 }) });
  await Array.fromAsync(model.generate(ask('Hi'), { signal }));
  expect(waits).toEqual([7, 7, 7, 7]);
});

function ask(text: string): GenerateRequest {
  return { messages: [{ role: 'user', text }], tools: [], toolChoice: 'auto', sampling: {} };
}
