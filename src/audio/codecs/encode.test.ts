import { spawnSync } from 'node:child_process';
import { describe, expect, test, vi } from 'vitest';
import type { AudioChunk } from '../chunk.ts';
import { fromPcmBytes } from '../pcm-bytes.ts';
import { collectAudio, correlation, inChunks, testSpeech } from '../test-speech.ts';
import { decodeAudio } from './decode.ts';
import { encodeAudio, encodeAudioFile, type OutputFormat } from './encode.ts';

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
if (!hasFfmpeg)
  console.warn('ffmpeg is not installed: it did not decode what we encode, and AAC was not decoded');
const hasSox = spawnSync('sox', ['--version']).status === 0;
if (!hasSox) console.warn('sox is not installed: it did not decode what we encode');

const SECONDS = 3.01;
const speech = testSpeech(SECONDS, 24000);

/** How alike each format keeps speech, at least. */
const LIKENESS = { wav: 1, pcm16: 1, flac: 1, mp3: 0.999, aac: 0.995, opus: 0.89 } as const;

async function streamed(format: OutputFormat, audio = inChunks(speech, 24000)): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(encodeAudio(audio, format)));
}

async function decoded(file: Uint8Array, format: OutputFormat): Promise<AudioChunk> {
  const named = format === 'pcm16' ? 'wav' : format;
  return await collectAudio(decodeAudio(file, { format: named, maxSeconds: 60 }));
}

function at24kHz(program: string, argv: readonly string[], file: Uint8Array): Int16Array {
  const { stdout, stderr, status } = spawnSync(program, argv, { input: file, maxBuffer: 1 << 26 });
  expect(stderr.toString()).toBe('');
  expect(status).toBe(0);
  return fromPcmBytes(stdout);
}

function byFfmpeg(file: Uint8Array): Int16Array {
  const argv = ['-v', 'error', '-i', 'pipe:0', '-ac', '1', '-ar', '24000', '-f', 's16le', 'pipe:1'];
  return at24kHz('ffmpeg', argv, file);
}

describe('read again by our own decoders', () => {
  test.each(['wav', 'mp3', 'flac'] as const)('%s keeps every sample in its place', async (format) => {
    const { samples, sampleRate } = await decoded(
      await encodeAudioFile(inChunks(speech, 24000), format),
      format,
    );
    expect(sampleRate).toBe(24000);
    expect(samples.length).toBe(72240);
    expect(correlation(samples, speech)).toBeGreaterThanOrEqual(LIKENESS[format] - 1e-9);
    if (format !== 'mp3') expect(samples).toEqual(speech);
  });

  test('opus is as long as what was said and keeps its place', async () => {
    const { samples, sampleRate } = await decoded(await streamed('opus'), 'opus');
    expect(sampleRate).toBe(48000);
    expect(samples.length).toBe(144480);
    const everySecond = samples.filter((_, index) => index % 2 === 0);
    expect(correlation(everySecond, speech)).toBeGreaterThan(LIKENESS.opus);
  });

  test.each(['wav', 'mp3', 'flac'] as const)(
    'streamed %s is as long to 50 ms and begins in place',
    async (format) => {
      const { samples } = await decoded(await streamed(format), format);
      expect(Math.abs(samples.length / 24000 - SECONDS)).toBeLessThan(0.05);
      expect(correlation(samples, speech)).toBeGreaterThanOrEqual(LIKENESS[format] - 1e-9);
    },
  );

  test('pcm16 is the samples themselves, low byte first', async () => {
    const bytes = await streamed('pcm16', inChunks(Int16Array.of(1, -2, 0x1234), 24000, 2));
    expect([...bytes]).toEqual([1, 0, 0xfe, 0xff, 0x34, 0x12]);
  });
});

describe.runIf(hasFfmpeg)('read by ffmpeg', () => {
  // A raw AAC stream has no place to tell of the encoder's 1024 samples of run-up.
  test.each([
    ['wav', 0],
    ['mp3', 0],
    ['flac', 0],
    ['opus', 0],
    ['aac', 1024],
  ] as const)('%s is whole and begins %i samples late', async (format, late) => {
    const heard = byFfmpeg(await encodeAudioFile(inChunks(speech, 24000), format));
    expect(heard.length).toBeGreaterThanOrEqual(speech.length);
    expect((heard.length - late - speech.length) / 24000).toBeLessThan(0.05);
    expect(correlation(heard.subarray(late), speech)).toBeGreaterThan(LIKENESS[format] - 0.001);
  });

  // Nor does an Info frame help ffmpeg that does not say how many frames follow: it plays it, as silence.
  test.each([
    ['wav', 0],
    ['mp3', 576],
    ['flac', 0],
    ['opus', 0],
    ['aac', 1024],
  ] as const)('streamed %s is heard as it was said, %i samples late', async (format, late) => {
    const heard = byFfmpeg(await streamed(format));
    expect(heard.length).toBeGreaterThanOrEqual(speech.length);
    expect((heard.length - late - speech.length) / 24000).toBeLessThan(0.05);
    expect(correlation(heard.subarray(late), speech)).toBeGreaterThan(LIKENESS[format] - 0.001);
  });

  test('our decoder takes the AAC back with its help', async () => {
    const { samples } = await decoded(await streamed('aac'), 'aac');
    expect(correlation(samples.subarray(1024), speech)).toBeGreaterThan(LIKENESS.aac);
  });
});

describe.runIf(hasSox)('read by sox', () => {
  test.each(['wav', 'flac'] as const)('%s is sample for sample what was said', async (format) => {
    const file = await encodeAudioFile(inChunks(speech, 24000), format);
    const argv = ['-t', format, '-', '-t', 'raw', '-e', 'signed', '-b', '16', '-'];
    expect(at24kHz('sox', argv, file)).toEqual(speech);
  });
});

test.each(['wav', 'mp3', 'flac', 'opus', 'aac', 'pcm16'] as const)(
  'bytes of %s leave while the audio still comes',
  async (format) => {
    let given = 0;
    async function* counted(): AsyncGenerator<AudioChunk> {
      for await (const chunk of inChunks(testSpeech(2, 24000), 24000)) {
        given += 1;
        yield chunk;
      }
    }
    let bytes = 0;
    for await (const piece of encodeAudio(counted(), format)) {
      bytes += piece.length;
      if (bytes > 1000) break;
    }
    expect(given).toBeLessThan(60);
  },
);

test('audio at other rates comes out at 24 kHz', async () => {
  const slow = testSpeech(1, 16000);
  const { samples, sampleRate } = await decoded(await encodeAudioFile(inChunks(slow, 16000), 'flac'), 'flac');
  expect([samples.length, sampleRate]).toEqual([24000, 24000]);
  expect(correlation(samples, testSpeech(1, 24000))).toBeGreaterThan(0.99);
});

test.each(['mp3', 'flac', 'aac'] as const)('of no audio at all, %s is still a file', async (format) => {
  expect((await encodeAudioFile(inChunks(new Int16Array(0), 24000), format)).length).toBeGreaterThan(20);
});

test.each(['wav', 'mp3', 'flac', 'opus', 'aac'] as const)(
  'leaving %s early lets go of all it held',
  async (format) => {
    let isLetGo = false;
    async function* endless(): AsyncGenerator<AudioChunk> {
      try {
        for (;;) yield { samples: speech, sampleRate: 24000 };
      } finally {
        isLetGo = true;
      }
    }
    const threads = liveThreads();
    let bytes = 0;
    for await (const piece of encodeAudio(endless(), format)) {
      bytes += piece.length;
      if (bytes > 10_000) break;
    }
    expect(isLetGo).toBe(true);
    await vi.waitFor(() => expect(liveThreads()).toBe(threads), 5000);
  },
);

/** Threads that keep this process alive, as the ones of the encoders do. */
function liveThreads(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'MessagePort').length;
}

test('an error of the audio is the error of the encoding', async () => {
  async function* failing(): AsyncGenerator<AudioChunk> {
    yield { samples: speech, sampleRate: 24000 };
    throw new Error('the voice broke');
  }
  for (const format of ['wav', 'mp3', 'flac', 'opus', 'aac', 'pcm16'] as const)
    await expect(streamed(format, failing())).rejects.toThrow('the voice broke');
});
