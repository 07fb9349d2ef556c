import { untilAborted } from '../util/abort.ts';
import { Channel } from '../util/channel.ts';
import { LinkedAbort } from '../util/linked-abort.ts';
import type { SynthesisEvent } from './speech-synthesizer.ts';

export interface SpeakPiecesOptions {
  readonly signal: AbortSignal;
  /** Of what `speak` yields, in samples per second. */
  readonly sampleRate: number;
  /** Shortens the pauses between pieces as it shortens the words; 1 is the voice's own pace. */
  readonly speed: number;
  /**
   * Speaks one piece, or a part of a piece that is too long, without silence around it. Rejects at once when
   * `signal` aborts, which it does as well when the reader leaves.
   */
  readonly speak: (text: string, signal: AbortSignal) => AsyncIterable<Int16Array>;
}

/** The most characters given to an engine in one go, which bounds what a cancelled call has still to do. */
const LONGEST_PART = 250;
/** Chunks of a piece, 100 ms each, that may lie ready before its engine is made to wait. */
const CHUNKS_AHEAD = 600;
const CHUNKS_PER_SECOND = 10;
const SENTENCE_PAUSE_MS = 240;
const CLAUSE_PAUSE_MS = 120;

/**
 * The frame of a synthesizer that speaks piece by piece: while one piece is read the next is being spoken, and
 * no more than that. Each piece yields its audio in chunks of at most 100 ms, then its `spoken`; a piece with
 * nothing to pronounce yields `spoken` alone. Pieces are set apart by the pause that their punctuation asks for.
 */
export async function* speakPieces(
  text: AsyncIterable<string>,
  options: SpeakPiecesOptions,
): AsyncGenerator<SynthesisEvent, void, void> {
  const { sampleRate } = options;
  const pieces = new Channel<Piece>(1);
  const ahead = new LinkedAbort(options.signal);
  const speaking = speakAhead(text, pieces, { ...options, signal: ahead.signal });
  let samplesTold = 0;
  try {
    for await (const piece of pieces) {
      for await (const samples of piece.audio) {
        options.signal.throwIfAborted();
        samplesTold += samples.length;
        yield { type: 'audio', chunk: { samples, sampleRate } };
      }
      options.signal.throwIfAborted();
      yield { type: 'spoken', text: piece.text, endMs: (samplesTold / sampleRate) * 1000 };
    }
  } finally {
    ahead.abort();
    await speaking;
  }
}

interface Piece {
  readonly text: string;
  readonly audio: Channel<Int16Array>;
}

/** Never rejects: what goes wrong reaches the reader through the channels. */
async function speakAhead(
  text: AsyncIterable<string>,
  pieces: Channel<Piece>,
  options: SpeakPiecesOptions,
): Promise<void> {
  const { signal } = options;
  let pauseMs = 0;
  try {
    for await (const written of untilAborted(text, signal)) {
      const piece = { text: written, audio: new Channel<Int16Array>(CHUNKS_AHEAD) };
      await pieces.write(piece, signal);
      if (isSayable(piece.text)) {
        await speakPiece(piece, pauseMs, options);
        pauseMs = pauseAfter(piece.text);
      }
      piece.audio.close();
    }
    pieces.close();
  } catch (error) {
    pieces.fail(error);
  }
}

async function speakPiece(piece: Piece, pauseMs: number, options: SpeakPiecesOptions): Promise<void> {
  const { signal, sampleRate, speed, speak } = options;
  const chunkSamples = sampleRate / CHUNKS_PER_SECOND;
  let silence = Math.round((pauseMs / 1000 / speed) * sampleRate);
  try {
    for (const part of partsOf(piece.text)) {
      if (!isSayable(part)) continue;
      for await (const samples of speak(part, signal)) {
        for (; silence > 0; silence -= chunkSamples)
          await piece.audio.write(new Int16Array(Math.min(silence, chunkSamples)), signal);
        for (let start = 0; start < samples.length; start += chunkSamples)
          await piece.audio.write(samples.slice(start, start + chunkSamples), signal);
      }
    }
  } catch (error) {
    piece.audio.fail(error);
    throw error;
  }
}

/** An engine that is given punctuation alone says nothing, or spells it out. */
function isSayable(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

function pauseAfter(text: string): number {
  return /[.!?…。！？؟।:]["'”’»)\]]*\s*$/u.test(text) ? SENTENCE_PAUSE_MS : CLAUSE_PAUSE_MS;
}

/** `text` in parts of at most `LONGEST_PART`, cut at white space where there is some. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  let rest = text.toWellFormed();
  while (rest.length > LONGEST_PART) {
    const space = rest.lastIndexOf(' ', LONGEST_PART);
    const end = space > 0 ? space : LONGEST_PART;
    parts.push(rest.slice(0, end).toWellFormed());
    rest = rest.slice(end);
  }
  return [...parts, rest];
}
