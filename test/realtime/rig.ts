import { setImmediate } from 'node:timers/promises';
import { toPcmBytes } from '../../src/audio/pcm-bytes.ts';
import type { ConversationItem } from '../../src/conversation/item.ts';
import type { Responder } from '../../src/conversation/responder.ts';
import { FakeJobs } from '../../src/engines/fake/fake-behaviour.ts';
import { fakeDetector } from '../../src/engines/fake/fake-detector.ts';
import { fakeRecognizer } from '../../src/engines/fake/fake-recognizer.ts';
import { FAKE_SAMPLE_RATE, fakeSpeech } from '../../src/engines/fake/fake-speech.ts';
import { RealtimeSession, type RealtimeSessionOptions } from '../../src/realtime/session.ts';
import type { SessionCommand } from '../../src/realtime/session-command.ts';
import type { ServerVad, SessionConfig } from '../../src/realtime/session-config.ts';
import type { SessionEvent } from '../../src/realtime/session-event.ts';
import type { Clock } from '../../src/util/clock.ts';
import { OrderingChecker } from './ordering.ts';
import { VirtualClock } from './virtual-clock.ts';

export const SERVER_VAD: ServerVad = {
  type: 'server-vad',
  threshold: 0.5,
  prefixPaddingMs: 300,
  silenceDurationMs: 200,
  idleTimeoutMs: undefined,
  createResponse: true,
  interruptResponse: true,
};

export const CONFIG: SessionConfig = {
  purpose: 'conversation',
  instructions: 'Be brief.',
  modality: 'audio',
  voice: 'fake',
  speed: 1,
  temperature: undefined,
  maxOutputTokens: undefined,
  inputFormat: 'pcm16',
  outputFormat: 'pcm16',
  transcription: undefined,
  noiseReduction: undefined,
  turnDetection: SERVER_VAD,
  tools: [],
  toolChoice: 'auto',
  parallelToolCalls: undefined,
  truncation: 'auto',
  echo: {},
};

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** A command without the id that its client may give it. */
export type BareCommand = DistributiveOmit<SessionCommand, 'eventId'>;

export interface RigOptions extends Partial<Omit<RealtimeSessionOptions, 'config' | 'clock'>> {
  readonly responder: Responder;
  readonly config?: Partial<SessionConfig>;
  readonly clock?: Clock;
  readonly jobs?: FakeJobs;
}

/** A session on fakes and a virtual clock, whose client checks the order of all that it is told. */
export class Rig implements AsyncDisposable {
  readonly session: RealtimeSession;
  /** Stands still unless it is told to go. */
  readonly clock: VirtualClock = new VirtualClock();
  readonly jobs: FakeJobs;
  readonly told: SessionEvent[] = [];
  readonly checker = new OrderingChecker();
  readonly #events: AsyncGenerator<SessionEvent, void, void>;
  #ids = 0;

  constructor({ config, clock, jobs = new FakeJobs(), ...options }: RigOptions) {
    if (clock instanceof VirtualClock) this.clock = clock;
    this.jobs = jobs;
    this.session = new RealtimeSession({
      id: 'sess_1',
      conversationId: 'conv_1',
      model: 'fake',
      recognizer: fakeRecognizer({ clock: this.clock, jobs }),
      detector: fakeDetector({ jobs }),
      newId: (prefix) => `${prefix}${++this.#ids}`,
      expiresAt: 0,
      hasCaptions: false,
      ...options,
      clock: clock ?? this.clock,
      config: { ...CONFIG, ...config },
    });
    this.#events = this.session.events();
    this.session.open();
  }

  /** Reads the next event; `undefined` when the session has ended. */
  async read(): Promise<SessionEvent | undefined> {
    const step = await this.#events.next();
    if (step.done) return undefined;
    this.told.push(step.value);
    this.checker.take(step.value);
    return step.value;
  }

  /** Reads all that the session ever tells. */
  async readAll(): Promise<void> {
    while (await this.read());
  }

  /** Reads to the first event that `isIt`. */
  async readUntil(isIt: SessionEvent['type'] | ((event: SessionEvent) => boolean)): Promise<SessionEvent> {
    for (;;) {
      const event = await this.read();
      if (!event) throw new Error(`The session ended after ${this.types().join(', ')}.`);
      if (typeof isIt === 'string' ? event.type === isIt : isIt(event)) return event;
    }
  }

  /** Reads until `count` responses have ended in all. */
  async readResponses(count: number): Promise<void> {
    while (this.of('response-end').length < count) await this.readUntil(() => true);
  }

  async send(command: BareCommand, eventId?: string): Promise<void> {
    await this.session.receive({ ...command, eventId });
  }

  /** Speech that the fakes hear, then `silenceMs` of silence. */
  async say(text: string, silenceMs = 300): Promise<void> {
    await this.send({ type: 'audio-append', bytes: toPcmBytes(fakeSpeech(text).samples) });
    if (silenceMs > 0) await this.send({ type: 'audio-append', bytes: silence(silenceMs) });
  }

  async write(text: string, id = ''): Promise<void> {
    await this.send({ type: 'item-create', item: userText(text, id), after: undefined });
  }

  types(): readonly SessionEvent['type'][] {
    return this.told.map(({ type }) => type);
  }

  of<Type extends SessionEvent['type']>(type: Type): readonly Extract<SessionEvent, { type: Type }>[] {
    return this.told.filter((event): event is Extract<SessionEvent, { type: Type }> => event.type === type);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.session[Symbol.asyncDispose]();
  }
}

/** Lets everything happen that can happen without time going by. */
export async function settle(rounds = 10): Promise<void> {
  for (let round = 0; round < rounds; round += 1) await setImmediate();
}

export function silence(ms: number): Uint8Array {
  return new Uint8Array((FAKE_SAMPLE_RATE / 1000) * 2 * ms);
}

export function userText(text: string, id = ''): ConversationItem {
  return { kind: 'message', id, role: 'user', status: 'completed', content: [{ kind: 'text', text }] };
}
