import { isWav } from '../wav-header.ts';
import { mp3Frames, skipId3 } from './mp3-frames.ts';

/** What a file holds, by its content. `webm` stands for Matroska too, `mp4` for M4A and QuickTime. */
export type SniffedFormat = 'wav' | 'mp3' | 'flac' | 'ogg' | 'webm' | 'mp4' | 'aac' | 'mpeg-ts';

/** Looks at content alone; undefined when nothing is recognized. */
export function sniffAudio(bytes: Uint8Array): SniffedFormat | undefined {
  if (isWav(bytes)) return 'wav';
  const content = bytes.subarray(skipId3(bytes));
  const head = String.fromCharCode(...content.subarray(0, 8));
  if (head.startsWith('fLaC')) return 'flac';
  if (head.startsWith('OggS')) return 'ogg';
  if (head.startsWith('\x1a\x45\xdf\xa3')) return 'webm';
  if (/^....(ftyp|moov|mdat|moof)/s.test(head)) return 'mp4';
  if (isTransportStream(content)) return 'mpeg-ts';
  if (isAdts(content)) return 'aac';
  return mp3Frames(bytes).next().done ? undefined : 'mp3';
}

/** Sync, layer 0, and a second frame where the first says it ends (ISO 13818-7 6.2). */
function isAdts(bytes: Uint8Array): boolean {
  const length = adtsLength(bytes, 0);
  return length > 0 && (bytes.length <= length || adtsLength(bytes, length) > 0);
}

function adtsLength(bytes: Uint8Array, start: number): number {
  const [sync = 0, kind = 0, , high = 0, middle = 0, low = 0] = bytes.subarray(start, start + 6);
  if (sync !== 0xff || (kind & 0xf6) !== 0xf0) return 0;
  const length = ((high & 3) << 11) | (middle << 3) | (low >> 5);
  return length > 7 ? length : 0;
}

function isTransportStream(bytes: Uint8Array): boolean {
  return bytes.length > 376 && bytes[0] === 0x47 && bytes[188] === 0x47 && bytes[376] === 0x47;
}
