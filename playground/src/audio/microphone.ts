// oxlint-disable-next-line import/default -- Vite makes an address of a module.
import captureWorklet from './capture-worklet.ts?worker&url';
import { ChunkQueue } from './chunk-queue.ts';
import { loudness, SAMPLE_RATE } from './pcm.ts';

export interface MicrophoneOptions {
  /** The browser's own choice where it is left out. */
  readonly deviceId?: string | undefined;
  readonly echoCancellation?: boolean;
  readonly noiseSuppression?: boolean;
  readonly autoGainControl?: boolean;
}

export interface Microphone extends AsyncDisposable {
  /** What is heard, from the opening on: 24 kHz mono, 40 ms each. Ends when the microphone is closed or unplugged. */
  chunks(): AsyncIterable<Int16Array<ArrayBuffer>>;
  /** Root mean square of the last chunk, 0 to 1. */
  readonly level: number;
}

/** 30 s; a reader that is further behind misses the oldest. */
const WAITING_CHUNKS = 750;

/**
 * Opens a microphone; the browser asks whoever sits there.
 * @throws {DOMException} `NotAllowedError` when it is denied, `NotFoundError` when there is none, and others of
 * `getUserMedia` (W3C Media Capture and Streams 10.2)
 */
export async function openMicrophone(options: MicrophoneOptions = {}): Promise<Microphone> {
  await using resources = new AsyncDisposableStack();
  const stream = await askForStream(options);
  const tracks = stream.getAudioTracks();
  resources.defer(() => {
    for (const track of tracks) track.stop();
  });
  const { context, source } = await openSource(stream);
  resources.defer(async () => await context.close());
  const node = new AudioWorkletNode(context, 'samtal-capture', { numberOfOutputs: 0 });
  const queue = new ChunkQueue<Int16Array<ArrayBuffer>>(WAITING_CHUNKS);
  resources.defer(() => queue.close());
  let level = 0;
  node.port.onmessage = ({ data }: MessageEvent<Int16Array<ArrayBuffer>>) => {
    level = loudness(data);
    queue.push(data);
  };
  for (const track of tracks) track.addEventListener('ended', () => queue.close());
  source.connect(node);
  const held = resources.move();
  return {
    chunks: () => queue,
    get level() {
      return level;
    },
    [Symbol.asyncDispose]: async () => await held.disposeAsync(),
  };
}

async function askForStream(options: MicrophoneOptions): Promise<MediaStream> {
  const { deviceId, echoCancellation = true, noiseSuppression = true, autoGainControl = true } = options;
  if (!navigator.mediaDevices) {
    throw new DOMException('Browsers open a microphone only on https or localhost.', 'SecurityError');
  }
  return await navigator.mediaDevices.getUserMedia({
    audio: {
      ...(deviceId && { deviceId: { exact: deviceId } }),
      channelCount: 1,
      echoCancellation,
      noiseSuppression,
      autoGainControl,
    },
  });
}

interface Source {
  readonly context: AudioContext;
  readonly source: MediaStreamAudioSourceNode;
}

/** Firefox joins a microphone only to a context of its own rate; there the worklet changes the rate. */
async function openSource(stream: MediaStream): Promise<Source> {
  try {
    return await joinSource(stream, new AudioContext({ sampleRate: SAMPLE_RATE }));
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'NotSupportedError')) throw error;
    return await joinSource(stream, new AudioContext());
  }
}

async function joinSource(stream: MediaStream, context: AudioContext): Promise<Source> {
  try {
    const source = context.createMediaStreamSource(stream);
    await context.audioWorklet.addModule(captureWorklet);
    await context.resume();
    return { context, source };
  } catch (error) {
    await context.close();
    throw error;
  }
}
