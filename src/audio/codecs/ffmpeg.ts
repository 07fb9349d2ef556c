import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { EngineInterruption } from '../../util/errors.ts';
import { unlessSilent } from '../../util/unless-silent.ts';
import { AudioFormatError, notValid } from '../audio-format-error.ts';
import type { AudioChunk } from '../chunk.ts';
import { fromPcmBytes } from '../pcm-bytes.ts';

export interface FfmpegInput {
  /** Named in errors. */
  readonly format: string;
  /** The codec in words, for the one who has to do without it. */
  readonly codec: string;
  /** The name of ffmpeg's demuxer; nothing is left for it to guess. */
  readonly demuxer: 'aac' | 'ogg' | 'matroska';
  readonly sampleRate: number;
}

/** ffmpeg decodes hundreds of seconds of speech in one, so this is a process that hangs. */
const SILENCE_MS = 10_000;

type Process = ChildProcessByStdio<Writable, Readable, null>;

/**
 * Decodes with the system's `ffmpeg`, if there is one, what the built-in codecs do not: the bytes go in and
 * come out by pipes, and it may open nothing else.
 * @throws {AudioFormatError} `unsupported` when there is no such program; `invalid` when it gives up;
 *   `EngineInterruption` when it is silent for 10 s.
 */
export async function* decodeWithFfmpeg(
  bytes: Uint8Array,
  input: FfmpegInput,
): AsyncGenerator<AudioChunk, void, void> {
  const child = await start(input);
  try {
    // A program that has read enough closes its end, and what it says with its exit is what counts.
    child.stdin.on('error', () => {});
    child.stdin.end(bytes);
    let odd = new Uint8Array(0);
    for await (const piece of unlessSilent<Buffer>(child.stdout, { silenceMs: SILENCE_MS, toError: hung })) {
      const whole = Buffer.concat([odd, piece]);
      odd = whole.subarray(whole.length - (whole.length % 2));
      if (whole.length > 1) yield { samples: fromPcmBytes(whole), sampleRate: input.sampleRate };
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    if (child.exitCode !== 0) throw notValid(input.format, `its ${input.codec} can not be decoded`);
  } finally {
    child.kill('SIGKILL');
  }
}

function hung(): EngineInterruption {
  return new EngineInterruption('ffmpeg', {
    cause: new Error(`It said nothing for ${SILENCE_MS / 1000} s.`),
  });
}

async function start(input: FfmpegInput): Promise<Process> {
  const read = ['-protocol_whitelist', 'pipe', '-f', input.demuxer, '-i', 'pipe:0'];
  const write = ['-vn', '-ac', '1', '-ar', String(input.sampleRate), '-f', 's16le', 'pipe:1'];
  const child = spawn('ffmpeg', ['-v', 'quiet', '-nostdin', '-threads', '1', ...read, ...write], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: process.env['PATH'] },
  });
  try {
    await once(child, 'spawn');
    return child;
  } catch (cause) {
    const message = `${input.codec} is read by ffmpeg, which is not installed on the server. Send wav, mp3, flac or Opus.`;
    throw new AudioFormatError('unsupported', input.format, message, cause);
  }
}
