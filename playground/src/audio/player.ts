import { SAMPLE_RATE, toMs } from './pcm.ts';
import type { HeardItem } from './playback-queue.ts';
// oxlint-disable-next-line import/default -- Vite makes an address of a module.
import playbackWorklet from './playback-worklet.ts?worker&url';
import type { PlayerCommand, PlayerReport } from './player-messages.ts';

/** All stretches of an item, joined, are what was heard of it. */
export interface HeardStretch {
  readonly itemId: string;
  /** 24 kHz mono. */
  readonly samples: Int16Array<ArrayBuffer>;
  /** When it began, on `performance.now()`'s clock, as evenly as the loudspeaker plays. */
  readonly startMs: number;
}

export interface PlayerEvents {
  /** An item's first sample is on its way; `atMs` on `performance.now()`'s clock is when it is heard. */
  readonly onStarted?: (itemId: string, atMs: number) => void;
  readonly onPlayed?: (stretch: HeardStretch) => void;
  readonly onDrained?: () => void;
}

export interface Player extends AsyncDisposable {
  /** Queues more of an item's speech, 24 kHz mono. */
  append(itemId: string, samples: Int16Array<ArrayBuffer>): void;
  /**
   * Silences the loudspeaker within one audio frame of 128 samples, and forgets what is queued.
   * @returns what was heard of the items that were queued or played since the last stop
   */
  stop(): Promise<readonly HeardItem[]>;
  /** Where the browser lets the page choose. */
  chooseOutput(deviceId: string): Promise<void>;
}

/** Not in the DOM's types: Firefox and Safari lack it. */
interface WithOutputs extends AudioContext {
  setSinkId?(deviceId: string): Promise<void>;
}

/** Opens the loudspeaker; call it in answer to a click or key, as browsers ask. */
export async function openPlayer(events: PlayerEvents): Promise<Player> {
  await using resources = new AsyncDisposableStack();
  const context = new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: 'interactive' });
  resources.defer(async () => await context.close());
  await context.audioWorklet.addModule(playbackWorklet);
  await context.resume();
  const node = new AudioWorkletNode(context, 'samtal-playback', {
    numberOfInputs: 0,
    outputChannelCount: [1],
  });
  node.connect(context.destination);
  const tell = teller(events, context);
  const stops = new Map<number, (heard: readonly HeardItem[]) => void>();
  resources.defer(() => {
    for (const resolve of stops.values()) resolve([]);
  });
  node.port.onmessage = ({ data }: MessageEvent<PlayerReport>) => {
    if (data.type === 'stopped') {
      stops.get(data.stopId)?.(data.heard);
      stops.delete(data.stopId);
    } else tell(data);
  };
  const post = (command: PlayerCommand) => node.port.postMessage(command);
  let stopCount = 0;
  const held = resources.move();
  return {
    append: (itemId, samples) => post({ type: 'append', itemId, samples }),
    stop: async () => {
      const { promise, resolve } = Promise.withResolvers<readonly HeardItem[]>();
      const stopId = stopCount++;
      stops.set(stopId, resolve);
      post({ type: 'stop', stopId });
      return await promise;
    },
    chooseOutput: async (deviceId) => await (context as WithOutputs).setSinkId?.(deviceId),
    [Symbol.asyncDispose]: async () => await held.disposeAsync(),
  };
}

/** Tells what was played, each stretch as long after its item's start as the loudspeaker counts. */
function teller(
  events: PlayerEvents,
  context: AudioContext,
): (report: Exclude<PlayerReport, { type: 'stopped' }>) => void {
  let start = { frame: 0, atMs: 0 };
  return (report) => {
    if (report.type === 'started') {
      start = { frame: report.frame, atMs: performance.now() + context.outputLatency * 1000 };
      events.onStarted?.(report.itemId, start.atMs);
    } else if (report.type === 'played') {
      const { itemId, samples, frame } = report;
      events.onPlayed?.({ itemId, samples, startMs: start.atMs + toMs(frame - start.frame) });
    } else events.onDrained?.();
  };
}
