import assert from 'node:assert/strict';
import { toPcmBytes } from '../../src/audio/pcm-bytes.ts';
import { type FakeBehaviour, FakeJobs } from '../../src/engines/fake/fake-behaviour.ts';
import { fakeDetector } from '../../src/engines/fake/fake-detector.ts';
import { fakeRecognizer } from '../../src/engines/fake/fake-recognizer.ts';
import { fakeSpeech } from '../../src/engines/fake/fake-speech.ts';
import type { SessionConfig } from '../../src/realtime/session-config.ts';
import { SESSION_LIMITS } from '../../src/realtime/session-limits.ts';
import { type BareCommand, Rig, SERVER_VAD, settle, silence, userText } from './rig.ts';
import { type ScriptedTurn, TestResponder } from './test-responder.ts';
import { VirtualClock } from './virtual-clock.ts';

/** What one walk is made of: where it starts, what its engines do, and the steps that it takes. */
export interface WalkPlan {
  readonly start: keyof typeof STARTS;
  readonly engines: readonly (keyof typeof BEHAVIOURS)[];
  readonly steps: readonly (keyof typeof STEPS)[];
}

const CAPTIONED = { transcription: { model: 'fake', language: undefined, prompt: undefined } };

export const STARTS = {
  plain: {},
  captioned: CAPTIONED,
  'text only': { modality: 'text' },
  'push to talk': { turnDetection: undefined, ...CAPTIONED },
  'no barge-in': { turnDetection: { ...SERVER_VAD, interruptResponse: false } },
  'no answers': { turnDetection: { ...SERVER_VAD, createResponse: false } },
  idle: { turnDetection: { ...SERVER_VAD, idleTimeoutMs: 5_000 } },
  semantic: {
    turnDetection: {
      type: 'semantic-vad',
      eagerness: 'high',
      createResponse: true,
      interruptResponse: true,
    },
  },
} as const satisfies Record<string, Partial<SessionConfig>>;

export const BEHAVIOURS = {
  prompt: {},
  slow: { delayMs: 10 },
  busy: { fault: { after: 0, kind: 'busy' } },
  unavailable: { fault: { after: 0, kind: 'unavailable' } },
  'broken early': { fault: { after: 1, kind: 'failed' } },
  'broken later': { fault: { after: 6, kind: 'failed' } },
  'hung at once': { fault: { after: 0, kind: 'hang' } },
  'hung later': { fault: { after: 5, kind: 'hang' }, delayMs: 10 },
} as const satisfies Record<string, FakeBehaviour>;

const TURNS: readonly ScriptedTurn[] = [
  { words: ['One', ' two', ' three.'], msPerWord: 60 },
  { words: ['Well.'], msPerWord: 240, callArguments: ['{"a":', '1}'] },
  { callArguments: ['{}'] },
];

const SPEECH = toPcmBytes(fakeSpeech('ab').samples);
const NOISE = new Uint8Array(4_800).map((_, index) => (index % 7) * 9);
const PAUSE = silence(220);
const BREATH = silence(60);

export const STEPS = {
  read: (walk) => walk.allow(1),
  'read three': (walk) => walk.allow(3),
  'read on': (walk) => walk.allow(30),
  blink: (walk) => walk.blink(1),
  'blink thrice': (walk) => walk.blink(3),
  rest: () => settle(1),
  'wait 10 ms': (walk) => walk.rig.clock.advance(10),
  'wait 6 s': (walk) => walk.rig.clock.advance(6_000),
  'wait 1 min': (walk) => walk.rig.clock.advance(60_000),
  speak: (walk) => walk.send({ type: 'audio-append', bytes: SPEECH }),
  rustle: (walk) => walk.send({ type: 'audio-append', bytes: NOISE }),
  pause: (walk) => walk.send({ type: 'audio-append', bytes: PAUSE }),
  breathe: (walk) => walk.send({ type: 'audio-append', bytes: BREATH }),
  commit: (walk) => walk.send({ type: 'audio-commit' }),
  clear: (walk) => walk.send({ type: 'audio-clear' }),
  'respond and hear five': (walk) => walk.respond(5),
  'respond and hear seven': (walk) => walk.respond(7),
  'respond and hear eight': (walk) => walk.respond(8),
  'respond and hear nine': (walk) => walk.respond(9),
  'respond and hear ten': (walk) => walk.respond(10),
  respond: (walk) => walk.send({ type: 'response-create', options: {} }),
  'respond in text': (walk) => walk.send({ type: 'response-create', options: { modality: 'text' } }),
  'respond aside': (walk) => walk.send({ type: 'response-create', options: { isOutOfBand: true } }),
  cancel: (walk) => walk.send({ type: 'response-cancel', responseId: undefined }),
  'cancel by name': (walk) => walk.send({ type: 'response-cancel', responseId: walk.someResponse() }),
  write: (walk) =>
    walk.send({ type: 'item-create', item: userText('Hi', `item_w${walk.count()}`), after: undefined }),
  'write first': (walk) =>
    walk.send({ type: 'item-create', item: userText('Hi', `item_w${walk.count()}`), after: 'root' }),
  'write twice': (walk) =>
    walk.send({ type: 'item-create', item: userText('Hi', walk.someItem()), after: walk.someItem() }),
  retrieve: (walk) => walk.send({ type: 'item-retrieve', itemId: walk.someItem() }),
  remove: (walk) => walk.send({ type: 'item-delete', itemId: walk.someItem() }),
  truncate: (walk) =>
    walk.send({ type: 'item-truncate', itemId: walk.someReply(), contentIndex: 0, audioEndMs: 90 }),
  'truncate all': (walk) =>
    walk.send({ type: 'item-truncate', itemId: walk.someReply(), contentIndex: 0, audioEndMs: 0 }),
  'push to talk': (walk) => walk.send({ type: 'session-update', changes: { turnDetection: undefined } }),
  'detect turns': (walk) => walk.send({ type: 'session-update', changes: { turnDetection: SERVER_VAD } }),
  'change voice': (walk) => walk.send({ type: 'session-update', changes: { voice: 'other' } }),
} as const satisfies Record<string, (walk: Walk) => void | Promise<void>>;

const LIMITS = { ...SESSION_LIMITS, controlEventsAhead: 6, commandsAhead: 4, outOfBandResponses: 2 };

/** A session that is led at random through everything that may come together. */
export class Walk {
  readonly rig: Rig;
  readonly #responder: TestResponder;
  readonly #start: WalkPlan['start'];
  #allowed = 0;
  #goOn: () => void = () => {};
  #isOver = false;
  #sent: Promise<void> = Promise.resolve();
  #steps = 0;
  readonly #reading: Promise<void>;

  constructor({ start, engines }: WalkPlan) {
    const clock = new VirtualClock();
    const jobs = new FakeJobs();
    let begun = 0;
    const behaviour = (): FakeBehaviour => BEHAVIOURS[engines[begun++ % engines.length] ?? 'prompt'];
    this.#start = start;
    this.#responder = new TestResponder(() => TURNS[begun % TURNS.length] ?? {}, { clock, jobs, behaviour });
    this.rig = new Rig({
      responder: this.#responder,
      recognizer: fakeRecognizer({ clock, jobs, behaviour }),
      // A detector that hangs holds its session up until it ends, so it does so rarely.
      detector: fakeDetector({ jobs, behaviour: () => (begun % 5 === 4 ? behaviour() : {}) }),
      clock,
      jobs,
      config: STARTS[start],
      limits: LIMITS,
    });
    this.#reading = this.#read();
  }

  count(): number {
    return ++this.#steps;
  }

  async take(steps: WalkPlan['steps']): Promise<void> {
    for (const step of steps) {
      const work: void | Promise<void> = STEPS[step](this);
      if (work) await work;
    }
  }

  allow(events: number): void {
    this.#allowed += events;
    this.#goOn();
  }

  /** Lets a few things happen, and not all that can. */
  async blink(turns: number): Promise<void> {
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
  }

  /** A response that is told as far as `events` go, and waits there for what comes next. */
  async respond(events: number): Promise<void> {
    this.send({ type: 'response-create', options: {} });
    await settle(1);
    this.#allowed = 0;
    this.allow(events);
    await settle(1);
  }

  /** As a connection does: one command behind the other, each once there is room. */
  send(command: BareCommand): void {
    this.#sent = this.#sent
      .then(async () => await this.rig.send(command))
      .catch((error: unknown) => assert.ok(this.#isOver, error instanceof Error ? error : String(error)));
  }

  someItem(): string {
    const items = this.rig.told.flatMap((event) => (event.type === 'item-added' ? [event.item.id] : []));
    return items[this.#steps++ % (items.length + 1)] ?? 'item_none';
  }

  someReply(): string {
    const items = this.rig.told.flatMap((event) =>
      event.type === 'output-item-start' ? [event.item.id] : [],
    );
    return items.at(-1) ?? 'item_none';
  }

  someResponse(): string {
    const responses = this.rig.told.flatMap((event) =>
      event.type === 'response-start' ? [event.response.id] : [],
    );
    return responses[this.#steps++ % (responses.length + 1)] ?? 'resp_none';
  }

  /** Whatever has gone wrong, every response comes to its end by itself: hung engines are given up in time. */
  async finish(): Promise<void> {
    if (this.#start === 'idle') return;
    this.allow(Infinity);
    for (let round = 0; round < 12 && (round < 2 || this.rig.checker.liveResponses > 0); round += 1) {
      await settle(2);
      this.rig.clock.advance(60_000);
    }
    await settle(1);
    assert.equal(this.rig.checker.liveResponses, 0, 'a response did not end by itself');
  }

  /** Whatever state it is in, a session that is disposed of leaves nothing behind. */
  async end(): Promise<void> {
    this.#isOver = true;
    this.allow(Infinity);
    await this.rig[Symbol.asyncDispose]();
    await this.#reading;
    await this.#sent;
    assert.equal(this.rig.checker.liveResponses, 0, 'a response has no end');
    assert.equal(this.rig.jobs.running, 0, 'an engine is still at work');
    assert.equal(this.rig.clock.pending, 0, 'a timer is still set');
    await Promise.all([this.rig[Symbol.asyncDispose](), this.rig[Symbol.asyncDispose]()]);
    this.#checkMemory();
  }

  /** Every conversation that a model read holds, of each reply, the beginning of what was told. */
  #checkMemory(): void {
    const told = new Map<string, string>();
    for (const event of this.rig.told) {
      if (event.type === 'output-transcript-delta' || event.type === 'output-text-delta')
        told.set(event.itemId, (told.get(event.itemId) ?? '') + event.delta);
    }
    for (const { conversation } of this.#responder.requests) {
      for (const item of conversation.items) {
        if (item.kind !== 'message' || item.role !== 'assistant') continue;
        const [part] = item.content;
        const text = (part?.kind === 'audio' ? part.transcript : part?.text) ?? '';
        assert.ok(told.get(item.id)?.startsWith(text), `"${text}" was not told of ${item.id}`);
      }
    }
  }

  async #read(): Promise<void> {
    for (;;) {
      while (this.#allowed <= 0) {
        const more = Promise.withResolvers<void>();
        this.#goOn = more.resolve;
        await more.promise;
      }
      this.#allowed -= 1;
      if (!(await this.rig.read())) return;
    }
  }
}
