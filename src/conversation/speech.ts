import { type AudioChunk, durationMs } from '../audio/chunk.ts';
import { resample } from '../audio/resample.ts';
import type { SpeechSynthesizer, SynthesisEvent } from '../engine/speech-synthesizer.ts';
import { untilAborted } from '../util/abort.ts';
import { Channel } from '../util/channel.ts';
import { LinkedAbort } from '../util/linked-abort.ts';
import type { ResponseEvent } from './responder.ts';
import { sentences } from './sentences.ts';
import { createSpeechCleaner } from './speakable.ts';

/** Both APIs speak mono 16-bit PCM at 24 kHz. */
export const SPEECH_SAMPLE_RATE = 24_000;

/** Text deltas the model may write ahead of the voice: text that nobody hears is work thrown away. */
const TEXT_AHEAD = 64;
/** Events a reply may run ahead of its reader. */
const EVENTS_AHEAD = 8;

export interface SpeechJob {
  readonly itemId: string;
  readonly synthesizer: SpeechSynthesizer;
  readonly voice: string;
  readonly speed: number;
  readonly onNotice?: ((notice: string) => void) | undefined;
}

type SpeechEvent = Extract<ResponseEvent, { type: 'transcript-delta' | 'audio-delta' | 'spoken' }>;

/**
 * Says `text` while it is still being written: each delta is told as transcript at once, and its audio, at
 * 24 kHz, follows. Reading slowly slows the voice, and the voice the writer of the text.
 */
export async function* speak(
  text: AsyncIterable<string>,
  job: SpeechJob,
  signal: AbortSignal,
): AsyncGenerator<SpeechEvent, void, void> {
  const outbox = new Channel<SpeechEvent>(EVENTS_AHEAD);
  const written = new Channel<string>(TEXT_AHEAD);
  const saying = new LinkedAbort(signal);
  const writing = relay(text, { written, outbox, job }, saying.signal).catch((error: unknown) =>
    written.fail(error),
  );
  const speaking = voice(written, { outbox, job }, saying.signal).then(
    () => outbox.close(),
    (error: unknown) => outbox.fail(error),
  );
  try {
    yield* outbox;
  } finally {
    saying.abort();
    written.close();
    await Promise.all([writing, speaking]);
  }
}

interface Outlet {
  readonly outbox: Channel<SpeechEvent>;
  readonly job: SpeechJob;
}

async function relay(
  text: AsyncIterable<string>,
  { written, outbox, job }: Outlet & { readonly written: Channel<string> },
  signal: AbortSignal,
): Promise<void> {
  for await (const delta of untilAborted(text, signal)) {
    await outbox.write({ type: 'transcript-delta', itemId: job.itemId, delta }, signal);
    await written.write(delta, signal);
  }
  written.close();
}

async function voice(
  written: AsyncIterable<string>,
  { outbox, job }: Outlet,
  signal: AbortSignal,
): Promise<void> {
  const { itemId, synthesizer, speed, onNotice } = job;
  const script = new Script();
  const marks: { readonly text: string; readonly endMs: number }[] = [];
  const options = { signal, voice: job.voice, speed, onNotice };
  const events = synthesizer.synthesize(script.pieces(written), options);
  let toldMs = 0;
  for await (const chunk of resample(
    audioOf(events, (endMs) => marks.push({ text: script.spoken(), endMs })),
    SPEECH_SAMPLE_RATE,
  )) {
    await outbox.write({ type: 'audio-delta', itemId, chunk }, signal);
    toldMs += durationMs(chunk);
    while (marks[0] && marks[0].endMs <= toldMs) await tellMark();
  }
  while (marks[0]) await tellMark();

  async function tellMark(): Promise<void> {
    const mark = marks.shift();
    if (mark) await outbox.write({ type: 'spoken', itemId, ...mark }, signal);
  }
}

async function* audioOf(
  events: AsyncIterable<SynthesisEvent>,
  onSpoken: (endMs: number) => void,
): AsyncGenerator<AudioChunk> {
  for await (const event of events) {
    if (event.type === 'audio') yield event.chunk;
    else onSpoken(event.endMs);
  }
}

/** Keeps, for each piece as it is pronounced, the text as it was written. */
class Script {
  readonly #pending: string[] = [];
  #unspoken = '';

  async *pieces(written: AsyncIterable<string>): AsyncGenerator<string, void, void> {
    const cleaner = createSpeechCleaner();
    for await (const sentence of sentences(written)) {
      this.#unspoken += sentence;
      const piece = cleaner.clean(sentence);
      if (piece === '') continue;
      this.#pending.push(this.#unspoken);
      this.#unspoken = '';
      yield piece;
    }
  }

  /** The written text of the piece that has just been spoken. */
  spoken(): string {
    return this.#pending.shift() ?? '';
  }
}
