import { compressG711, expandG711, type G711Law } from '../../../src/audio/g711.ts';
import { fromBase64, toBase64 } from '../audio/base64.ts';
import { SAMPLE_RATE, toFloat32, toInt16 } from '../audio/pcm.ts';
import { Resampler } from '../audio/resampler.ts';
import type { AudioFormat } from './settings.ts';

const TELEPHONE_RATE = 8_000;

/** A stream of 24 kHz samples on its way to the wire, or off it. */
export interface WireEncoder {
  encode(samples: Int16Array): string;
}
export interface WireDecoder {
  decode(base64: string): Int16Array<ArrayBuffer>;
}

export function wireEncoder(format: AudioFormat): WireEncoder {
  if (format === 'pcm16') return { encode: (samples) => toBase64(toLittleEndian(samples)) };
  const resampler = new Resampler(SAMPLE_RATE, TELEPHONE_RATE);
  return {
    encode: (samples) => toBase64(compressG711(toInt16(resampler.push(toFloat32(samples))), lawOf(format))),
  };
}

export function wireDecoder(format: AudioFormat): WireDecoder {
  if (format === 'pcm16') return { decode: (base64) => fromLittleEndian(fromBase64(base64)) };
  const resampler = new Resampler(TELEPHONE_RATE, SAMPLE_RATE);
  return {
    decode: (base64) => toInt16(resampler.push(toFloat32(expandG711(fromBase64(base64), lawOf(format))))),
  };
}

/** How long a base64 text of audio sounds. */
export function durationMs(base64: string, format: AudioFormat): number {
  const padding = base64.endsWith('==') ? 2 : Number(base64.endsWith('='));
  const bytes = (base64.length / 4) * 3 - padding;
  return format === 'pcm16' ? bytes / 48 : bytes / 8;
}

function lawOf(format: Exclude<AudioFormat, 'pcm16'>): G711Law {
  return format === 'g711_ulaw' ? 'mulaw' : 'alaw';
}

function toLittleEndian(samples: Int16Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(samples.length * 2));
  for (const [index, sample] of samples.entries()) view.setInt16(index * 2, sample, true);
  return new Uint8Array(view.buffer);
}

function fromLittleEndian(bytes: Uint8Array): Int16Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Int16Array.from({ length: bytes.length >> 1 }, (_, index) => view.getInt16(index * 2, true));
}
