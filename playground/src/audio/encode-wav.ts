/**
 * A RIFF/WAVE file of 16-bit PCM, one channel for each array (Microsoft, "Multimedia Programming Interface and
 * Data Specifications 1.0"). Where one channel is shorter it ends in silence.
 */
export function encodeWav(
  channels: Int16Array | readonly Int16Array[],
  sampleRate: number,
): Uint8Array<ArrayBuffer> {
  const all = channels instanceof Int16Array ? [channels] : channels;
  const frames = Math.max(0, ...all.map(({ length }) => length));
  const dataBytes = frames * all.length * 2;
  const view = new DataView(new ArrayBuffer(44 + dataBytes));
  writeHeader(view, { channelCount: all.length, sampleRate, dataBytes });
  for (const [channel, samples] of all.entries()) {
    for (const [frame, sample] of samples.entries()) {
      view.setInt16(44 + (frame * all.length + channel) * 2, sample, true);
    }
  }
  return new Uint8Array(view.buffer);
}

interface Header {
  readonly channelCount: number;
  readonly sampleRate: number;
  readonly dataBytes: number;
}

function writeHeader(view: DataView, { channelCount, sampleRate, dataBytes }: Header): void {
  const frameBytes = channelCount * 2;
  writeTag(view, 0, 'RIFF');
  view.setUint32(4, 36 + dataBytes, true);
  writeTag(view, 8, 'WAVE');
  writeTag(view, 12, 'fmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channelCount, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * frameBytes, true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(34, 16, true);
  writeTag(view, 36, 'data');
  view.setUint32(40, dataBytes, true);
}

function writeTag(view: DataView, at: number, tag: string): void {
  for (let index = 0; index < 4; index++) view.setUint8(at + index, tag.charCodeAt(index));
}
