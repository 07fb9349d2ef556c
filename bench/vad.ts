import { type SileroVad, sileroVad } from '../src/engines/silero-vad/silero-vad.ts';
import { webrtcVad } from '../src/engines/webrtc-vad/webrtc-vad.ts';
import { findSileroFiles } from '../test/support/silero.ts';
import type { Benchmark, Figure, Log } from './benchmark.ts';
import { compare } from './compare.ts';
import { cpuWithChildren } from './process-cpu.ts';
import { quantile, spreadOf } from './spread.ts';
import { type Detection, detectSpeech } from './vad-detection.ts';

const BATCH = 32;
const WINDOWS = 960;
const RUNTIMES = ['onnxruntime-node', 'onnxruntime-web'] as const;
type Runtime = (typeof RUNTIMES)[number];

/** WebAssembly is slower at what all windows cost, so that company saves it less. */
const CHEAPER = { 'onnxruntime-node': { atMost: 0.4 }, 'onnxruntime-web': { atMost: 0.7 } } as const;
const SOON = { atMost: 250 };
const FEW = { atMost: 1 };

/** How soon and how rightly the detectors hear somebody speak. */
export const vad: Benchmark = {
  name: 'vad',
  async run(log) {
    const webrtc = await detectSpeech(await webrtcVad());
    const figures = [onsetFigure('WebRTC', webrtc)];
    // The scores are the same, whatever computes them.
    const files = await findSileroFiles('vad', 'onnxruntime-web');
    if (!files) return figures;
    log('Silero');
    await using detector = await sileroVad(files);
    const silero = await detectSpeech(detector);
    return [...figures, onsetFigure('Silero', silero), falseStartFigure(silero, webrtc)];
  },
};

/** What a neural detector of speech costs, alone and shared. */
export async function vadCost(log: Log): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const runtime of RUNTIMES) {
    const files = await findSileroFiles('engines', runtime, true);
    if (!files) continue;
    log(`Silero by ${runtime}`);
    await using detector = await sileroVad(files);
    figures.push(await batchFigure(runtime, detector));
  }
  return figures;
}

async function batchFigure(runtime: Runtime, detector: SileroVad): Promise<Figure> {
  const target = CHEAPER[runtime];
  const ours = async (): Promise<number> => await cpuOfWindow(detector, BATCH);
  const bare = async (): Promise<number> => await cpuOfWindow(detector, 1);
  const compared = await compare({ ours, bare, target, rounds: 6, warmUps: 2 });
  return {
    name: `Silero by ${runtime}, a window in a batch of ${BATCH}`,
    unit: 'ratio',
    spread: compared.spread,
    target,
    how: `CPU of all threads and processes for a window of 32 ms when ${BATCH} streams ask at once ÷ when one asks alone`,
    detail: `${(1000 * compared.ours).toFixed(0)} µs ÷ ${(1000 * compared.bare).toFixed(0)} µs`,
  };
}

/** CPU milliseconds, of the detector and of what asks it. */
async function cpuOfWindow(detector: SileroVad, streams: number): Promise<number> {
  const opened = Array.from({ length: streams }, () => detector.open());
  const window = Float32Array.from({ length: 512 }, (_, index) => 0.3 * Math.sin(index / 9));
  const before = cpuWithChildren();
  for (let round = 0; round < WINDOWS / streams; round++)
    await Promise.all(opened.map(async (stream) => await stream.score(window)));
  const cpuMs = cpuWithChildren() - before;
  for (const stream of opened) await stream[Symbol.asyncDispose]();
  return cpuMs / WINDOWS;
}

function onsetFigure(name: string, { onsetMs, missed }: Detection): Figure {
  return {
    name: `${name}, from the onset of speech to its start, p95`,
    unit: 'ms',
    spread: { ...spreadOf(onsetMs), median: quantile(onsetMs, 0.95) },
    target: SOON,
    how: 'In time of the audio, at the threshold 0.5: sentences of flite, alone and in noise 20, 10 and 5 dB below them',
    detail: `median ${quantile(onsetMs, 0.5).toFixed(0)} ms; ${missed} of ${onsetMs.length + missed} not found`,
  };
}

function falseStartFigure(silero: Detection, webrtc: Detection): Figure {
  return {
    name: 'Silero, starts without speech',
    unit: 'count',
    spread: spreadOf([silero.falseStarts.length]),
    target: FEW,
    how: `In ${silero.noiseSeconds} s of noise: hiss, a room, the mains, and knocks, two a second`,
    detail: `${kinds(silero)}; by WebRTC ${kinds(webrtc)}`,
  };
}

/** Such as `3 in knocks`. */
function kinds({ falseStarts }: Detection): string {
  const counted = [...Map.groupBy(falseStarts, (noise) => noise)];
  return counted.length === 0
    ? 'none'
    : counted.map(([noise, all]) => `${all.length} in ${noise}`).join(', ');
}
