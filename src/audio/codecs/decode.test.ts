import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { AudioFormatError } from '../audio-format-error.ts';
import type { AudioChunk } from '../chunk.ts';
import { resampleChunk } from '../resample.ts';
import { collectAudio, correlation, inChunks, testSpeech } from '../test-speech.ts';
import { wavHeader } from '../wav-writer.ts';
import { type DecodeOptions, decodeAudio } from './decode.ts';
import { encodeAudioFile } from './encode.ts';

const recordings = resolve(import.meta.dirname, '../../../../shared/audio');
const hasRecordings = existsSync(recordings);
if (!hasRecordings) console.warn('the recordings are not here: files of other encoders were not decoded');
const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
if (!hasFfmpeg) console.warn('ffmpeg is not installed: its files, AAC and Vorbis were not decoded');

const speech = testSpeech(2, 24000);
const mp3 = await encodeAudioFile(inChunks(speech, 24000), 'mp3');
const flac = await encodeAudioFile(inChunks(speech, 24000), 'flac');
const opus = await encodeAudioFile(inChunks(speech, 24000), 'opus');
const aac = await encodeAudioFile(inChunks(speech, 24000), 'aac');
const wav = await encodeAudioFile(inChunks(speech, 24000), 'wav');

afterEach(() => {
  vi.unstubAllEnvs();
});

async function decoded(bytes: Uint8Array, options: Partial<DecodeOptions> = {}): Promise<AudioChunk> {
  return await collectAudio(decodeAudio(bytes, { maxSeconds: 60, ...options }));
}

async function errorOf(bytes: Uint8Array, options: Partial<DecodeOptions> = {}): Promise<AudioFormatError> {
  try {
    await decoded(bytes, options);
  } catch (error) {
    if (error instanceof AudioFormatError) return error;
    throw error;
  }
  throw new Error('The file was decoded.');
}

function byFfmpeg(...argv: readonly string[]): Buffer {
  const read = ['-v', 'error', '-f', 's16le', '-ar', '24000', '-ac', '1', '-i', 'pipe:0'];
  const { stdout, status } = spawnSync('ffmpeg', [...read, ...argv, 'pipe:1'], {
    input: Buffer.from(speech.buffer),
  });
  expect(status).toBe(0);
  return stdout;
}

test.each([
  ['wav', wav],
  ['mp3', mp3],
  ['flac', flac],
  ['ogg', opus],
] as const)('a file is taken for %s by its content, whether it is named so or not', async (format, file) => {
  const named = await decoded(file, { format });
  expect(named.samples.length / named.sampleRate).toBe(2);
  expect(await decoded(file)).toEqual(named);
});

test.each([
  ['wav', mp3, 'not of valid wav format: it holds mp3'],
  ['mp3', wav, 'not of valid mp3 format: it holds wav'],
  ['mp3', flac, 'not of valid mp3 format: it holds flac'],
  ['mp3', aac, 'not of valid mp3 format: it holds aac'],
  ['wav', Buffer.from('<html>not found</html>'), 'not of valid wav format.'],
  ['mp3', Buffer.alloc(5000, 'no audio '), 'not of valid mp3 format.'],
] as const)('content that is not %s is an error when it is named so', async (format, file, message) => {
  const error = await errorOf(file, { format });
  expect([error.kind, error.format]).toEqual(['invalid', format]);
  expect(error.message).toContain(message);
});

test('content of no known format says what to send', async () => {
  const error = await errorOf(Buffer.from('hello there'));
  expect(error.kind).toBe('invalid');
  expect(error.message).toContain('Send wav, mp3');
});

test('a file without sound is empty', async () => {
  expect((await errorOf(new Uint8Array(0), { format: 'wav' })).kind).toBe('empty');
  expect((await errorOf(wavHeader(24000, 0), { format: 'wav' })).kind).toBe('empty');
});

test('audio that goes on for too long is refused once it has', async () => {
  for (const file of [wav, mp3, flac, opus]) {
    expect((await errorOf(file, { maxSeconds: 1.9 })).kind).toBe('too-long');
    await expect(decoded(file, { maxSeconds: 2 })).resolves.toBeDefined();
  }
});

test('silence at the end of a flac file is part of it', async () => {
  const silence = await encodeAudioFile(inChunks(new Int16Array(24000), 24000), 'flac');
  expect((await decoded(silence)).samples.length).toBe(24000);
});

describe('mp3', () => {
  const tag = Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\x02\0', 'latin1'), Buffer.alloc(256, 0xff)]);
  const apeHeader = Buffer.concat([Buffer.from('APETAGEX'), Buffer.alloc(24)]);
  apeHeader.writeUInt32LE(2000, 8);
  apeHeader.writeUInt32LE(32, 12);
  apeHeader.writeUInt32LE(0xa0000000, 20);
  const ape = Buffer.concat([apeHeader, Buffer.alloc(32, 'x')]);
  const id3v1 = Buffer.concat([Buffer.from('TAG'), Buffer.alloc(125, 0xff)]);

  test('tags around the frames are not audio', async () => {
    const plain = await decoded(mp3);
    expect(plain.samples.length).toBe(48000);
    expect(correlation(plain.samples, speech)).toBeGreaterThan(0.999);
    for (const before of [tag, ape, Buffer.concat([tag, tag]), Buffer.concat([tag, ape])])
      for (const after of [id3v1, ape, Buffer.concat([ape, id3v1])])
        expect(await decoded(Buffer.concat([before, mp3, after]), { format: 'mp3' })).toEqual(plain);
  });

  test('up to 64 KiB of junk may stand before the first frame', async () => {
    const junk = Buffer.alloc(60_000, 'junk\xff\xfb');
    expect((await decoded(Buffer.concat([junk, mp3]), { format: 'mp3' })).samples.length).toBe(48000);
    const error = await errorOf(Buffer.concat([junk, junk, mp3]), { format: 'mp3' });
    expect(error.message).toContain('not of valid mp3 format');
  });

  test('a cut file is decoded as far as it goes', async () => {
    const half = await decoded(mp3.subarray(0, mp3.length / 2), { format: 'mp3' });
    expect(half.samples.length / 24000).toBeGreaterThan(0.9);
    expect(correlation(half.samples.subarray(0, 20000), speech.subarray(0, 20000))).toBeGreaterThan(0.999);
  });

  test('a hole in the middle costs what was in it', async () => {
    const holed = Buffer.concat([mp3.subarray(0, 9000), mp3.subarray(11000)]);
    const seconds = (await decoded(holed)).samples.length / 24000;
    expect(seconds).toBeGreaterThan(1.7);
    expect(seconds).toBeLessThan(1.9);
  });
});

describe('what unpacks to far more than it is stops at the limit', () => {
  test('mp3 of silence at 8 kbit/s', async () => {
    const frame = Buffer.alloc(72);
    frame.set([0xff, 0xe3, 0x18, 0xc0]);
    const hours = Buffer.concat(Array.from({ length: 100_000 }, () => frame));
    let seconds = 0;
    const decoding = async (): Promise<void> => {
      for await (const { samples } of decodeAudio(hours, { maxSeconds: 10 }))
        seconds += samples.length / 8000;
    };
    await expect(decoding()).rejects.toMatchObject({ kind: 'too-long' });
    expect(seconds).toBeGreaterThan(8);
    expect(seconds).toBeLessThanOrEqual(10);
  });

  test('flac of silence', async () => {
    const silence = await encodeAudioFile(inChunks(new Int16Array(24000 * 120), 24000, 24000), 'flac');
    expect(silence.length).toBeLessThan(30_000);
    expect((await errorOf(silence, { maxSeconds: 10 })).kind).toBe('too-long');
  });
});

describe.runIf(hasRecordings)('the same recording from other encoders', () => {
  test.each(['flac', 'mp3'] as const)('in %s is what it is in wav', async (format) => {
    const read = async (extension: 'wav' | 'flac' | 'mp3'): Promise<AudioChunk> => {
      const file = readFileSync(join(recordings, `arc-easy-q237.${extension}`));
      return await resampleChunk(await decoded(file, { format: extension }), 16000);
    };
    const expected = await read('wav');
    const heard = await read(format);
    expect(expected.samples.length).toBe(155648);
    expect(Math.abs(heard.samples.length - 155648)).toBeLessThanOrEqual(160);
    expect(correlation(heard.samples, expected.samples)).toBeGreaterThan(0.97);
  });

  test.runIf(hasFfmpeg)('in Ogg Vorbis is what it is in wav', async () => {
    const expected = await decoded(readFileSync(join(recordings, 'arc-easy-q237.wav')));
    const heard = await decoded(readFileSync(join(recordings, 'arc-easy-q237.ogg')), { format: 'ogg' });
    expect([heard.sampleRate, heard.samples.length]).toEqual([22500, 218880]);
    expect(correlation(heard.samples, expected.samples)).toBeGreaterThan(0.97);
  });
});

describe.runIf(hasFfmpeg)('files that ffmpeg made', () => {
  test.each([8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000])('mp3 at %i Hz', async (rate) => {
    for (const channels of [
      ['-ac', '1'],
      ['-ac', '2', '-q:a', '4'],
      ['-ac', '2', '-joint_stereo', '0'],
    ]) {
      const file = byFfmpeg('-ar', String(rate), ...channels, '-f', 'mp3');
      const heard = await decoded(file, { format: 'mp3' });
      expect(heard.sampleRate).toBe(rate);
      // Without seeking, ffmpeg can not go back to write how much is padding.
      expect(Math.abs(heard.samples.length / rate - 2)).toBeLessThan(0.2);
    }
  });

  test.each([
    ['webm', ['-c:a', 'libopus', '-b:a', '48k', '-f', 'webm'], 0.9],
    ['webm', ['-c:a', 'libvorbis', '-f', 'webm'], 0.98],
    ['ogg', ['-c:a', 'libopus', '-ac', '2', '-b:a', '48k', '-f', 'ogg'], 0.9],
    ['m4a', ['-c:a', 'aac', '-f', 'mp4', '-movflags', 'frag_keyframe+empty_moov'], 0.98],
    ['mp4', ['-c:a', 'libmp3lame', '-f', 'mp4', '-movflags', 'frag_keyframe+empty_moov'], 0.98],
    ['flac', ['-ac', '2', '-sample_fmt', 's32', '-f', 'flac'], 0.9999],
    ['wav', ['-c:a', 'pcm_f32le', '-f', 'wav'], 0.9999],
    ['wav', ['-c:a', 'pcm_mulaw', '-f', 'wav'], 0.999],
  ] as const)('%s by %j', async (format, argv, likeness) => {
    const heard = await resampleChunk(await decoded(byFfmpeg(...argv), { format }), 24000);
    // Written without seeking, the MP4 can not say how much of its last MP3 frames is padding.
    expect(Math.abs(heard.samples.length - 48000) / 24000).toBeLessThan(format === 'mp4' ? 0.07 : 0.05);
    expect(bestLikeness(heard.samples)).toBeGreaterThan(likeness);
  });
});

test.runIf(hasFfmpeg)('AAC that goes on for too long is refused, in a container or by itself', async () => {
  const m4a = byFfmpeg('-c:a', 'aac', '-f', 'mp4', '-movflags', 'frag_keyframe+empty_moov');
  expect((await errorOf(m4a, { maxSeconds: 1 })).kind).toBe('too-long');
  expect((await errorOf(aac, { maxSeconds: 1 })).kind).toBe('too-long');
});

/** At a shift of up to 50 ms either way. */
function bestLikeness(heard: Int16Array): number {
  let best = 0;
  for (let shift = -1200; shift <= 1200; shift += 1) {
    const [one, other] = [heard.subarray(Math.max(0, shift)), speech.subarray(Math.max(0, -shift))];
    best = Math.max(best, correlation(one.subarray(0, 8000), other.subarray(0, 8000)));
  }
  return best;
}

test('without ffmpeg, AAC is refused and the message says what would help', async () => {
  vi.stubEnv('PATH', '/nowhere');
  const error = await errorOf(aac, { format: 'm4a' });
  expect([error.kind, error.format]).toEqual(['unsupported', 'aac']);
  expect(error.message).toContain('AAC is read by ffmpeg, which is not installed on the server');
});
