import { expect, test } from 'vitest';
import { AudioFormatError } from './audio-format-error.ts';
import type { AudioChunk } from './chunk.ts';
import { collectAudio } from './test-speech.ts';
import { readWav, readWavStream } from './wav-reader.ts';
import { wavHeader } from './wav-writer.ts';

interface Layout {
  readonly tag?: number;
  readonly channels?: number;
  readonly sampleRate?: number;
  readonly bits: number;
  readonly frameBytes?: number;
  readonly id?: string;
  readonly riffBytes?: number;
  readonly dataBytes?: number;
  readonly before?: Buffer;
  readonly after?: Buffer;
  readonly format?: Buffer;
}

/** A file with exactly this header around `data`. */
function wav(data: Buffer, layout: Layout): Buffer {
  const { tag = 1, channels = 1, sampleRate = 16000, bits, id = 'RIFF', format = Buffer.alloc(0) } = layout;
  const frameBytes = layout.frameBytes ?? Math.ceil(bits / 8) * channels;
  const isBig = id === 'RIFX';
  const numbers = (values: readonly (readonly [bytes: number, value: number])[]): Buffer =>
    Buffer.concat(
      values.map(([bytes, value]) => {
        const buffer = Buffer.alloc(bytes);
        if (isBig) buffer.writeUIntBE(value, 0, bytes);
        else buffer.writeUIntLE(value, 0, bytes);
        return buffer;
      }),
    );
  const fmt = [
    Buffer.from('fmt '),
    numbers([
      [4, 16 + format.length],
      [2, tag],
      [2, channels],
      [4, sampleRate],
    ]),
    numbers([
      [4, sampleRate * frameBytes],
      [2, frameBytes],
      [2, bits],
    ]),
    format,
  ];
  const tail = [Buffer.from('data'), numbers([[4, layout.dataBytes ?? data.length]]), data];
  const body = Buffer.concat([
    Buffer.from('WAVE'),
    layout.before ?? Buffer.alloc(0),
    ...fmt,
    ...tail,
    layout.after ?? Buffer.alloc(0),
  ]);
  return Buffer.concat([Buffer.from(id), numbers([[4, layout.riffBytes ?? body.length]]), body]);
}

function chunk(id: string, content: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(content.length);
  return Buffer.concat([Buffer.from(id), size, content, Buffer.alloc(content.length % 2)]);
}

function samplesOf(file: Uint8Array): number[] {
  return [...readWav(file)].flatMap((part) => [...part.samples]);
}

function errorOf(read: () => unknown): AudioFormatError {
  try {
    read();
  } catch (error) {
    if (error instanceof AudioFormatError) return error;
    throw error;
  }
  throw new Error('The file was read.');
}

const pcm16 = Buffer.from([1, 0, 0xff, 0xff, 0xff, 0x7f, 0x00, 0x80]);

test.each([
  ['8 unsigned bits', [0, 128, 255, 129], { bits: 8 }, [-32768, 0, 32512, 256]],
  ['16 bits', [1, 0, 0xff, 0xff, 0xff, 0x7f, 0, 0x80], { bits: 16 }, [1, -1, 32767, -32768]],
  ['24 bits', [0, 1, 0, 0x80, 0xff, 0xff, 0xff, 0xff, 0x7f, 0, 0, 0x80], { bits: 24 }, [1, 0, 32767, -32768]],
  ['20 bits in 24', [0x00, 0x34, 0x12, 0xf0, 0xff, 0x7f], { bits: 20 }, [0x1234, 32767]],
  ['32 bits', [0, 0, 1, 0, 0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0x80], { bits: 32 }, [1, 32767, -32768]],
  ['20 bits in 32', [0, 0, 0x34, 0x12], { bits: 20, frameBytes: 4 }, [0x1234]],
  ['12 bits in 16', [0x30, 0x12], { bits: 12 }, [0x1230]],
  ['µ-law', [0x00, 0x80, 0xff], { bits: 8, tag: 7 }, [-32124, 32124, 0]],
  ['A-law', [0x2a, 0xaa, 0xd5], { bits: 8, tag: 6 }, [-32256, 32256, 8]],
])('%s are read', (_name, data, layout, samples) => {
  expect(samplesOf(wav(Buffer.from(data), layout))).toEqual(samples);
});

test('floats are read, clipped at full scale, and what is no number is silence', () => {
  const values = [0.5, -1, 1, 7, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN];
  const heard = [16384, -32768, 32767, 32767, -32768, 32767, 0];
  const four = Buffer.from(Float32Array.from(values).buffer);
  const eight = Buffer.from(Float64Array.from(values).buffer);
  expect(samplesOf(wav(four, { bits: 32, tag: 3 }))).toEqual(heard);
  expect(samplesOf(wav(eight, { bits: 64, tag: 3 }))).toEqual(heard);
});

test('channels are mixed to their mean without overflow', () => {
  const loud = Buffer.from(Int16Array.of(32767, 32767, -32768, -32768, 100, -100, 10, 21).buffer);
  expect(samplesOf(wav(loud, { bits: 16, channels: 2 }))).toEqual([32767, -32768, 0, 16]);
  const six = Buffer.from(Int16Array.of(6, 12, 18, 24, 30, 36).buffer);
  expect(samplesOf(wav(six, { bits: 16, channels: 6 }))).toEqual([21]);
  const infinite = Buffer.from(Float32Array.of(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY).buffer);
  expect(samplesOf(wav(infinite, { bits: 32, tag: 3, channels: 2 }))).toEqual([0]);
});

test('WAVE_FORMAT_EXTENSIBLE is read by its sub-format', () => {
  const extension = (tag: number): Buffer =>
    Buffer.from([
      22,
      0,
      16,
      0,
      4,
      0,
      0,
      0,
      tag,
      0,
      0,
      0,
      0,
      0,
      0x10,
      0,
      0x80,
      0,
      0,
      0xaa,
      0,
      0x38,
      0x9b,
      0x71,
    ]);
  const file = wav(pcm16, { tag: 0xfffe, bits: 16, format: extension(1) });
  expect(samplesOf(file)).toEqual([1, -1, 32767, -32768]);
  const adpcm = wav(pcm16, { tag: 0xfffe, bits: 16, format: extension(17) });
  expect(errorOf(() => samplesOf(adpcm)).message).toContain('IMA ADPCM');
});

test('chunks around the samples are passed over, odd ones with their padding', () => {
  const before = Buffer.concat([chunk('LIST', Buffer.from('INFOodd')), chunk('bext', Buffer.alloc(604))]);
  const file = wav(pcm16, { bits: 16, before, after: chunk('LIST', Buffer.from('INFO')) });
  expect(samplesOf(file)).toEqual([1, -1, 32767, -32768]);
});

test.each([
  [0, 0],
  [36, 0],
  [0xffffffff, 0xffffffff],
  [0x7fffffff + 36, 0],
  [0x7ffff024, 0x7ffff000],
  [9999, 9999],
])('a header that was never finished (%i, %i) is read to the end of the file', (riffBytes, dataBytes) => {
  expect(samplesOf(wav(pcm16, { bits: 16, riffBytes, dataBytes }))).toEqual([1, -1, 32767, -32768]);
});

test('a finished header without samples has none, whatever follows', () => {
  const file = wav(Buffer.alloc(0), { bits: 16, after: chunk('LIST', Buffer.from('INFOsome')) });
  expect(samplesOf(file)).toEqual([]);
});

test('RIFX is read high byte first', () => {
  const data = Buffer.from([0, 1, 0x7f, 0xff]);
  expect(samplesOf(wav(data, { bits: 16, id: 'RIFX' }))).toEqual([1, 32767]);
  expect(samplesOf(wav(Buffer.from([0x12, 0x34, 0]), { bits: 24, id: 'RIFX' }))).toEqual([0x1234]);
});

test('RF64 is read to the length in its ds64 chunk', () => {
  const ds64 = Buffer.alloc(28);
  ds64.writeBigUInt64LE(4n, 8);
  const before = chunk('ds64', ds64);
  const file = wav(pcm16, { bits: 16, id: 'RF64', riffBytes: 0xffffffff, dataBytes: 0xffffffff, before });
  expect(samplesOf(file)).toEqual([1, -1]);
});

test('a truncated file is read to its last whole frame', () => {
  const stereo = wav(pcm16, { bits: 16, channels: 2, dataBytes: 400 });
  expect(samplesOf(stereo.subarray(0, -1))).toEqual([0]);
});

test.each([
  ['IMA ADPCM', { tag: 17, bits: 4, frameBytes: 256 }],
  ['GSM 6.10', { tag: 49, bits: 0, frameBytes: 65 }],
  ['MP3', { tag: 85, bits: 0, frameBytes: 1 }],
  ['0x1234', { tag: 0x1234, bits: 16 }],
  ['12 bits of float', { tag: 3, bits: 12 }],
])('%s in a WAV file is refused by name', (name, layout) => {
  const error = errorOf(() => samplesOf(wav(pcm16, layout)));
  expect(error.kind).toBe('unsupported');
  expect(error.message).toContain(name);
});

test.each([
  ['text', Buffer.from('this is not audio at all')],
  ['an empty file', Buffer.alloc(0)],
  ['a header that ends early', wav(pcm16, { bits: 16 }).subarray(0, 30)],
  ['no channels', wav(pcm16, { bits: 16, channels: 0 })],
  ['no rate', wav(pcm16, { bits: 16, sampleRate: 0 })],
  ['samples without a format', Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVE'), chunk('data', pcm16)])],
])('%s is not of valid wav format', (_name, file) => {
  const error = errorOf(() => samplesOf(file));
  expect(error.kind).toBe('invalid');
  expect(error.message).toContain('not of valid wav format');
});

test('a stream in pieces of any size gives what the whole file gives', async () => {
  const data = Buffer.from(Int16Array.from({ length: 40000 }, (_, index) => index * 7).buffer);
  const file = wav(data, { bits: 16, channels: 2, before: chunk('LIST', Buffer.alloc(99)) });
  for (const size of [1, 7, 1000, 65537]) {
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (let start = 0; start < file.length; start += size) yield file.subarray(start, start + size);
    }
    const streamed = await collectAudio(readWavStream(pieces()));
    expect([...streamed.samples]).toEqual(samplesOf(file));
  }
});

test('a stream whose samples never begin is given up', async () => {
  async function* endless(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('RIFF\xff\xff\xff\xffWAVELIST\xff\xff\xff\x7f', 'latin1');
    for (;;) yield Buffer.alloc(65536);
  }
  await expect(collectAudio(readWavStream(endless()))).rejects.toThrow('not of valid wav format');
});

test('chunks are short and say the rate of the file', () => {
  const file = wav(Buffer.alloc(100_000), { bits: 16, sampleRate: 22500 });
  const chunks: AudioChunk[] = [...readWav(file)];
  expect(chunks.map((part) => part.sampleRate)).toEqual([22500, 22500, 22500, 22500]);
  expect(Math.max(...chunks.map((part) => part.samples.length))).toBeLessThanOrEqual(16384);
});

test('the header we write is the canonical one, and open at the end when the length is not known', () => {
  expect(Buffer.from(wavHeader(24000, 1000)).toString('hex')).toBe(
    '52494646f4070000' +
      '57415645' +
      '666d742010000000' +
      '01000100c05d000080bb000002001000' +
      '64617461d0070000',
  );
  const open = wavHeader(24000);
  expect(samplesOf(Buffer.concat([open, pcm16]))).toEqual([1, -1, 32767, -32768]);
});
