/** The child process that decodes: one decoder for each job that runs at the same time. */
import { setImmediate } from 'node:timers/promises';
import type { RecognitionEvent } from '../../engine/speech-recognizer.ts';
import { type JobContext, serveJobs } from '../../util/jobs/serve-jobs.ts';
import { Decoder } from './decoder.ts';
import type { PocketsphinxLocation } from './find-pocketsphinx.ts';
import { loadPocketsphinx, type PocketsphinxLibrary } from './libpocketsphinx.ts';
import { Listener } from './listener.ts';

const [library = '', baseLibrary = '', modelDirectory = ''] = process.argv.slice(2);
const location: PocketsphinxLocation = { library, baseLibrary, modelDirectory };
const idle: Decoder[] = [];
let loaded: PocketsphinxLibrary | undefined;

function takeDecoder(): Decoder {
  loaded ??= loadPocketsphinx(location);
  return idle.pop() ?? new Decoder(loaded, location);
}

function prepare(): void {
  idle.push(takeDecoder());
}

async function* recognize(_input: unknown, { feed, signal }: JobContext): AsyncGenerator<RecognitionEvent> {
  const decoder = takeDecoder();
  const listener = new Listener(decoder);
  try {
    for await (const samples of feed) yield* inTurns(listener.hear(samples as Int16Array), signal);
    yield* inTurns(listener.end(), signal);
  } finally {
    listener.close();
    idle.push(decoder);
  }
}

/** Lets the other jobs and the next message in after each step. */
async function* inTurns(
  steps: Iterable<RecognitionEvent | undefined>,
  signal: AbortSignal,
): AsyncGenerator<RecognitionEvent> {
  for (const event of steps) {
    if (event) yield event;
    await setImmediate();
    signal.throwIfAborted();
  }
}

try {
  prepare();
} catch {
  // The first job meets the same failure and reports it to its caller.
}
serveJobs({
  recognize,
  *check() {
    prepare();
    yield true;
  },
});
