import type { AudioChunk } from '../chunk.ts';
import { toPcmBytes } from '../pcm-bytes.ts';
import { resample } from '../resample.ts';
import { wavHeader } from '../wav-writer.ts';
import { CountedAudio } from './counted-audio.ts';
import { encodeMedia, type FileWrite } from './encode-media.ts';
import { encodeOpus } from './encode-opus.ts';
import { mp3Frames } from './mp3-frames.ts';
import { writeMp3Info } from './mp3-info.ts';

/** What speech is sent out as. `pcm16` is 16-bit little-endian PCM without a header, `opus` an Ogg file. */
export type OutputFormat = 'wav' | 'mp3' | 'flac' | 'opus' | 'aac' | 'pcm16';

/** Samples per second of all that is encoded. */
export const ENCODED_RATE = 24_000;

/**
 * Encodes `audio` while it comes in, at 24 kHz whatever rate it comes at. Headers that would tell the length
 * leave it open. Takes processor time: call it where that holds nobody up.
 */
export async function* encodeAudio(
  audio: AsyncIterable<AudioChunk>,
  format: OutputFormat,
): AsyncGenerator<Uint8Array, void, void> {
  const resampled = resample(audio, ENCODED_RATE);
  switch (format) {
    case 'wav':
      yield wavHeader(ENCODED_RATE);
      return yield* encodePcm(resampled);
    case 'pcm16':
      return yield* encodePcm(resampled);
    case 'opus':
      return yield* encodeOpus(resampled);
    case 'mp3':
      return yield* withMp3Info(media(resampled, format, true));
    case 'flac':
    case 'aac':
      for await (const { data } of media(resampled, format, true)) yield data;
  }
}

/** The whole file, with a header that tells how long it is where the format has a place for that. */
export async function encodeAudioFile(
  audio: AsyncIterable<AudioChunk>,
  format: OutputFormat,
): Promise<Uint8Array> {
  const counted = new CountedAudio(resample(audio, ENCODED_RATE));
  switch (format) {
    case 'wav': {
      const samples = await Array.fromAsync(encodePcm(counted));
      return Buffer.concat([wavHeader(ENCODED_RATE, counted.samples), ...samples]);
    }
    case 'mp3': {
      const file = await assemble(media(counted, format, false));
      const frames = [...mp3Frames(file)].length;
      const info = writeMp3Info(file, { frames, bytes: file.length, samples: counted.samples });
      return Buffer.concat([info, file]);
    }
    case 'flac':
      return await assemble(media(counted, format, false));
    case 'opus':
    case 'aac':
    case 'pcm16':
      return Buffer.concat(await Array.fromAsync(encodeAudio(counted, format)));
  }
}

async function* encodePcm(audio: AsyncIterable<AudioChunk>): AsyncGenerator<Uint8Array, void, void> {
  for await (const { samples } of audio) if (samples.length > 0) yield toPcmBytes(samples);
}

function media(
  audio: AsyncIterable<AudioChunk>,
  codec: 'mp3' | 'flac' | 'aac',
  isStreamed: boolean,
): AsyncGenerator<FileWrite, void, void> {
  return encodeMedia(audio, { codec, sampleRate: ENCODED_RATE, isStreamed });
}

async function* withMp3Info(writes: AsyncIterable<FileWrite>): AsyncGenerator<Uint8Array, void, void> {
  let isFirst = true;
  for await (const { data } of writes) {
    if (isFirst) yield writeMp3Info(data);
    isFirst = false;
    yield data;
  }
}

async function assemble(writes: AsyncIterable<FileWrite>): Promise<Uint8Array> {
  const all = await Array.fromAsync(writes);
  const length = all.reduce((most, { data, position }) => Math.max(most, position + data.length), 0);
  const file = new Uint8Array(length);
  for (const { data, position } of all) file.set(data, position);
  return file;
}
