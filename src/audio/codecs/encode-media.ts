import { registerAacEncoder } from '@mediabunny/aac-encoder';
import { registerFlacEncoder } from '@mediabunny/flac-encoder';
import { registerMp3Encoder } from '@mediabunny/mp3-encoder';
import {
  AdtsOutputFormat,
  AudioSample,
  AudioSampleSource,
  FlacOutputFormat,
  Mp3OutputFormat,
  Output,
  type OutputFormat,
  StreamTarget,
} from 'mediabunny';
import type { AudioChunk } from '../chunk.ts';

export type MediaCodec = 'mp3' | 'flac' | 'aac';

/** Bytes and where they belong in the file: after the last ones, but for a header that is written again. */
export interface FileWrite {
  readonly data: Uint8Array;
  readonly position: number;
}

/** Bits per second: speech that can not be told from its source. FLAC is asked for one and takes what it needs. */
const BITRATES: Readonly<Record<MediaCodec, number>> = { mp3: 96_000, aac: 64_000, flac: 384_000 };

/** The shortest audio of which every encoder makes a file. */
const FALLBACK_SAMPLES = 1_152;

let isRegistered = false;

/**
 * Encodes `audio`, all at `sampleRate`, as it comes. A `streamed` file is only ever appended to; otherwise
 * the header is written again at the end, with what is known then. Of no audio it makes a moment of silence.
 */
export async function* encodeMedia(
  audio: AsyncIterable<AudioChunk>,
  options: { readonly codec: MediaCodec; readonly sampleRate: number; readonly isStreamed: boolean },
): AsyncGenerator<FileWrite, void, void> {
  register();
  const { codec, sampleRate, isStreamed } = options;
  const written: FileWrite[] = [];
  const target = new StreamTarget(
    new WritableStream({
      // The muxer may write into the same memory again.
      write: ({ data, position }) => void written.push({ data: new Uint8Array(data), position }),
    }),
  );
  const output = new Output({ format: outputFormat(codec, isStreamed), target });
  const source = new AudioSampleSource({ codec, bitrate: BITRATES[codec] });
  output.addAudioTrack(source);
  try {
    await output.start();
    let count = 0;
    for await (const { samples } of orSilence(audio, sampleRate)) {
      const timestamp = count / sampleRate;
      using sample = new AudioSample({
        data: samples,
        format: 's16',
        numberOfChannels: 1,
        sampleRate,
        timestamp,
      });
      await source.add(sample);
      count += samples.length;
      yield* written.splice(0);
    }
    await output.finalize();
    yield* written.splice(0);
  } finally {
    if (output.state !== 'finalized') await output.cancel();
  }
}

function outputFormat(codec: MediaCodec, isStreamed: boolean): OutputFormat {
  switch (codec) {
    case 'mp3':
      return new Mp3OutputFormat({ xingHeader: false });
    case 'flac':
      return new FlacOutputFormat({ appendOnly: isStreamed });
    case 'aac':
      return new AdtsOutputFormat();
  }
}

async function* orSilence(
  audio: AsyncIterable<AudioChunk>,
  sampleRate: number,
): AsyncGenerator<AudioChunk, void, void> {
  let isEmpty = true;
  for await (const chunk of audio) {
    if (chunk.samples.length === 0) continue;
    isEmpty = false;
    yield chunk;
  }
  if (isEmpty) yield { samples: new Int16Array(FALLBACK_SAMPLES), sampleRate };
}

function register(): void {
  if (isRegistered) return;
  isRegistered = true;
  registerMp3Encoder();
  registerFlacEncoder();
  registerAacEncoder();
}
