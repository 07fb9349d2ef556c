/** The server that is measured, in a process of its own, with its real engines and with fake ones. */
import { on } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { pino } from 'pino';
import { flite } from '../src/engines/flite/flite.ts';
import { findPocketsphinx } from '../src/engines/pocketsphinx/find-pocketsphinx.ts';
import { pocketsphinx } from '../src/engines/pocketsphinx/pocketsphinx.ts';
import { configSchema } from '../src/server/config/schema.ts';
import { homeAt } from '../src/server/home/paths.ts';
import { listen } from '../src/server/listen.ts';
import { openTestApp } from '../test/support/app.ts';
import { echo, listener } from './fake-engines.ts';
import type { LoopDelay, Memory, Question } from './samtal-server.ts';
import { SLOW_WORD_MS } from './samtal-server.ts';

// From the start, so that a bench that ends early is noticed.
const questions = on(process, 'message', { close: ['disconnect'] });
await using resources = new AsyncDisposableStack();
const home = await mkdtemp(join(tmpdir(), 'samtal-bench-'));
resources.defer(async () => await rm(home, { recursive: true, force: true }));
const synthesizer = resources.use(flite());
const recognizer = findPocketsphinx() ? resources.use(pocketsphinx()) : undefined;
const test = resources.use(
  await openTestApp({
    real: { ...(recognizer && { recognizer }), languageModel: echo(), synthesizer },
    slow: { languageModel: echo(SLOW_WORD_MS), synthesizer },
    fake: { recognizer: listener, languageModel: echo() },
  }),
);
const { url } = await listen(test.app, {
  config: configSchema.parse({}),
  home: homeAt(home),
  host: '127.0.0.1',
  port: 0,
  logger: pino({ level: 'silent' }),
});

const delay = monitorEventLoopDelay({ resolution: 1 });
process.send?.(url);
for await (const [question] of questions) process.send?.(await answer(JSON.parse(String(question))));

async function answer(question: Question): Promise<string | Memory | LoopDelay> {
  switch (question) {
    case 'key':
      return test.key;
    case 'memory':
      return await settledMemory();
    case 'watch loop':
      delay.enable();
      delay.reset();
      return 'watching';
    case 'loop delay':
      delay.disable();
      return {
        p50Ms: delay.percentile(50) / 1e6,
        p99Ms: delay.percentile(99) / 1e6,
        maxMs: delay.max / 1e6,
      };
  }
}

/** What finalizers let go of is collected the next time. */
async function settledMemory(): Promise<Memory> {
  for (let times = 0; times < 3; times++) {
    globalThis.gc?.();
    await setImmediate();
  }
  const { rss, heapUsed } = process.memoryUsage();
  return { rss, heapUsed };
}
