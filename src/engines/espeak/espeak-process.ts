import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { EngineError, EngineInterruption } from '../../util/errors.ts';
import { unlessSilent } from '../../util/unless-silent.ts';

export interface EspeakJob {
  /** The program. */
  readonly path: string;
  readonly text: string;
  /** As espeak-ng names it, with its variant: `sv+f3`. */
  readonly voice: string;
  readonly wordsPerMinute: number;
  /** How long the process may say nothing before it is killed. */
  readonly silenceMs: number;
  readonly signal: AbortSignal;
}

/** What espeak-ng 1.5 makes with all of its own voices, in samples per second. */
export const ESPEAK_SAMPLE_RATE = 22_050;

const WAV_HEADER_BYTES = 44;
const RATE_OFFSET = 24;
/** What lies below this, of 32768, at the beginning is silence. */
const SILENCE = 100;

/**
 * Speaks one text in a process of its own and yields the samples as they come, without the silence before them.
 * The process is killed when `signal` aborts, the reader leaves, or it says nothing for `silenceMs`.
 * @throws {EngineInterruption} when it was silent, or was killed by somebody else; `EngineError` `failed`.
 */
export async function* runEspeak(job: EspeakJob): AsyncGenerator<Int16Array, void, void> {
  const { signal, silenceMs } = job;
  signal.throwIfAborted();
  const child = spawn(job.path, toArguments(job), { stdio: ['pipe', 'pipe', 'ignore'] });
  const kill = (): void => void child.kill('SIGKILL');
  const closed = once(child, 'close');
  closed.catch(() => {});
  signal.addEventListener('abort', kill, { once: true });
  try {
    // A child that is gone before it has read its text is reported by how it ended.
    child.stdin.on('error', () => {});
    child.stdin.end(toPlainText(job.text));
    const wav = unlessSilent<Buffer>(child.stdout, {
      silenceMs,
      toError: () => interrupted(`said nothing for ${silenceMs / 1000} s`),
    });
    yield* withoutLeadingSilence(toSamples(wav));
    signal.throwIfAborted();
    const [code, killedBy] = await closed;
    if (killedBy) throw interrupted(`was ended by ${killedBy}`);
    if (code !== 0) throw new EngineError('espeak', 'failed', `espeak-ng ended with code ${code}.`);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof EngineError) throw error;
    throw new EngineError('espeak', 'failed', `espeak-ng could not be run: ${String(error)}`, error);
  } finally {
    signal.removeEventListener('abort', kill);
    kill();
  }
}

function interrupted(why: string): EngineInterruption {
  return new EngineInterruption('espeak', { cause: new Error(`A process of espeak-ng ${why}.`) });
}

function toArguments({ voice, wordsPerMinute }: EspeakJob): string[] {
  // -b 1: the text is UTF-8. -z: no pause after it.
  return ['--stdin', '--stdout', '-b', '1', '-z', '-v', voice, '-s', String(wordsPerMinute)];
}

/** Double brackets would be read as phonemes; control characters as commands of older programs. */
function toPlainText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\p{Cc}/gu, ' ')
    .replace(/\[(?=\[)/g, '[ ');
}

async function* toSamples(wav: AsyncIterable<Buffer>): AsyncGenerator<Int16Array, void, void> {
  let rest = Buffer.alloc(0);
  let isHeaderRead = false;
  for await (const bytes of wav) {
    rest = Buffer.concat([rest, bytes]);
    if (!isHeaderRead) {
      if (rest.length < WAV_HEADER_BYTES) continue;
      requireRate(rest.readUInt32LE(RATE_OFFSET));
      isHeaderRead = true;
      rest = rest.subarray(WAV_HEADER_BYTES);
    }
    const whole = rest.length - (rest.length % 2);
    // A copy, because the view of two bytes each needs an even offset.
    const samples = new Uint8Array(rest.subarray(0, whole));
    yield new Int16Array(samples.buffer);
    rest = rest.subarray(whole);
  }
}

function requireRate(sampleRate: number): void {
  if (sampleRate === ESPEAK_SAMPLE_RATE) return;
  throw new EngineError(
    'espeak',
    'failed',
    `espeak-ng spoke at ${sampleRate} Hz instead of ${ESPEAK_SAMPLE_RATE}.`,
  );
}

async function* withoutLeadingSilence(
  audio: AsyncIterable<Int16Array>,
): AsyncGenerator<Int16Array, void, void> {
  let hasBegun = false;
  for await (const samples of audio) {
    const first = hasBegun ? 0 : samples.findIndex((sample) => Math.abs(sample) > SILENCE);
    if (first < 0) continue;
    hasBegun = true;
    if (first < samples.length) yield samples.subarray(first);
  }
}
