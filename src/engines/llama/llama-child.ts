/** The child process that holds the model, which it loads as soon as it starts. */
import type { GenerateEvent, GenerateRequest } from '../../engine/language-model.ts';
import { type JobContext, serveJobs } from '../../util/jobs/serve-jobs.ts';
import { type LlamaSettings, type LoadedLlama, loadLlama } from './loaded-llama.ts';
import { writeReply } from './write-reply.ts';

// Both ends are ours: `llama.ts` writes what stands here.
const settings = JSON.parse(process.argv[2] ?? '{}') as LlamaSettings;
let loading: Promise<LoadedLlama> | undefined;

/** What could not be loaded is tried again with the next job: the file may have come, or memory. */
function load(): Promise<LoadedLlama> {
  loading ??= loadLlama(settings).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

// The first job waits for this one, or meets the same failure and reports it to its caller.
load().catch(() => {});

async function* generate(
  request: GenerateRequest,
  { signal }: JobContext,
): AsyncGenerator<GenerateEvent, void, void> {
  yield* writeReply(await load(), request, signal);
}

/** One token, after which every part of the model has been in memory once. */
async function* warm(_input: unknown, { signal }: JobContext): AsyncGenerator<true, void, void> {
  const request: GenerateRequest = {
    messages: [],
    tools: [],
    toolChoice: 'none',
    sampling: { maxOutputTokens: 1 },
  };
  await Array.fromAsync(writeReply(await load(), request, signal));
  yield true;
}

serveJobs({ generate, warm });
