/** One layer III frame of an MPEG-1, MPEG-2 or MPEG-2.5 stream, where it stands in its file. */
export interface Mp3Frame {
  readonly start: number;
  readonly end: number;
  readonly sampleRate: number;
  readonly samples: number;
  readonly channels: 1 | 2;
  /** Where the frame's own data begin: after the header, its check sum and its side information. */
  readonly dataStart: number;
}

const HEADER_BYTES = 4;
/** ISO 11172-3 and 13818-3, layer III, in kbit/s by the header's index; 0 is free format, which is not read. */
const BITRATES_1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const BITRATES_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const SAMPLE_RATES = [44_100, 48_000, 32_000];
/** What may stand in front of the first frame, tags apart. */
const MOST_JUNK_BYTES = 1 << 16;

/** The frame whose header stands at `start`, or undefined when there is none. */
export function mp3FrameAt(bytes: Uint8Array, start: number): Mp3Frame | undefined {
  const [sync = 0, kind = 0, rates = 0, mode = 0] = bytes.subarray(start, start + HEADER_BYTES);
  // Eleven bits of sync, a version other than the reserved one, and layer III.
  if (sync !== 0xff || (kind & 0xe6) !== 0xe2 || (kind & 0x18) === 0x08) return undefined;
  const isMpeg1 = (kind & 0x18) === 0x18;
  const isMpeg25 = (kind & 0x18) === 0;
  const bitrate = (isMpeg1 ? BITRATES_1 : BITRATES_2)[rates >> 4] ?? 0;
  const fullRate = SAMPLE_RATES[(rates >> 2) & 3];
  if (bitrate === 0 || fullRate === undefined) return undefined;
  const sampleRate = fullRate / (isMpeg1 ? 1 : isMpeg25 ? 4 : 2);
  const samples = isMpeg1 ? 1152 : 576;
  const channels = mode >> 6 === 3 ? 1 : 2;
  const sideBytes = isMpeg1 === (channels === 2) ? (isMpeg1 ? 32 : 9) : 17;
  const checksumBytes = kind & 1 ? 0 : 2;
  const length = Math.floor((samples * bitrate * 125) / sampleRate) + ((rates >> 1) & 1);
  const dataStart = start + HEADER_BYTES + checksumBytes + sideBytes;
  return { start, end: start + length, sampleRate, samples, channels, dataStart };
}

/**
 * The frames of an MP3 file in order. Tags, and whatever else is no frame, are passed over; a frame counts
 * when it follows another, or another follows it, or the file ends there. One that is cut short is left out.
 */
export function* mp3Frames(bytes: Uint8Array): Generator<Mp3Frame, void, void> {
  let start = skipId3(bytes);
  const firstBy = start + MOST_JUNK_BYTES;
  let last: Mp3Frame | undefined;
  while (start + HEADER_BYTES <= bytes.length && (last || start <= firstBy)) {
    const frame = mp3FrameAt(bytes, start);
    const isNext = last?.end === start && last.sampleRate === frame?.sampleRate;
    if (frame && frame.end <= bytes.length && (isNext || isFollowed(bytes, frame))) {
      yield frame;
      last = frame;
      start = frame.end;
    } else {
      start = nextSync(bytes, start + 1);
    }
  }
}

/** Where the content begins behind any ID3v2 tags (id3.org, ID3v2.4.0 3.1) and APEv2 tags. */
export function skipId3(bytes: Uint8Array): number {
  let start = 0;
  for (;;) {
    const id3 = id3Bytes(bytes, start);
    const tagBytes = id3 > 0 ? id3 : apeBytes(bytes, start);
    if (tagBytes === 0) return start;
    start += tagBytes;
  }
}

function id3Bytes(bytes: Uint8Array, start: number): number {
  const head = bytes.subarray(start, start + 10);
  if (head.length < 10 || text(head, 3) !== 'ID3') return 0;
  const [a = 0, b = 0, c = 0, d = 0] = head.subarray(6);
  if ((a | b | c | d) & 0x80) return 0;
  const hasFooter = ((head[5] ?? 0) & 0x10) !== 0;
  return 10 + ((a << 21) | (b << 14) | (c << 7) | d) + (hasFooter ? 10 : 0);
}

function apeBytes(bytes: Uint8Array, start: number): number {
  if (start + 32 > bytes.length || text(bytes.subarray(start), 8) !== 'APETAGEX') return 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, 32);
  const isHeader = (view.getUint32(20, true) & 0x20000000) !== 0;
  return isHeader ? 32 + view.getUint32(12, true) : 0;
}

function isFollowed(bytes: Uint8Array, frame: Mp3Frame): boolean {
  if (frame.end + HEADER_BYTES > bytes.length) return true;
  if (/^(TAG|ID3|APE|LYR)$/.test(text(bytes.subarray(frame.end), 3))) return true;
  return mp3FrameAt(bytes, frame.end)?.sampleRate === frame.sampleRate;
}

function nextSync(bytes: Uint8Array, from: number): number {
  const found = bytes.indexOf(0xff, from);
  return found < 0 ? bytes.length : found;
}

function text(bytes: Uint8Array, length: number): string {
  return String.fromCharCode(...bytes.subarray(0, length));
}
