import { SAMPLE_RATE, toInt16 } from './pcm.ts';

/**
 * Reads a sound file in any format that the browser decodes.
 * @returns 24 kHz mono samples
 * @throws {DOMException} `EncodingError` when the browser can not decode it
 */
export async function decodeFile(file: Blob): Promise<Int16Array<ArrayBuffer>> {
  const context = new OfflineAudioContext({ numberOfChannels: 1, length: 1, sampleRate: SAMPLE_RATE });
  const decoded = await context.decodeAudioData(await file.arrayBuffer());
  return toInt16(toMono(decoded));
}

function toMono(decoded: AudioBuffer): Float32Array {
  const mono = decoded.getChannelData(0).slice();
  for (let channel = 1; channel < decoded.numberOfChannels; channel++) {
    const other = decoded.getChannelData(channel);
    for (const [frame, sample] of other.entries()) mono[frame] = (mono[frame] ?? 0) + sample;
  }
  return mono.map((sample) => sample / decoded.numberOfChannels);
}
