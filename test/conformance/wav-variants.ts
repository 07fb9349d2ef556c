/** How one sample is written: its bytes, and the format tag of the registry of RFC 2361. */
export interface WavSampleForm {
  readonly tag: number;
  readonly bits: number;
  write(view: DataView, offset: number, sample: number): void;
}

/** Every way of writing linear samples that is met in the wild. */
export const LINEAR_FORMS = {
  'unsigned 8-bit PCM': {
    tag: 1,
    bits: 8,
    write: (view, offset, sample) => view.setUint8(offset, (sample >> 8) + 128),
  },
  '16-bit PCM': { tag: 1, bits: 16, write: (view, offset, sample) => view.setInt16(offset, sample, true) },
  '24-bit PCM': {
    tag: 1,
    bits: 24,
    write: (view, offset, sample) => {
      view.setUint8(offset, 0);
      view.setInt16(offset + 1, sample, true);
    },
  },
  '32-bit PCM': {
    tag: 1,
    bits: 32,
    write: (view, offset, sample) => view.setInt32(offset, sample * 65_536, true),
  },
  '32-bit float': {
    tag: 3,
    bits: 32,
    write: (view, offset, sample) => view.setFloat32(offset, sample / 32_768, true),
  },
  '64-bit float': {
    tag: 3,
    bits: 64,
    write: (view, offset, sample) => view.setFloat64(offset, sample / 32_768, true),
  },
} as const satisfies Readonly<Record<string, WavSampleForm>>;

export interface WavOptions {
  readonly sampleRate: number;
  readonly form?: WavSampleForm;
  /** 2 writes the same speech to both. */
  readonly channels?: 1 | 2;
  /** WAVE_FORMAT_EXTENSIBLE, with the tag in its sub-format. */
  readonly isExtensible?: boolean;
  /** What stands in place of the two lengths, as writers leave them that can not go back. */
  readonly unknownLength?: 0 | 0xffffffff;
  /** Chunks before the samples, as recorders leave them. */
  readonly extraChunk?: Uint8Array;
}

/** A WAVE file of `samples`, written by the book and not by the code under test. */
export function writeWav(samples: Int16Array, options: WavOptions): Buffer {
  const { form = LINEAR_FORMS['16-bit PCM'], channels = 1 } = options;
  const sampleBytes = form.bits / 8;
  const data = Buffer.alloc(samples.length * channels * sampleBytes);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (const [index, sample] of samples.entries()) {
    for (let channel = 0; channel < channels; channel += 1)
      form.write(view, (index * channels + channel) * sampleBytes, sample);
  }
  return wavOf(data, { ...options, tag: form.tag, bits: form.bits, channels });
}

interface WavLayout extends Omit<WavOptions, 'form' | 'channels'> {
  readonly tag: number;
  readonly bits: number;
  readonly channels: number;
}

/** A WAVE file around samples that are already written. */
export function wavOf(data: Uint8Array, layout: WavLayout): Buffer {
  const { unknownLength, extraChunk = new Uint8Array() } = layout;
  const chunks = [chunk('fmt ', formatOf(layout)), extraChunk, chunk('data', data, unknownLength)];
  const body = Buffer.concat([Buffer.from('WAVE'), ...chunks]);
  return chunk('RIFF', body, unknownLength);
}

const KSDATAFORMAT_TAIL = Buffer.from('000000001000800000aa00389b71', 'hex');

function formatOf({ tag, bits, channels, sampleRate, isExtensible }: WavLayout): Buffer {
  const format = Buffer.alloc(isExtensible ? 40 : 16);
  const frameBytes = (bits / 8) * channels;
  format.writeUInt16LE(isExtensible ? 0xfffe : tag, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(sampleRate, 4);
  format.writeUInt32LE(sampleRate * frameBytes, 8);
  format.writeUInt16LE(frameBytes, 12);
  format.writeUInt16LE(bits, 14);
  if (!isExtensible) return format;
  format.writeUInt16LE(22, 16);
  format.writeUInt16LE(bits, 18);
  format.writeUInt32LE(channels === 2 ? 3 : 4, 20);
  format.writeUInt16LE(tag, 24);
  KSDATAFORMAT_TAIL.copy(format, 26);
  return format;
}

export function chunk(name: string, content: Uint8Array, length = content.length): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, 'latin1');
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
}
