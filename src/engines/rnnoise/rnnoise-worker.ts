import { createResampler } from '../../audio/resampler.ts';
import { type JobContext, serveJobs, Transferred } from '../../util/jobs/serve-jobs.ts';
import { createDenoiser, RNNOISE_RATE } from './denoiser.ts';
import type { RnnoiseJob } from './rnnoise.ts';

/** How much of the original is given back, so that a voice nearby loses no sound to a mistake: 26 dB below it. */
const SHARES = { 'near-field': 0.05, 'far-field': 0 } as const;

serveJobs({ reduce });

/** Answers each stretch that it is fed with one, which may be empty. */
async function* reduce(
  { field, inputRate, outputRate }: RnnoiseJob,
  { feed }: JobContext,
): AsyncGenerator<Transferred> {
  using denoiser = await createDenoiser(SHARES[field]);
  using wide = inputRate === RNNOISE_RATE ? undefined : await createResampler(inputRate, RNNOISE_RATE);
  using narrow = outputRate === RNNOISE_RATE ? undefined : await createResampler(RNNOISE_RATE, outputRate);
  // The pool feeds samples; the channel between them is not typed.
  for await (const samples of feed as AsyncIterable<Int16Array>) {
    const clean = denoiser.process(wide?.lend(samples) ?? samples);
    const given = narrow?.process(clean) ?? clean;
    const own = new Int16Array(given);
    yield new Transferred(own, [own.buffer]);
  }
}
