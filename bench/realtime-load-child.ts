/** Speaks in many sessions at once, each in real time, and watches how soon they are answered. */
import { on, once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { LoadQuestion, OpenSessions, Streamed } from './realtime-load.ts';
import { quantile } from './spread.ts';

const FRAME_MS = 20;
const TICK_MS = 1;
const REQUEST = JSON.stringify({ type: 'response.create' });
/** The type stands at the head of an event, so the audio after it need not be read. */
const HEAD_BYTES = 64;

/** One session that repeats its frames for ever. */
class Speaker {
  readonly delaysMs: number[] = [];
  readonly #socket: WebSocket;
  readonly #appends: readonly string[];
  readonly #askAfter: number;
  #next: number;
  #dueMs: number;
  #hasTurn = false;
  #askedMs: number | undefined;

  constructor(socket: WebSocket, { appends, askAfter, from, dueMs }: SpeakerOptions) {
    this.#socket = socket;
    this.#appends = appends;
    this.#askAfter = askAfter;
    this.#next = from;
    this.#dueMs = dueMs;
    socket.on('message', (data) => {
      // The type of `data` follows the socket's `binaryType`.
      this.#read((data as Buffer).subarray(0, HEAD_BYTES).toString('latin1'));
    });
  }

  /** Sends what is due; returns how late each frame went. */
  *speak(nowMs: number): Generator<number, void, void> {
    for (; this.#dueMs <= nowMs; this.#dueMs += FRAME_MS) {
      yield nowMs - this.#dueMs;
      const append = this.#appends[this.#next];
      if (append !== undefined) this.#socket.send(append);
      if (this.#next === this.#askAfter && this.#hasTurn) this.#ask();
      this.#next = (this.#next + 1) % this.#appends.length;
    }
  }

  /** The delays since the last time; one that still goes on counts for what it has come to. */
  takeDelays(): number[] {
    const waiting = this.#askedMs === undefined ? [] : [performance.now() - this.#askedMs];
    return [...this.delaysMs.splice(0), ...waiting];
  }

  async close(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }

  #ask(): void {
    this.#hasTurn = false;
    this.#askedMs ??= performance.now();
    this.#socket.send(REQUEST);
  }

  #read(head: string): void {
    if (head.startsWith('{"type":"error"')) throw new Error(`A session of the bench was refused: ${head}`);
    if (head.startsWith('{"type":"input_audio_buffer.committed"')) this.#hasTurn = true;
    if (this.#askedMs === undefined || !head.startsWith('{"type":"response.output_audio.delta"')) return;
    this.delaysMs.push(performance.now() - this.#askedMs);
    this.#askedMs = undefined;
  }
}

interface SpeakerOptions {
  readonly appends: readonly string[];
  readonly askAfter: number;
  readonly from: number;
  readonly dueMs: number;
}

let speakers: readonly Speaker[] = [];
const lateness: number[] = [];
const ticking = setInterval(() => {
  const nowMs = performance.now();
  for (const speaker of speakers) lateness.push(...speaker.speak(nowMs));
}, TICK_MS);

const questions = on(process, 'message', { close: ['disconnect'] });
process.send?.('ready');
for await (const [question] of questions) {
  // The two files agree on the shape.
  process.send?.(await answer(JSON.parse(String(question)) as LoadQuestion));
}
clearInterval(ticking);
await closeAll();

async function answer(question: LoadQuestion): Promise<Streamed | string> {
  switch (question.type) {
    case 'open':
      speakers = await open(question);
      return 'open';
    case 'stream':
      return await stream(question.seconds);
    case 'close':
      await closeAll();
      return 'closed';
  }
}

/** Evenly spread over the frames, and within a frame, so that they do not all do the same at once. */
async function open({ sessions, frames, greeting, askAfter, ...where }: OpenSessions): Promise<Speaker[]> {
  const sockets: WebSocket[] = [];
  for (let index = 0; index < sessions; index += 1) sockets.push(await connect(where, greeting));
  const appends = frames.map((audio) => JSON.stringify({ type: 'input_audio_buffer.append', audio }));
  const startMs = performance.now();
  return sockets.map((socket, index) => {
    const share = index / sessions;
    const from = Math.floor(share * appends.length);
    return new Speaker(socket, { appends, askAfter, from, dueMs: startMs + ((index * 7) % FRAME_MS) });
  });
}

async function connect(
  { url, headers }: Pick<OpenSessions, 'url' | 'headers'>,
  greeting: object,
): Promise<WebSocket> {
  const socket = new WebSocket(url, { headers, perMessageDeflate: false, skipUTF8Validation: true });
  await once(socket, 'open');
  socket.send(JSON.stringify(greeting));
  return socket;
}

async function stream(seconds: number): Promise<Streamed> {
  for (const speaker of speakers) speaker.takeDelays();
  lateness.length = 0;
  await setTimeout(seconds * 1000);
  return {
    delaysMs: speakers.flatMap((speaker) => speaker.takeDelays()),
    lateMs: quantile(lateness, 0.99),
  };
}

async function closeAll(): Promise<void> {
  const leaving = speakers;
  speakers = [];
  await Promise.all(leaving.map((speaker) => speaker.close()));
}
