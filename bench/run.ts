/** Measures what the server adds to its engines: everything, or what the command line names. */
import { writeFile } from 'node:fs/promises';
import type { Benchmark, Figure } from './benchmark.ts';
import { isMet } from './benchmark.ts';
import { engines } from './engines.ts';
import { firstAudio } from './first-audio.ts';
import { hearing } from './hearing.ts';
import { loopDelay } from './loop-delay.ts';
import { memory } from './memory.ts';
import { playground } from './playground.ts';
import { realtime } from './realtime.ts';
import { toMarkdown, toResults } from './report.ts';
import { requestRate } from './request-rate.ts';
import { speaking } from './speaking.ts';
import { vad } from './vad.ts';

const all: readonly Benchmark[] = [
  speaking,
  hearing,
  firstAudio,
  requestRate,
  loopDelay,
  memory,
  realtime,
  vad,
  engines,
  playground,
];

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !all.some((benchmark) => benchmark.name === name));
if (unknown === undefined) await run();
else {
  console.error(`There is no benchmark ${unknown}. There are: ${all.map(({ name }) => name).join(', ')}.`);
  process.exitCode = 2;
}

async function run(): Promise<void> {
  const figures: Figure[] = [];
  for (const benchmark of all) {
    if (asked.length > 0 && !asked.includes(benchmark.name)) continue;
    figures.push(...(await benchmark.run((line) => console.error(`${benchmark.name}: ${line}`))));
  }
  const results = toResults(figures);
  console.log(toMarkdown(results));
  // A part of the figures would pass for all of them.
  if (asked.length === 0) {
    await writeFile(new URL('results.json', import.meta.url), `${JSON.stringify(results, undefined, 2)}\n`);
  }
  if (figures.some(({ target, spread }) => !isMet(target, spread.median))) process.exitCode = 1;
}
