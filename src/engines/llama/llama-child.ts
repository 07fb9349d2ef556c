/** The child process that holds the model, which it loads as soon as it starts. */
import type { GenerateEvent, GenerateRequest } from '../../engine/language-model.ts';
import { type JobContext, serveJobs } from '../../util/jobs/serve-jobs.ts';
import { type LlamaSettings, loadLlama } from './loaded-llama.ts';
import { writeReply } from './write-reply.ts';

// Both ends are ours: `llama.ts` writes what stands here.
const settings = JSON.parse(process.argv[2] ?? '{}') as LlamaSettings;
const loading = loadLlama(settings);
// Each job meets the same failure and reports it to its caller.
loading.catch(() => {});

async function* generate(
  request: GenerateRequest,
  { signal }: JobContext,
): AsyncGenerator<GenerateEvent, void, void> {
  yield* writeReply(await loading, request, signal);
}

/** One token, after which every part of the model has been in memory once. */
async function* warm(_input: unknown, { signal }: JobContext): AsyncGenerator<true, void, void> {
  const request: GenerateRequest = {
    messages: [],
    tools: [],
    toolChoice: 'none',
    sampling: { maxOutputTokens: 1 },
  };
  await Array.fromAsync(writeReply(await loading, request, signal));
  yield true;
}

serveJobs({ generate, warm });
