import { serveJobs } from '../../util/jobs/serve-jobs.ts';
import type { Batch, ScoredBatch } from './batch.ts';
import { loadSileroModel, type SileroFiles, type SileroModel } from './silero-model.ts';

let loading: Promise<SileroModel> | undefined;

/** The model is the same for all that this worker is asked. */
function load(files: SileroFiles): Promise<SileroModel> {
  loading ??= loadSileroModel(files).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

serveJobs({
  async *load({ files }: { readonly files: SileroFiles }) {
    await load(files);
    yield true;
  },
  async *score({ files, batch }: { readonly files: SileroFiles; readonly batch: Batch }) {
    const model = await load(files);
    yield await scoreOrEnd(model, batch);
  },
});

async function scoreOrEnd(model: SileroModel, batch: Batch): Promise<ScoredBatch> {
  try {
    return await model.score(batch);
  } catch (error) {
    // WebAssembly that has aborted is in no state to go on with: this ends the worker, and another one begins.
    if (error instanceof WebAssembly.RuntimeError) process.exit(1);
    throw error;
  }
}
