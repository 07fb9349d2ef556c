import { readFile, writeFile } from 'node:fs/promises';
import type { Browser, Locator, Page } from 'playwright-core';
import { encodeWav } from '../../playground/src/audio/encode-wav.ts';
import { resampleChunk } from '../../src/audio/resample.ts';
import { collectAudio } from '../../src/audio/test-speech.ts';
import { readWav } from '../../src/audio/wav-reader.ts';
import { type Caller, speech } from './open-chat.ts';
import { type OpenOptions, openPage } from './support/browser.ts';

/** An event as it crossed the wire. */
export interface Frame {
  readonly sent: boolean;
  readonly event: { readonly type: string; readonly [name: string]: unknown };
}

export interface RealtimePage extends AsyncDisposable {
  readonly page: Page;
  /** What crossed the wire, in order. */
  readonly frames: readonly Frame[];
  /** What the browser complained of, such as what the page's policy forbids. */
  readonly complaints: readonly string[];
  /** The first frame of the type from the number `from` on, now or when it comes. */
  readonly frame: (direction: 'sent' | 'received', type: string, from?: number) => Promise<Frame['event']>;
  readonly say: (text: string) => Promise<void>;
  readonly setting: (name: string) => Locator;
}

/** Opens the realtime page of a server as somebody who has signed in, and reads its wire. */
export async function openRealtime(
  browser: Browser,
  { url, secret }: Caller,
  options: OpenOptions & { readonly path?: string } = {},
): Promise<RealtimePage> {
  const { path = '/realtime', ...open } = options;
  const opened = await openPage(browser, new URL(path, url), {
    secret,
    viewport: { width: 1440, height: 1000 },
    ...open,
  });
  const { page, complaints } = opened;
  page.setDefaultTimeout(60_000);
  const wire = readWire(page);
  return {
    page,
    complaints,
    frames: wire.frames,
    frame: wire.frame,
    say: async (text) => {
      const message = page.getByRole('textbox', { name: 'Message' });
      await message.fill(text);
      await message.press('Enter');
    },
    setting: (name) =>
      page.getByRole('complementary', { name: 'Settings' }).getByLabel(name, { exact: true }),
    [Symbol.asyncDispose]: async () => await opened[Symbol.asyncDispose](),
  };
}

/** Reads every socket that the page opens from now on. */
export function readWire(page: Page): Pick<RealtimePage, 'frames' | 'frame'> {
  const frames: Frame[] = [];
  const waiting = new Set<() => void>();
  const add = (sent: boolean, payload: string | Buffer): void => {
    frames.push({ sent, event: JSON.parse(String(payload)) as Frame['event'] });
    for (const look of waiting) look();
  };
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => add(true, payload));
    socket.on('framereceived', ({ payload }) => add(false, payload));
  });
  return {
    frames,
    frame: async (direction, type, from = 0) => {
      const { promise, resolve, reject } = Promise.withResolvers<Frame['event']>();
      const look = (): void => {
        const found = frames
          .slice(from)
          .find(({ sent, event }) => sent === (direction === 'sent') && event.type === type);
        if (found) resolve(found.event);
      };
      const seen = (): string =>
        frames
          .slice(from)
          .filter(({ event }) => !/append|voice_activity/.test(event.type))
          .map(({ event }) => event.type)
          .filter((seenType, index, types) => seenType !== types[index - 1])
          .slice(-100)
          .join(' ');
      const limit = setTimeout(() => reject(new Error(`No ${type} was ${direction}. ${seen()}`)), 60_000);
      waiting.add(look);
      look();
      try {
        return await promise;
      } finally {
        clearTimeout(limit);
        waiting.delete(look);
      }
    },
  };
}

/** Writes what a microphone hears: a question that begins at each of `atSeconds`, in silence, for two minutes. */
export async function writeMicrophone(file: string, as: Caller, atSeconds: readonly number[]): Promise<void> {
  const spoken = await collectAudio(readWav(await speech(as, 'wav')));
  const { samples } = await resampleChunk(spoken, 48_000);
  const heard = new Int16Array(120 * 48_000);
  for (const at of atSeconds) heard.set(samples, at * 48_000);
  await writeFile(file, encodeWav(heard, 48_000));
}

/** One channel of a stereo file of 16 bits, as a file of its own. */
export async function channelOf(path: string, channel: 0 | 1): Promise<Uint8Array<ArrayBuffer>> {
  const wav = await readFile(path);
  const frames = (wav.length - 44) / 4;
  const samples = Int16Array.from({ length: frames }, (_, frame) =>
    wav.readInt16LE(44 + frame * 4 + channel * 2),
  );
  return encodeWav(samples, wav.readUInt32LE(24));
}

/** What the server's own recognizer makes of a file. */
export async function transcribe({ url, secret }: Caller, wav: Uint8Array<ArrayBuffer>): Promise<string> {
  const body = new FormData();
  body.set('model', 'whisper-1');
  body.set('file', new Blob([wav]), 'speech.wav');
  const response = await fetch(new URL('/v1/audio/transcriptions', url), {
    method: 'POST',
    headers: { 'api-key': secret },
    body,
  });
  if (!response.ok) throw new Error(await response.text());
  const { text } = (await response.json()) as { text: string };
  return text;
}
