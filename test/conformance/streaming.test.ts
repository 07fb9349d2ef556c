import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LanguageModel } from '../../src/engine/language-model.ts';
import { type Flite, flite } from '../../src/engines/flite/flite.ts';
import { findPocketsphinx } from '../../src/engines/pocketsphinx/index.ts';
import { scripted } from '../../src/engines/scripted/index.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { readEvents } from '../support/events.ts';
import type { TestServer } from '../support/test-server.ts';
import { countWordErrors } from '../support/word-errors.ts';
import { startScriptedServer } from './scripted-server.ts';
import { writeWav } from './wav-variants.ts';

const canHear = findPocketsphinx() !== undefined;
if (!canHear) console.warn('Left out, as pocketsphinx is not installed: hearing what was streamed');

const FIRST = 'The train to the city leaves at nine.';
const SECOND = 'Please bring your ticket and a warm coat.';
const SENTENCES = `${FIRST} ${SECOND}`;
const speech = { modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'pcm16' } };
const messages = [{ role: 'user', content: 'Speak.' }];

interface Delta {
  readonly audio?: { readonly transcript?: string; readonly data?: string };
}

interface Chunk {
  readonly choices: readonly { readonly delta: Delta }[];
}

/** What a stream said, in the order it came: words of the transcript, and bytes of speech. */
function spokenParts(events: readonly unknown[]): readonly (string | Buffer)[] {
  return events
    .filter((event): event is Chunk => typeof event === 'object')
    .flatMap((event) => event.choices[0]?.delta.audio ?? [])
    .flatMap(({ transcript, data }) => [
      ...(transcript ? [transcript] : []),
      ...(data === undefined ? [] : [Buffer.from(data, 'base64')]),
    ]);
}

function pcmOf(parts: readonly (string | Buffer)[]): Int16Array {
  const pcm = Buffer.concat(parts.filter((part) => typeof part !== 'string'));
  return new Int16Array(new Uint8Array(pcm).buffer);
}

describe('a stream of speech', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startScriptedServer({
      scripts: {
        parrot: { otherwise: { say: SENTENCES } },
        slow: { otherwise: { say: SENTENCES, delay: { perWordMs: 200 } } },
        echo: { otherwise: { say: '{heard}' } },
      },
    });
  });

  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });

  async function stream(model: string): Promise<readonly (string | Buffer)[]> {
    const body = { model, messages, ...speech, stream: true };
    return spokenParts(await readEvents(await server.post('/v1/chat/completions', body)));
  }

  test('is the whole reply', async () => {
    const parts = await stream('parrot');
    const response = await server.post('/v1/chat/completions', { model: 'parrot', messages, ...speech });
    const whole = (await response.json()) as {
      readonly choices: readonly { readonly message: { readonly audio: { readonly data: string } } }[];
    };
    const wholeBytes = Buffer.from(whole.choices[0]?.message.audio.data ?? '', 'base64').length;
    const largest = Math.max(...parts.map((part) => (typeof part === 'string' ? 0 : part.length)));
    expect(wholeBytes).toBeGreaterThan(48_000 * 3);
    expect(Math.abs(pcmOf(parts).byteLength - wholeBytes)).toBeLessThanOrEqual(largest);
    expect(parts.filter((part) => typeof part === 'string').join('')).toBe(SENTENCES);
  });

  test.runIf(canHear)('says the words of its transcript', async () => {
    const file = writeWav(pcmOf(await stream('parrot')), { sampleRate: 24_000 });
    const input_audio = { data: file.toString('base64'), format: 'wav' };
    const response = await server.post('/v1/chat/completions', {
      model: 'echo',
      messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio }] }],
    });
    const answer = (await response.json()) as {
      readonly choices: readonly { readonly message: { readonly content: string } }[];
    };
    const { errors, words } = countWordErrors(SENTENCES, answer.choices[0]?.message.content ?? '');
    expect(errors / words).toBeLessThanOrEqual(0.25);
  });

  test('speaks the first sentence while the model writes the second', async () => {
    const parts = await stream('slow');
    const firstSound = parts.findIndex((part) => typeof part !== 'string');
    const lastWord = parts.findLastIndex((part) => typeof part === 'string');
    expect(firstSound).toBeLessThan(lastWord);
    // Its words are told before its sound.
    expect(parts.slice(0, firstSound).join('')).toContain(FIRST);
    expect(parts.slice(0, firstSound).join('')).not.toContain(SECOND);
  });

  test('tells no word after its sound', async () => {
    const parts = await stream('parrot');
    const total = pcmOf(parts).byteLength;
    let told = '';
    let soundBytes = 0;
    for (const part of parts) {
      if (typeof part === 'string') told += part;
      else soundBytes += part.length;
      // The second sentence is the longer one, so that past the middle its sound has begun.
      if (soundBytes > total * 0.55) expect(told).toContain(SECOND.slice(0, 6));
    }
  });
});

/** Many sentences, which no test waits for. */
const LONG = Array.from({ length: 2000 }, (_, index) => `This is sentence number ${index} of many.`).join(
  ' ',
);

describe('a client of a stream', () => {
  let app: TestApp;
  let url: string;
  let synthesizer: Flite;
  let wordsWritten = 0;

  beforeAll(async () => {
    synthesizer = flite({ workers: 1 });
    const languageModel = await scripted({ script: { otherwise: { say: LONG } } });
    app = await openTestApp({ long: { languageModel: counting(languageModel), synthesizer } });
    url = await app.listen();
  });

  afterAll(async () => {
    await app?.[Symbol.asyncDispose]();
    await synthesizer?.[Symbol.asyncDispose]();
  });

  function counting(model: LanguageModel): LanguageModel {
    return {
      ...model,
      async *generate(request, options) {
        for await (const event of model.generate(request, options)) {
          wordsWritten += 1;
          yield event;
        }
      },
    };
  }

  /** The answer, of which nothing is read but what the caller reads. */
  async function open(): Promise<IncomingMessage> {
    const headers = { 'content-type': 'application/json', 'api-key': app.key };
    const request = httpRequest(`${url}/v1/chat/completions`, { method: 'POST', headers });
    request.end(JSON.stringify({ model: 'long', messages, ...speech, stream: true }));
    return await new Promise((resolve, reject) => {
      request.once('response', resolve).once('error', reject);
    });
  }

  async function untilSound(answer: IncomingMessage): Promise<void> {
    let text = '';
    for await (const piece of answer.iterator({ destroyOnReturn: false })) {
      text += String(piece);
      if (text.includes('"data":')) return;
    }
  }

  /** The value of a counter once it has stood still, and the voice rested, while three hundred requests are answered. */
  async function standstill(count: () => number): Promise<number> {
    let last = count();
    for (let unmoved = 0; unmoved < 300; unmoved += 1) {
      await (await fetch(`${url}/health`)).arrayBuffer();
      if (count() !== last || synthesizer.status.running > 0) unmoved = 0;
      last = count();
    }
    return last;
  }

  test('that leaves stops the work at once', async () => {
    const waitsMs: number[] = [];
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const answer = await open();
      await untilSound(answer);
      const left = performance.now();
      answer.destroy();
      await expect.poll(() => synthesizer.status, { interval: 2 }).toMatchObject({ running: 0, waiting: 0 });
      waitsMs.push(performance.now() - left);
    }
    // The best of five, as the machine may have other work.
    expect(Math.min(...waitsMs)).toBeLessThan(100);
  });

  test('that does not read is waited for, and nothing is piled up for it', { timeout: 60_000 }, async () => {
    const before = wordsWritten;
    const answer = await open();
    try {
      await untilSound(answer);
      answer.pause();
      const stoodAt = await standstill(() => wordsWritten);
      // Some megabytes of speech fit into the buffers of the two sockets.
      expect(stoodAt - before).toBeLessThan(LONG.split(' ').length / 4);
      expect(synthesizer.status).toMatchObject({ running: 0, waiting: 0 });
      answer.resume();
      await expect.poll(() => wordsWritten, { timeout: 10_000 }).toBeGreaterThan(stoodAt + 100);
    } finally {
      answer.destroy();
    }
  });
});
