import { joinSamples } from './pcm.ts';

/** As many as fit a WAV file of 20 MiB, which is the largest audio of a chat request: 7 min 16 s at 24 kHz. */
const MOST_RECORDED_SAMPLES = (20 * 1024 * 1024 - 44) / 2;

export interface RecordedSamples {
  readonly samples: Int16Array<ArrayBuffer>;
  /** Whether it ended because no more was to be kept. */
  readonly isFull: boolean;
}

export interface RecordOptions {
  readonly most?: number;
  /** Says when it is enough. */
  readonly signal?: AbortSignal;
  /** Told of each chunk how many samples there are now. */
  readonly onLength?: (samples: number) => void;
}

/** Keeps what a microphone hears until its chunks end, `signal` says so, or there are `most` samples. */
export async function recordSamples(
  chunks: AsyncIterable<Int16Array>,
  { most = MOST_RECORDED_SAMPLES, signal, onLength }: RecordOptions = {},
): Promise<RecordedSamples> {
  const pieces: Int16Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    if (signal?.aborted) break;
    const piece = chunk.subarray(0, most - length);
    pieces.push(piece);
    length += piece.length;
    onLength?.(length);
    if (length === most) break;
  }
  return { samples: joinSamples(pieces), isFull: length === most };
}
