import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { toPcmBytes } from '../../src/audio/pcm-bytes.ts';
import { type FakeBehaviour, FakeJobs } from '../../src/engines/fake/fake-behaviour.ts';
import { fakeDetector } from '../../src/engines/fake/fake-detector.ts';
import { fakeLanguageModel } from '../../src/engines/fake/fake-language-model.ts';
import { fakeRecognizer } from '../../src/engines/fake/fake-recognizer.ts';
import { fakeSpeech } from '../../src/engines/fake/fake-speech.ts';
import { fakeSynthesizer } from '../../src/engines/fake/fake-synthesizer.ts';
import { openTestApp, type TestEngines } from '../support/app.ts';
import { openSession } from '../support/realtime-client.ts';
import { planCrowd, playCrowd } from './crowd.ts';
import { settle, silence } from './rig.ts';

const SESSIONS = Number(process.env['SESSIONS'] ?? (process.env['CI'] ? 10_000 : 2_000));
const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
/** Sessions after which what is compiled and cached once is in memory. */
const WARM_UP = 600;
/** Less than one small thing kept of each of the 10,000 would take. */
const GROWTH_BYTES = 1.5e6;

/** What the engines of the crowd do, over and over: mostly their work. */
const BEHAVIOURS: readonly FakeBehaviour[] = [
  {},
  {},
  { fault: { after: 1, kind: 'failed' } },
  {},
  { fault: { after: 0, kind: 'busy' } },
  {},
  { fault: { after: 2, kind: 'hang' } },
];

function engines(jobs: FakeJobs, behaviours: readonly FakeBehaviour[]): TestEngines {
  let begun = 0;
  const behaviour = (): FakeBehaviour => behaviours[begun++ % behaviours.length] ?? {};
  return {
    recognizer: fakeRecognizer({ jobs, behaviour }),
    languageModel: fakeLanguageModel({ jobs, behaviour }),
    synthesizer: fakeSynthesizer({ jobs, behaviour }),
    voiceActivity: fakeDetector({ jobs, behaviour }),
  };
}

const PLACES = 200;

interface Gathering {
  readonly witnessedTurns: number;
  /** What the last to come was told of the places beside its own. */
  readonly placesLeft: number;
  readonly jobsRunning: number;
  readonly faults: readonly unknown[];
}

/** `sessions` sessions come and go, while beside them somebody talks to the server without end. */
async function gather(sessions: number): Promise<Gathering> {
  const jobs = new FakeJobs();
  const faults: unknown[] = [];
  const crowd = engines(jobs, BEHAVIOURS);
  const limits = { sessions: PLACES, sessionsPerKey: PLACES };
  await using app = await openTestApp({ crowd, witness: engines(jobs, [{}]) }, limits);
  const place = { url: await app.listen(), key: app.key };
  const leave = new AbortController();
  const turns = witness(place, leave.signal);
  const onFault = (error: unknown): void => void faults.push(error);
  await playCrowd(planCrowd(sessions, SEED), { ...place, engines: crowd, deployment: 'crowd', onFault });
  leave.abort();
  const witnessedTurns = await turns;
  const placesLeft = await settledPlaces(place);
  await app[Symbol.asyncDispose]();
  return { witnessedTurns, placesLeft, jobsRunning: jobs.running, faults };
}

interface Place {
  readonly url: string;
  readonly key: string;
}

async function come({ url, key }: Place): Promise<Awaited<ReturnType<typeof openSession>>> {
  return await openSession(`${url}/openai/v1/realtime?model=witness`, { headers: { 'api-key': key } });
}

const QUESTION = 'Is anybody there?';
const SPOKEN = [toPcmBytes(fakeSpeech(QUESTION).samples), silence(300)].map((bytes) => ({
  type: 'input_audio_buffer.append',
  audio: Buffer.from(bytes).toString('base64'),
}));
/** A conversation holds two items of each. */
const TURNS_OF_ONE_SESSION = 100;

/** Talks until `signal`, one turn after the other; each has to be heard and answered. */
async function witness(place: Place, signal: AbortSignal): Promise<number> {
  let turns = 0;
  do {
    const session = await come(place);
    do {
      for (const event of SPOKEN) session.send(event);
      expect(await session.until('response.done')).toMatchObject({
        response: {
          status: 'completed',
          output: [{ content: [{ transcript: 'You said: Is anybody there?.' }] }],
        },
      });
      turns += 1;
      // Leaves the machine to the others for a while.
      await settle(50);
    } while (!signal.aborted && turns % TURNS_OF_ONE_SESSION !== 0);
    await session.close();
  } while (!signal.aborted);
  return turns;
}

/** A server learns of a connection's end later than the other end, so it is asked more than once. */
async function settledPlaces(place: Place): Promise<number> {
  const session = await come(place);
  let remaining = 0;
  for (let time = 0; time < 100 && remaining < PLACES - 1; time += 1) {
    session.send({ type: 'response.create', response: { output_modalities: ['text'] } });
    const { rate_limits } = await session.until('rate_limits.updated');
    remaining = (rate_limits as { readonly remaining: number }[])[0]?.remaining ?? 0;
    await settle(10);
  }
  await session.close();
  return remaining;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** After which of what is held, and of how much. */
async function measure(): Promise<{ readonly heapBytes: number; readonly resources: readonly string[] }> {
  // What is closed lets go of its handles in the rounds that follow.
  await settle(20);
  collectGarbage();
  return { heapBytes: process.memoryUsage().heapUsed, resources: process.getActiveResourcesInfo().sort() };
}

test(`${SESSIONS} sessions in random states leave the others and nothing behind`, {
  timeout: 180_000,
}, async () => {
  const seed = `SEED=${SEED}`;
  await gather(WARM_UP);
  const before = await measure();
  const { witnessedTurns, ...left } = await gather(SESSIONS);
  const after = await measure();
  expect(left, seed).toEqual({ placesLeft: PLACES - 1, jobsRunning: 0, faults: [] });
  expect(after.resources, seed).toEqual(before.resources);
  expect(after.heapBytes - before.heapBytes, seed).toBeLessThan(GROWTH_BYTES);
  expect(witnessedTurns, seed).toBeGreaterThan(SESSIONS / 500);
});
