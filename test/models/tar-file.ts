import { gzipSync } from 'node:zlib';

export interface TarEntry {
  readonly path: string;
  readonly content?: Buffer;
  /** POSIX.1-1988 ustar: '0' a file, '1' a hard link, '2' a symbolic one, '3' and '4' devices, '5' a folder. */
  readonly type?: string;
  readonly target?: string;
  /** As the header has it, where that is not the length of the content. */
  readonly statedBytes?: number;
}

const BLOCK = 512;

/** A tar file as it is written by hand, with whatever is wrong in it. */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(blocksOf), Buffer.alloc(2 * BLOCK)]);
}

export function tarGzipOf(entries: readonly TarEntry[]): Buffer {
  return gzipSync(tarOf(entries));
}

function blocksOf({
  path,
  content = Buffer.alloc(0),
  type = '0',
  target = '',
  statedBytes,
}: TarEntry): Buffer[] {
  const header = Buffer.alloc(BLOCK);
  header.write(path, 0, 100);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${(statedBytes ?? content.length).toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write(type, 156);
  header.write(target, 157, 100);
  header.write('ustar\0', 257);
  header.write('00', 263);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return [header, content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)];
}
