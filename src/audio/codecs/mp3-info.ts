import { type Mp3Frame, mp3FrameAt } from './mp3-frames.ts';
import type { Trim } from './trim.ts';

/** The samples that an MP3 decoder puts before the first one it was given (LAME technical FAQ). */
const DECODER_DELAY = 529;
/** And those that LAME puts before them when it encodes. */
const LAME_DELAY = 576;

/**
 * Reads the Xing or Info frame that encoders put first; undefined when this frame is not one. Its LAME part
 * (gabriel.mp3-tech.org, "Mp3 Info Tag rev 1") says how many samples were added in front and behind.
 */
export function readMp3Info(bytes: Uint8Array, frame: Mp3Frame): Trim | undefined {
  const body = bytes.subarray(frame.dataStart, frame.end);
  const id = String.fromCharCode(...body.subarray(0, 4));
  if (id !== 'Xing' && id !== 'Info') return undefined;
  const flags = body[7] ?? 0;
  const lameStart =
    8 + (flags & 1 ? 4 : 0) + (flags & 2 ? 4 : 0) + (flags & 4 ? 100 : 0) + (flags & 8 ? 4 : 0);
  const [a = 0, b = 0, c = 0] = body.subarray(lameStart + 21, lameStart + 24);
  const before = (a << 4) | (b >> 4);
  const behind = ((b & 15) << 8) | c;
  if (body[lameStart] === 0 || before === 0) return { start: 0, end: 0 };
  return { start: before + DECODER_DELAY, end: Math.max(0, behind - DECODER_DELAY) };
}

/** What an Info frame says of the frames that follow it. */
export interface Mp3Contents {
  readonly frames: number;
  readonly bytes: number;
  /** Samples that were encoded. */
  readonly samples: number;
}

/**
 * An Info frame to stand before what LAME made, so that players cut off what LAME added. `first` is the first
 * frame. Without `contents`, for a file whose end is not known, it tells of the start alone.
 */
export function writeMp3Info(first: Uint8Array, contents?: Mp3Contents): Uint8Array {
  const model = mp3FrameAt(first, 0);
  if (!model) throw new Error('The encoder gave something other than an MP3 frame.');
  const info = Buffer.alloc(model.end);
  info.set(first.subarray(0, 4));
  const start = model.dataStart;
  info.write('Info', start, 'latin1');
  if (contents) {
    info.writeUInt32BE(3, start + 4);
    info.writeUInt32BE(contents.frames, start + 8);
    info.writeUInt32BE(contents.bytes + info.length, start + 12);
  }
  const lame = start + (contents ? 16 : 8);
  const added = contents ? contents.frames * model.samples - contents.samples - LAME_DELAY : 0;
  info.write('LAME3.100', lame, 'latin1');
  info.writeUIntBE((LAME_DELAY << 12) | Math.max(0, Math.min(added, 0xfff)), lame + 21, 3);
  return info;
}
