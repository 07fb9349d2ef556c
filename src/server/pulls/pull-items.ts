import { setTimeout } from 'node:timers/promises';
import { openHub } from '../models/hub.ts';
import { ModelError } from '../models/model-error.ts';
import { type PullProgress as ModelProgress, pullModel } from '../models/pull-model.ts';
import { PACKAGES } from '../packages/catalog.ts';
import { PackageError } from '../packages/package-error.ts';
import { pullPackage } from '../packages/pull-package.ts';
import type { PullEvent, PullJob, PullProgress } from './pull-job.ts';

const TELL_MS = 250;

type Tell = (progress: PullProgress) => void;

/** Pulls one after the other, from the hub that `SAMTAL_HUB` names. What can not be had ends it, told as an event. */
export async function* pullItems(
  job: PullJob,
  { signal }: { readonly signal: AbortSignal },
): AsyncGenerator<PullEvent, void, void> {
  try {
    yield* pullAll(job, signal);
  } catch (error) {
    if (!(error instanceof ModelError || error instanceof PackageError)) throw error;
    yield { type: 'failed', reason: error.reason, message: error.message };
  }
}

async function* pullAll(
  { home, models, packages }: PullJob,
  signal: AbortSignal,
): AsyncGenerator<PullProgress, void, void> {
  await using hub = openHub(process.env);
  for (const entry of models) {
    const { name } = entry;
    yield* paced(async (tell) => {
      const onProgress = (progress: ModelProgress): void => tell({ type: 'progress', name, ...progress });
      await pullModel(home.modelsDirectory, entry, { hub, signal, onProgress });
    });
  }
  for (const entry of PACKAGES.filter(({ name }) => packages.includes(name))) {
    const { name, unpackedBytes: totalBytes } = entry;
    yield* paced(async (tell) => {
      const onProgress = (bytes: number): void =>
        tell({ type: 'progress', name, step: 'install', bytes, totalBytes });
      await pullPackage(home.enginesDirectory, entry, { signal, onProgress });
    });
  }
}

/** How far `work` is, at most so often, and how far it was in the end. */
async function* paced(work: (tell: Tell) => Promise<void>): AsyncGenerator<PullProgress, void, void> {
  let last: PullProgress | undefined;
  const done = new AbortController();
  const working = work((progress) => {
    last = progress;
  }).finally(() => done.abort());
  try {
    while (!done.signal.aborted) {
      await Promise.race([working, setTimeout(TELL_MS)]);
      if (last) yield last;
    }
  } finally {
    await working;
  }
}
