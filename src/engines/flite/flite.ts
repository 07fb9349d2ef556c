import { availableParallelism } from 'node:os';
import { speakPieces } from '../../engine/speak-pieces.ts';
import type { SpeechSynthesizer } from '../../engine/speech-synthesizer.ts';
import { EngineError } from '../../util/errors.ts';
import { JobPool, type JobPoolStatus } from '../../util/jobs/job-pool.ts';
import { besideModule, threadSpawner } from '../../util/jobs/job-port.ts';
import { toAsciiEnglish } from './ascii-english.ts';
import { type FliteVoice, VOICES } from './voices.ts';

export interface FliteOptions {
  /** Worker threads; by default one, or two where there are cores to spare. */
  readonly workers?: number;
  /** Pieces of speech that may wait for a thread before another is refused as `busy`. */
  readonly waiting?: number;
}

/** Flite as an engine, and what its host needs to run it. */
export interface Flite extends SpeechSynthesizer, AsyncDisposable {
  readonly status: JobPoolStatus;
  /** Starts the threads, so that the first reply does not wait for them. */
  warm(): Promise<void>;
}

/** What a worker is asked to speak. */
export interface FliteJob {
  readonly text: string;
  readonly voice: FliteVoice['voice'];
  /** Features of flite, as its `--setf` takes them. */
  readonly settings: Readonly<Record<string, number>>;
}

const NAME = 'flite';
const SAMPLE_RATE = 16_000;
/** A call in progress can not be interrupted, so the thread that is still in one after this is replaced. */
const CANCEL_GRACE_MS = 50;

/** Its program keeps its memory outside of the heap, which holds little more than one piece of speech. */
const HEAP_MIB = 256;

/** CMU Flite, which speaks English and comes with the installation. Each piece is one call in a worker thread. */
export function flite(options: FliteOptions = {}): Flite {
  const pool = new JobPool({
    name: NAME,
    spawn: threadSpawner(besideModule('flite-worker', import.meta.url), { heapMiB: HEAP_MIB }),
    workers: options.workers ?? (availableParallelism() > 2 ? 2 : 1),
    waiting: options.waiting ?? 64,
    cancelGraceMs: CANCEL_GRACE_MS,
  });
  return {
    name: NAME,
    sampleRate: SAMPLE_RATE,
    voices: [...VOICES.keys()],
    languages: ['en'],
    synthesize(text, { signal, voice, speed, language }) {
      refuseOtherLanguages(language);
      const chosen = VOICES.get(voice) ?? unknownVoice(voice);
      return speakPieces(text, {
        signal,
        sampleRate: SAMPLE_RATE,
        speed,
        speak: (part, signal) => pool.run<Int16Array>('speak', toJob(part, chosen, speed), { signal }),
      });
    },
    get status() {
      return pool.status;
    },
    warm: () => pool.warm(),
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}

function toJob(text: string, { voice, pitch, stretch = 1 }: FliteVoice, speed: number): FliteJob {
  const settings = { duration_stretch: stretch / speed, ...(pitch && { int_f0_target_mean: pitch }) };
  return { text: toAsciiEnglish(text), voice, settings };
}

function refuseOtherLanguages(language: string | undefined): void {
  if (language === undefined || /^en(?:-|$)/i.test(language)) return;
  throw new EngineError(
    NAME,
    'unsupported',
    `flite speaks English, not ${language}. Install espeak-ng for it: apt-get install espeak-ng.`,
  );
}

function unknownVoice(voice: string): never {
  const known = [...VOICES.keys()].join(', ');
  throw new EngineError(NAME, 'unsupported', `flite has no voice ${voice}. It has ${known}.`);
}
