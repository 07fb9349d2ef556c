import { numberOf, type WireEvent } from './wire-event.ts';

/** A moment of the meter: how sure the server is of speech, or how loud the microphone is. */
export interface MeterPoint {
  readonly atMs: number;
  /** 0 to 1. */
  readonly value: number;
  readonly isSpeech: boolean;
}

/** How far back the meter shows. */
export const METER_MS = 6_000;

/** A score that comes later than this was not late: no audio was sent for a while. */
const LATEST_MS = 500;

/** What the voice meter draws; read for each frame, so it changes in place. */
export class ScoreMeter {
  readonly #scores: MeterPoint[] = [];
  readonly #levels: MeterPoint[] = [];
  #threshold: number | undefined;
  /** How long after it was sent a stretch is scored, at the least. */
  #lagMs = Infinity;

  /** The server's scores where it sends them, else levels. */
  get points(): readonly MeterPoint[] {
    return this.hasScores ? this.#scores : this.#levels;
  }

  get hasScores(): boolean {
    return this.#scores.length > 0;
  }

  /** What the server compares the score with, as it said last. */
  get threshold(): number | undefined {
    return this.#threshold;
  }

  addLevel(value: number, atMs: number): void {
    add(this.#levels, { atMs, value, isSpeech: false });
  }

  addScore(event: WireEvent, atMs: number): void {
    const value = numberOf(event, 'score');
    if (value === undefined) return;
    this.#threshold = numberOf(event, 'threshold') ?? this.#threshold;
    const atAudio = this.#toAudioClock(numberOf(event, 'audio_ms'), atMs);
    add(this.#scores, { atMs: atAudio, value, isSpeech: event['is_speech'] === true });
  }

  /** Scores come unevenly, but are of even stretches of audio, which stand still while none is sent. */
  #toAudioClock(audioMs: number | undefined, atMs: number): number {
    if (audioMs === undefined) return atMs;
    const lagMs = atMs - audioMs;
    if (lagMs < this.#lagMs || lagMs > this.#lagMs + LATEST_MS) this.#lagMs = lagMs;
    return audioMs + this.#lagMs;
  }

  clear(): void {
    this.#scores.length = 0;
    this.#levels.length = 0;
    this.#threshold = undefined;
    this.#lagMs = Infinity;
  }
}

function add(points: MeterPoint[], point: MeterPoint): void {
  points.push(point);
  while ((points[0]?.atMs ?? point.atMs) < point.atMs - METER_MS) points.shift();
}
