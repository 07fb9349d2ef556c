import { SAMPLE_RATE, toFloat32, toInt16 } from './pcm.ts';
import { PlaybackQueue, type PlayedStretch } from './playback-queue.ts';
import type { PlayerCommand, PlayerReport } from './player-messages.ts';

/** What was played is told in stretches of at least 50 ms, so that the page is not woken for each frame. */
const REPORT_SAMPLES = SAMPLE_RATE / 20;

/** Plays what is posted to it, and posts what of it was played. */
class PlaybackProcessor extends AudioWorkletProcessor {
  readonly #queue = new PlaybackQueue();
  #stops: number[] = [];
  #untold: PlayedStretch[] = [];
  #untoldSamples = 0;
  #untoldFrame = 0;
  #current: string | undefined;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<PlayerCommand>) => {
      if (data.type === 'append') this.#queue.append(data.itemId, toFloat32(data.samples));
      else this.#stops.push(data.stopId);
    };
  }

  process(_inputs: unknown, [output]: readonly (readonly Float32Array[])[]): boolean {
    const speaker = output?.[0];
    if (!speaker) return true;
    if (this.#stops.length > 0) this.#stop(speaker);
    else this.#play(speaker);
    return true;
  }

  #play(speaker: Float32Array): void {
    if (this.#queue.isEmpty && this.#current === undefined) return;
    this.#note(this.#queue.render(speaker));
    if (this.#queue.isEmpty) {
      this.#tell();
      this.#current = undefined;
      this.#post({ type: 'drained' });
    } else if (this.#untoldSamples >= REPORT_SAMPLES) this.#tell();
  }

  #stop(speaker: Float32Array): void {
    const { played, heard } = this.#queue.renderLast(speaker);
    this.#note(played);
    this.#tell();
    this.#current = undefined;
    for (const stopId of this.#stops) this.#post({ type: 'stopped', stopId, heard });
    this.#stops = [];
  }

  #note(played: readonly PlayedStretch[]): void {
    let frame = currentFrame;
    for (const stretch of played) {
      if (stretch.itemId !== this.#current) {
        this.#tell();
        this.#current = stretch.itemId;
        this.#post({ type: 'started', itemId: stretch.itemId, frame });
      }
      if (this.#untold.length === 0) this.#untoldFrame = frame;
      this.#untold.push(stretch);
      this.#untoldSamples += stretch.samples.length;
      frame += stretch.samples.length;
    }
  }

  #tell(): void {
    const itemId = this.#untold[0]?.itemId;
    if (itemId === undefined) return;
    const samples = toInt16(Float32Array.from(this.#untold.flatMap((stretch) => [...stretch.samples])));
    this.#untold = [];
    this.#untoldSamples = 0;
    this.#post({ type: 'played', itemId, samples, frame: this.#untoldFrame });
  }

  #post(report: PlayerReport): void {
    this.port.postMessage(report);
  }
}

registerProcessor('samtal-playback', PlaybackProcessor);
