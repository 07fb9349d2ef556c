import type { Benchmark, Figure, Log } from './benchmark.ts';
import { onsetDelay, turnDelays } from './realtime-delays.ts';
import { type RealtimeLoad, startLoad } from './realtime-load.ts';
import { type RealtimeServer, startFloor, startRealtime } from './realtime-server.ts';
import { FRAME_MS, type FramedSpeech, framedSpeech } from './realtime-speech.ts';
import { quantile, spreadOf } from './spread.ts';

const PHRASES = [
  'What is the answer to the question?',
  'Please tell me about the weather.',
  'How far is it to the station?',
  'Nothing has been heard from him.',
  'Seven of them came back today.',
  'Open the window, please.',
];
/** Who speaks for two seconds of three is heard by a detector and a recognizer, and answered. */
const LOOP_MS = 3_000;
/** When the detector has certainly ended the turn, and the next one is still to come. */
const ASK_BEFORE_END_MS = 400;

const COMPARED_SESSIONS = 20;
const COMPARED_SECONDS = LOOP_MS / 1000;
const COMPARED_ROUNDS = 8;
const COMPARED_WARM_UPS = 2;
const STEPS = [50, 100, 125, 150];
const STEP_SECONDS = LOOP_MS / 1000;
const SETTLING_SECONDS = 1;
const MOST_ADDED_MS = 50;
const ROUNDS = 4;
const TURNS_OF_A_ROUND = 30;

/** What a live session costs, and how soon it answers. */
export const realtime: Benchmark = {
  name: 'realtime',
  async run(log) {
    await using server = await startRealtime();
    await using load = await startLoad();
    const speech = await loopedSpeech();
    return [
      ...(await turns(server, speech, log)),
      await onset(server, log),
      await cpu({ server, load, speech, log }),
      await capacity({ server, load, speech, log }),
    ];
  },
};

interface Bench {
  readonly server: RealtimeServer;
  readonly load: RealtimeLoad;
  readonly speech: FramedSpeech;
  readonly log: Log;
}

async function loopedSpeech(): Promise<FramedSpeech> {
  const [phrase = ''] = PHRASES;
  const speech = await framedSpeech(phrase, { beforeMs: 0, afterMs: LOOP_MS });
  return { ...speech, frames: speech.frames.slice(0, LOOP_MS / FRAME_MS) };
}

async function turns(server: RealtimeServer, speech: FramedSpeech, log: Log): Promise<Figure[]> {
  log('from the end of a turn to the first audio');
  await turnDelays(server, speech, TURNS_OF_A_ROUND / 2);
  const rounds: number[][] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    rounds.push(await turnDelays(server, speech, TURNS_OF_A_ROUND));
  const figure = (share: number, atMost: number): Figure => ({
    name: `Realtime, last frame of a turn to first audio, p${share * 100}`,
    unit: 'ms',
    spread: spreadOf(rounds.map((delays) => quantile(delays, share))),
    target: { atMost },
    how: 'last append, commit and `response.create` sent at once to the first `response.output_audio.delta`, with instant engines',
    detail: `${rounds.flat().length} turns, longest ${Math.max(...rounds.flat()).toFixed(1)} ms`,
  });
  return [figure(0.5, 10), figure(0.99, 40)];
}

async function onset(server: RealtimeServer, log: Log): Promise<Figure> {
  log('from speech to speech_started');
  const rounds: number[][] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    // Speech begins at another place of its frame each time.
    const beforeMs = 500 + 5 * round;
    const spoken = await Promise.all(PHRASES.map((text) => framedSpeech(text, { beforeMs, afterMs: 0 })));
    rounds.push(await Promise.all(spoken.map((speech) => onsetDelay(server, speech))));
  }
  const all = rounds.flat();
  return {
    name: 'Realtime, speech onset to `speech_started`, p95',
    unit: 'ms',
    spread: spreadOf(rounds.map((delays) => quantile(delays, 0.95))),
    target: { atMost: 250 },
    how: 'speech of flite in frames of 20 ms in real time, server VAD with its defaults; from the moment of the first sample above -40 dB of full scale to the event',
    detail: `${all.length} phrases, median ${quantile(all, 0.5).toFixed(0)} ms, longest ${Math.max(...all).toFixed(0)} ms`,
  };
}

/** Both sides at the same time, so that what else the machine does weighs on both. */
async function cpu({ server, load, speech, log }: Bench): Promise<Figure> {
  log(`CPU of ${COMPARED_SESSIONS} sessions`);
  await using floor = await startFloor();
  await using floorLoad = await startLoad();
  await openAll(server, load, { speech, sessions: COMPARED_SESSIONS });
  await openAll(floor, floorLoad, { speech, sessions: COMPARED_SESSIONS });
  const rounds: { readonly ours: number; readonly bare: number }[] = [];
  for (let round = -COMPARED_WARM_UPS; round < COMPARED_ROUNDS; round += 1) {
    const [ours, bare] = await Promise.all([cpuOf(server, load), cpuOf(floor, floorLoad)]);
    if (round >= 0) rounds.push({ ours, bare });
  }
  await Promise.all([load.close(), floorLoad.close()]);
  const told = (side: 'ours' | 'bare'): string =>
    `${quantile(
      rounds.map((round) => round[side]),
      0.5,
    ).toFixed(2)} ms`;
  return {
    name: 'Realtime, CPU of a live session',
    unit: 'ratio',
    spread: spreadOf(rounds.map(({ ours, bare }) => ours / bare)),
    target: { atMost: 2.5 },
    how: `\`process.cpuUsage\` of the server while ${COMPARED_SESSIONS} sessions speak in real time in frames of 20 ms, are detected, heard and answered ÷ a \`ws\` server that parses, decodes and echoes the same frames at the same time`,
    detail: `${told('ours')} ÷ ${told('bare')} of CPU in a second of a session`,
  };
}

/** The milliseconds of CPU that a second of one session costs. */
async function cpuOf(server: RealtimeServer, load: RealtimeLoad): Promise<number> {
  const before = await server.cpuMs();
  const start = performance.now();
  await load.stream(COMPARED_SECONDS);
  const cpuMs = (await server.cpuMs()) - before;
  const seconds = (performance.now() - start) / 1000;
  return cpuMs / seconds / COMPARED_SESSIONS;
}

async function capacity(bench: Bench): Promise<Figure> {
  const steps: string[] = [];
  let held = 0;
  for (const sessions of STEPS) {
    // What the rest of the machine does at the moment may not stand for the server.
    const outcome = (await holds(bench, sessions, steps)) || (await holds(bench, sessions, steps));
    if (!outcome) break;
    held = sessions;
  }
  return {
    name: 'Realtime, sessions at once on one core',
    unit: 'count',
    spread: spreadOf([held]),
    target: { atLeast: 100 },
    how: `the most sessions, of ${STEPS.join(', ')}, that speak in real time and are answered by instant engines with a p99 of at most ${MOST_ADDED_MS} ms from \`response.create\` to the first audio`,
    detail: steps.join('; '),
  };
}

async function holds({ server, load, speech, log }: Bench, sessions: number, steps: string[]) {
  await openAll(server, load, { speech, sessions });
  const before = await server.cpuMs();
  const { delaysMs, lateMs } = await load.stream(STEP_SECONDS);
  const share = ((await server.cpuMs()) - before) / (STEP_SECONDS * 1000);
  await load.close();
  const p99Ms = quantile(delaysMs, 0.99);
  const step = `${sessions}: p99 ${p99Ms.toFixed(0)} ms, ${(share * 100).toFixed(0)} % of a core`;
  log(`${step}; ${delaysMs.length} turns, load late by ${lateMs.toFixed(0)} ms`);
  steps.push(step);
  return p99Ms <= MOST_ADDED_MS;
}

/** Opens sessions that ask for each response themselves, so that they know when they did, and lets them settle. */
async function openAll(
  { url, headers }: RealtimeServer,
  load: RealtimeLoad,
  { speech, sessions }: { readonly speech: FramedSpeech; readonly sessions: number },
): Promise<void> {
  const turnDetection = { type: 'server_vad', create_response: false };
  await load.open({
    url,
    headers,
    sessions,
    frames: speech.frames,
    greeting: {
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { turn_detection: turnDetection } } },
    },
    askAfter: speech.frames.length - ASK_BEFORE_END_MS / FRAME_MS,
  });
  await load.stream(SETTLING_SECONDS);
}
