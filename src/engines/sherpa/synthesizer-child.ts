/** The child process that speaks: one model, for all that is spoken at the same time. */
import { Channel } from '../../util/channel.ts';
import { EngineError } from '../../util/errors.ts';
import { type JobContext, serveJobs } from '../../util/jobs/serve-jobs.ts';
import { loadSherpaOnnx, NAME, type OfflineTts, type TtsRequest } from './sherpa-onnx.ts';
import { SilenceTrimmer } from './silence-trimmer.ts';
import type { SpeakInput, SynthesizerSetup } from './synthesizer-setup.ts';
import { fromWaveform } from './waveform.ts';

/** More sentences than there are in what is spoken in one go. */
const SENTENCES_AHEAD = 1_000;

const [argument = ''] = process.argv.slice(2);
// The pool that has started this process wrote it.
const setup = JSON.parse(argument) as SynthesizerSetup;
let loading: Promise<OfflineTts> | undefined;

/** A failure is told to who asks, and the next who asks has it tried again. */
function load(): Promise<OfflineTts> {
  loading ??= loadTts(setup).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function loadTts({ runtime, model, threads }: SynthesizerSetup): Promise<OfflineTts> {
  const sherpa = await loadSherpaOnnx(runtime);
  const tts = await createTts(() =>
    sherpa.OfflineTts.createAsync({
      model: { ...model.config, numThreads: threads, provider: 'cpu' },
      maxNumSentences: 1,
      ruleFsts: model.rules.fsts.join(','),
      ruleFars: model.rules.fars.join(','),
    }),
  );
  if (tts.sampleRate === model.sampleRate && tts.numSpeakers <= model.speakers.length) {
    await speakOnce(tts);
    return tts;
  }
  throw new EngineError(
    NAME,
    'unavailable',
    `The voice has ${tts.sampleRate} Hz and ${tts.numSpeakers} speakers, other than its files say. Get it again.`,
  );
}

/** The first speech of a model takes longer than the next. */
async function speakOnce(tts: OfflineTts): Promise<void> {
  const made = tts.generateAsync({
    ...toRequest({ text: 'Hello.', speaker: 0, speed: 1 }),
    onProgress: () => true,
  });
  // A voice that has no sound for it does without.
  await made.catch(() => {});
}

async function createTts(create: () => Promise<OfflineTts>): Promise<OfflineTts> {
  try {
    return await create();
  } catch (cause) {
    throw new EngineError(NAME, 'unavailable', 'sherpa-onnx can not load the voice. Get it again.', cause);
  }
}

/** Yields each sentence as it is there; one that has begun when the job is cancelled is the last. */
async function* speak(input: SpeakInput, { signal }: JobContext): AsyncGenerator<Int16Array> {
  const tts = await load();
  signal.throwIfAborted();
  const sentences = new Channel<Int16Array>(SENTENCES_AHEAD);
  const made = make(tts, input, { sentences, signal });
  try {
    const trimmer = new SilenceTrimmer(tts.sampleRate);
    for await (const sentence of sentences) yield* trimmer.push(sentence);
  } finally {
    await made;
  }
}

/** Never rejects: what goes wrong reaches the reader through the channel. */
async function make(
  tts: OfflineTts,
  input: SpeakInput,
  { sentences, signal }: { readonly sentences: Channel<Int16Array>; readonly signal: AbortSignal },
): Promise<void> {
  let hasSound = false;
  try {
    await tts.generateAsync({
      ...toRequest(input),
      onProgress: ({ samples }) => {
        hasSound = true;
        if (!signal.aborted) sentences.post(fromWaveform(samples));
        return !signal.aborted;
      },
    });
    sentences.close();
  } catch (error) {
    // A text without anything that the voice has sounds for is told as a failure, and is none.
    if (hasSound || !isNoAudio(error)) sentences.fail(error);
    else sentences.close();
  }
}

function toRequest({ text, speaker: sid, speed, language }: SpeakInput): Omit<TtsRequest, 'onProgress'> {
  const request = { text, sid, speed, enableExternalBuffer: false } as const;
  if (language === undefined || !isTold(language)) return request;
  return { ...request, generationConfig: { sid, speed, extra: { lang: language } } };
}

/** Supertonic has to be told the language; Kokoro knows English and Chinese by their letters. */
function isTold(language: string): boolean {
  const { family } = setup.model;
  return family === 'supertonic' || (family === 'kokoro' && !['en', 'zh'].includes(language));
}

/** The package has no other way to tell it than the words of its error. */
function isNoAudio(error: unknown): boolean {
  return error instanceof Error && /produced no audio/i.test(error.message);
}

void load().catch(() => {
  // The first job meets the same failure and reports it to its caller.
});
serveJobs({
  speak,
  async *check() {
    await load();
    yield true;
  },
});
