/** The child process that hears: one model, for all that is heard at the same time. */
import type { RecognitionEvent } from '../../engine/speech-recognizer.ts';
import { type JobContext, serveJobs } from '../../util/jobs/serve-jobs.ts';
import { type LoadedRecognizer, loadRecognizer } from './load-recognizer.ts';
import { OfflineListener } from './offline-listener.ts';
import type { RecognizerSetup } from './recognizer-setup.ts';
import { StreamingListener } from './streaming-listener.ts';

const [setup = ''] = process.argv.slice(2);
let loading: Promise<LoadedRecognizer> | undefined;

/** A failure is told to who asks, and the next who asks has it tried again. */
function load(): Promise<LoadedRecognizer> {
  // The pool that has started this process wrote it.
  loading ??= loadRecognizer(JSON.parse(setup) as RecognizerSetup).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

interface RecognizeInput {
  readonly language?: string | undefined;
}

async function* recognize(
  { language }: RecognizeInput,
  { feed, signal }: JobContext,
): AsyncGenerator<RecognitionEvent> {
  const loaded = await load();
  signal.throwIfAborted();
  if (loaded.type === 'streaming') {
    const listener = new StreamingListener(loaded.recognizer, { onlyGrows: loaded.onlyGrows, language });
    for await (const samples of feed) yield* listener.hear(samples as Int16Array);
    yield* listener.end();
  } else {
    yield* hearRecordings(new OfflineListener(loaded.hearingOf(language)), feed);
  }
}

/** Tells what is heard as soon as it is known, whether more audio comes or not. */
async function* hearRecordings(
  listener: OfflineListener,
  feed: AsyncIterable<unknown>,
): AsyncGenerator<RecognitionEvent> {
  const blocks = feed[Symbol.asyncIterator]();
  let next = blocks.next();
  try {
    for (;;) {
      const guess = listener.guess();
      const step = await (guess
        ? Promise.race([next.then(toRead), guess.then(toGuessed)])
        : next.then(toRead));
      if ('guessed' in step) {
        if (step.guessed) yield step.guessed;
        continue;
      }
      if (step.read.done) break;
      yield* listener.hear(step.read.value as Int16Array);
      next = blocks.next();
    }
    yield* listener.end();
  } finally {
    // A job that is cancelled leaves a block unread, which fails.
    next.catch(() => {});
    await listener.close();
  }
}

function toRead(read: IteratorResult<unknown>): { readonly read: IteratorResult<unknown> } {
  return { read };
}

function toGuessed(guessed: RecognitionEvent | undefined): {
  readonly guessed: RecognitionEvent | undefined;
} {
  return { guessed };
}

void load().catch(() => {
  // The first job meets the same failure and reports it to its caller.
});
serveJobs({
  recognize,
  async *check() {
    await load();
    yield true;
  },
});
