import { AudioFormatError, notValid } from './audio-format-error.ts';

/** How the samples of a WAVE file are written down. */
export type WavEncoding = 'pcm' | 'float' | 'alaw' | 'mulaw';

export interface WavHeader {
  readonly encoding: WavEncoding;
  readonly channels: number;
  readonly sampleRate: number;
  /** Bytes that one sample of one channel takes up; its bits stand at the upper end of them. */
  readonly sampleBytes: number;
  readonly isLittleEndian: boolean;
  /** Where the samples begin in the file, in bytes. */
  readonly dataStart: number;
  /** Undefined when the header does not know, as one that was written before its audio. */
  readonly dataBytes: number | undefined;
}

/** Samples per second that speech comes in; what lies outside is a broken header. */
const LOWEST_RATE = 1_000;
const HIGHEST_RATE = 384_000;
const MOST_CHANNELS = 64;
const UNKNOWN = 0xffffffff;

/** From the registry of RFC 2361, those that are met in the wild. */
const ENCODINGS: Readonly<Record<number, WavEncoding>> = { 1: 'pcm', 3: 'float', 6: 'alaw', 7: 'mulaw' };
const REFUSED: Readonly<Record<number, string>> = {
  2: 'Microsoft ADPCM',
  16: 'OKI ADPCM',
  17: 'IMA ADPCM',
  34: 'TrueSpeech',
  49: 'GSM 6.10',
  64: 'G.721 ADPCM',
  69: 'G.726 ADPCM',
  80: 'MPEG audio',
  85: 'MP3',
  255: 'AAC',
  353: 'Windows Media Audio',
};

/** The tag that says: the tag is the first two bytes of `SubFormat`, at offset 24. */
const EXTENSIBLE = 0xfffe;

/** Whether the bytes begin as a WAVE file does. */
export function isWav(bytes: Uint8Array): boolean {
  return /^(RIFF|RIFX|RF64|BW64)$/.test(tag(bytes, 0)) && tag(bytes, 8) === 'WAVE';
}

/**
 * The header of a WAVE file (RIFF, RIFX, RF64), up to the first sample; undefined when `bytes` end before.
 * @throws {AudioFormatError}
 */
export function readWavHeader(bytes: Uint8Array): WavHeader | undefined {
  if (bytes.length < 12) return undefined;
  if (!isWav(bytes)) throw notValid('wav', 'it does not begin with a RIFF/WAVE header');
  const isLittleEndian = tag(bytes, 0) !== 'RIFX';
  const view = viewOf(bytes);
  let layout: Layout | undefined;
  let longDataBytes: number | undefined;
  for (let start = 12; start + 8 <= bytes.length; ) {
    const size = view.getUint32(start + 4, isLittleEndian);
    const id = tag(bytes, start);
    start += 8;
    if (id === 'data') {
      if (!layout) throw notValid('wav', 'its data chunk comes before its fmt chunk');
      const riffEnd = view.getUint32(4, isLittleEndian) + 8;
      const dataBytes = size === UNKNOWN ? longDataBytes : knownSize(size, start, riffEnd);
      return { ...layout, isLittleEndian, dataStart: start, dataBytes };
    }
    if (start + size > bytes.length) return undefined;
    const chunk = new DataView(bytes.buffer, bytes.byteOffset + start, size);
    if (id === 'fmt ') layout = readLayout(chunk, isLittleEndian);
    if (id === 'ds64' && size >= 16) longDataBytes = Number(chunk.getBigUint64(8, isLittleEndian));
    start += size + (size % 2);
  }
  return undefined;
}

type Layout = Pick<WavHeader, 'encoding' | 'channels' | 'sampleRate' | 'sampleBytes'>;

/** A size of zero means none, unless the whole header was written before there was any audio. */
function knownSize(size: number, dataStart: number, riffEnd: number): number | undefined {
  const isUnfinished = riffEnd <= dataStart || riffEnd > 0x7fffffff;
  return size === 0 && isUnfinished ? undefined : size;
}

function readLayout(chunk: DataView, isLittleEndian: boolean): Layout {
  if (chunk.byteLength < 16) throw notValid('wav', 'its fmt chunk is too short');
  const at = (offset: number): number => chunk.getUint16(offset, isLittleEndian);
  const isExtensible = at(0) === EXTENSIBLE && chunk.byteLength >= 26;
  const encoding = encodingOf(isExtensible ? at(24) : at(0));
  const channels = at(2);
  const sampleRate = chunk.getUint32(4, isLittleEndian);
  const bits = at(14);
  if (channels === 0 || channels > MOST_CHANNELS) throw notValid('wav', `it claims ${channels} channels`);
  if (sampleRate < LOWEST_RATE || sampleRate > HIGHEST_RATE)
    throw notValid('wav', `it claims ${sampleRate} samples per second`);
  const sampleBytes = Math.ceil(bits / 8);
  if (!depthsOf(encoding).includes(sampleBytes))
    throw new AudioFormatError(
      'unsupported',
      'wav',
      `WAV with ${bits} bits of ${encoding} is not supported.`,
    );
  // A block that is wider than its bits holds them in a wider container, as 20 bits in 32.
  const containerBytes = at(12) / channels;
  const isWider = depthsOf(encoding).includes(containerBytes) && containerBytes > sampleBytes;
  return { encoding, channels, sampleRate, sampleBytes: isWider ? containerBytes : sampleBytes };
}

function encodingOf(formatTag: number): WavEncoding {
  const encoding = ENCODINGS[formatTag];
  if (encoding) return encoding;
  const codec = REFUSED[formatTag] ?? `format tag 0x${formatTag.toString(16).padStart(4, '0')}`;
  const message = `WAV with ${codec} is not supported. Send PCM, 32-bit float, A-law or µ-law.`;
  throw new AudioFormatError('unsupported', 'wav', message);
}

function depthsOf(encoding: WavEncoding): readonly number[] {
  if (encoding === 'pcm') return [1, 2, 3, 4];
  return encoding === 'float' ? [4, 8] : [1];
}

function tag(bytes: Uint8Array, start: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + 4));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
