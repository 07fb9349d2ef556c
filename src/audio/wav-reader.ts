import { notValid } from './audio-format-error.ts';
import type { AudioChunk } from './chunk.ts';
import { expandG711 } from './g711.ts';
import { toSample } from './mono.ts';
import { readWavHeader, type WavHeader } from './wav-header.ts';

/** Samples in a chunk, at most. */
const CHUNK_SAMPLES = 16_384;
/** What may stand in front of the samples of a stream: pictures and captions are cut off here. */
const MOST_HEADER_BYTES = 1 << 20;

/**
 * The samples of a WAVE file, its channels mixed to one, at its own rate. A file that ends before its header
 * says is read up to its last whole frame.
 * @throws {AudioFormatError}
 */
export function* readWav(bytes: Uint8Array): Generator<AudioChunk, void, void> {
  const reader = new WavReader(bytes.length);
  yield* reader.push(bytes);
  reader.end();
}

/** `readWav` for a file that is still arriving; holds back no more than its header and one frame. */
export async function* readWavStream(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<AudioChunk, void, void> {
  const reader = new WavReader(MOST_HEADER_BYTES);
  for await (const piece of pieces) yield* reader.push(piece);
  reader.end();
}

class WavReader {
  readonly #mostHeaderBytes: number;
  #body: WavBody | undefined;
  #pending: Uint8Array = new Uint8Array(0);

  constructor(mostHeaderBytes: number) {
    this.#mostHeaderBytes = mostHeaderBytes;
  }

  *push(piece: Uint8Array): Generator<AudioChunk, void, void> {
    const bytes = concatenate(this.#pending, piece);
    let start = 0;
    if (!this.#body) {
      const header = readWavHeader(bytes);
      if (header) {
        this.#body = new WavBody(header);
        start = header.dataStart;
      } else if (bytes.length > this.#mostHeaderBytes) {
        throw notValid('wav', 'no samples were found');
      }
    }
    const end = this.#body ? yield* this.#body.chunks(bytes, start) : 0;
    this.#pending = new Uint8Array(bytes.subarray(end));
  }

  end(): void {
    if (!this.#body) throw notValid('wav', 'it ends before its samples begin');
  }
}

class WavBody {
  readonly #header: WavHeader;
  readonly #frameBytes: number;
  #remaining: number;

  constructor(header: WavHeader) {
    this.#header = header;
    this.#frameBytes = header.sampleBytes * header.channels;
    this.#remaining = header.dataBytes ?? Number.POSITIVE_INFINITY;
  }

  /** Yields the whole frames in `bytes` from `start` on and returns where they end. */
  *chunks(bytes: Uint8Array, start: number): Generator<AudioChunk, number, void> {
    const usable = Math.min(bytes.length - start, this.#remaining);
    const end = start + usable - (usable % this.#frameBytes);
    const step = CHUNK_SAMPLES * this.#frameBytes;
    for (let offset = start; offset < end; offset += step) {
      const samples = toMono(bytes.subarray(offset, Math.min(end, offset + step)), this.#header);
      yield { samples, sampleRate: this.#header.sampleRate };
    }
    this.#remaining -= end - start;
    return this.#remaining < this.#frameBytes ? bytes.length : end;
  }
}

function toMono(bytes: Uint8Array, header: WavHeader): Int16Array {
  const { channels, encoding } = header;
  if (channels === 1 && (encoding === 'alaw' || encoding === 'mulaw')) return expandG711(bytes, encoding);
  const read = sampleReader(bytes, header);
  const samples = new Int16Array(bytes.length / header.sampleBytes / channels);
  for (let frame = 0; frame < samples.length; frame += 1) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1) sum += read(frame * channels + channel);
    samples[frame] = toSample(sum / channels);
  }
  return samples;
}

/** Reads the sample of an index on the scale of 16 bits; 8 bits are unsigned, the others signed. */
function sampleReader(bytes: Uint8Array, header: WavHeader): (index: number) => number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { encoding, sampleBytes, isLittleEndian } = header;
  if (encoding === 'alaw' || encoding === 'mulaw') {
    const expanded = expandG711(bytes, encoding);
    return (index) => expanded[index] ?? 0;
  }
  if (encoding === 'float') {
    return sampleBytes === 4
      ? (index) => finite(view.getFloat32(index * 4, isLittleEndian)) * 32768
      : (index) => finite(view.getFloat64(index * 8, isLittleEndian)) * 32768;
  }
  if (sampleBytes === 1) return (index) => (view.getUint8(index) - 128) * 256;
  if (sampleBytes === 2) return (index) => view.getInt16(index * 2, isLittleEndian);
  if (sampleBytes === 4) return (index) => view.getInt32(index * 4, isLittleEndian) / 65536;
  const [high, low] = isLittleEndian ? [1, 0] : [0, 2];
  return (index) => view.getInt16(index * 3 + high, isLittleEndian) + view.getUint8(index * 3 + low) / 256;
}

/** Infinite samples count as full scale, so that one does not swallow its whole frame when channels are mixed. */
function finite(sample: number): number {
  return Number.isNaN(sample) ? 0 : Math.max(-1, Math.min(1, sample));
}

function concatenate(head: Uint8Array, tail: Uint8Array): Uint8Array {
  if (head.length === 0) return tail;
  const whole = new Uint8Array(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}
