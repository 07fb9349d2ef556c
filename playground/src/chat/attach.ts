import { readBase64 } from '../audio/base64.ts';
import { decodeFile } from '../audio/decode-file.ts';
import { wavBlob } from './answer.ts';
import { freeName } from './free-name.ts';
import type { Clip } from './request-message.ts';

/**
 * Makes a clip of a sound file: wav and mp3 as they are, anything else that the browser decodes as wav.
 * @throws {DOMException} `EncodingError` when the browser can not decode it
 */
export async function toClip(file: File, taken: readonly string[]): Promise<Clip> {
  const format = await formatOf(file);
  const audio = format ? file : wavBlob(await decodeFile(file));
  return await clipOf(audio, { name: file.name, format: format ?? 'wav', taken });
}

/** 24 kHz mono samples, as they were recorded. */
export async function toRecordedClip(samples: Int16Array, taken: readonly string[]): Promise<Clip> {
  return await clipOf(wavBlob(samples), { name: 'recording', format: 'wav', taken });
}

interface ClipOptions {
  readonly name: string;
  readonly format: Clip['format'];
  readonly taken: readonly string[];
}

async function clipOf(audio: Blob, { name, format, taken }: ClipOptions): Promise<Clip> {
  const file = new Blob([audio], { type: format === 'wav' ? 'audio/wav' : 'audio/mpeg' });
  return { name: freeName(name, format, taken), format, file, data: await readBase64(file) };
}

/** By what is in it, as names and types are often wrong: RIFF/WAVE, an ID3 tag, or the sync word of MPEG layer III. */
async function formatOf(file: Blob): Promise<Clip['format'] | undefined> {
  const head = new Uint8Array(await file.slice(0, 12).arrayBuffer());
  const text = String.fromCharCode(...head);
  if (text.startsWith('RIFF') && text.endsWith('WAVE')) return 'wav';
  const [first = 0, second = 0] = head;
  const isLayer3 = first === 0xff && (second & 0xe6) === 0xe2;
  return text.startsWith('ID3') || isLayer3 ? 'mp3' : undefined;
}
