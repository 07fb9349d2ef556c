import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { buildIfStale } from '../../../playground/build.ts';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);

/** Whether there is a browser to test with; says so where there is none. */
export const hasChromium = executablePath !== undefined;
if (!hasChromium) console.warn('Left out, as Chromium is not installed: the playground in a browser.');

export interface BrowserOptions {
  /** What the microphone hears: a wav of 48 kHz, mono, 16 bits, once. */
  readonly microphone?: string;
}

/** A headless Chromium, to look with at the page as its sources are now. */
export async function launchBrowser({ microphone }: BrowserOptions = {}): Promise<Browser> {
  await buildIfStale();
  return await chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    args: [
      '--no-sandbox',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
      ...(microphone === undefined ? [] : [`--use-file-for-fake-audio-capture=${microphone}%noloop`]),
    ],
  });
}

export interface OpenOptions extends BrowserContextOptions {
  /** An API key or a token that signs the page in; without it nobody is. */
  readonly secret?: string | undefined;
}

export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  /** What the browser complained of, such as what the page's policy forbids. */
  readonly complaints: readonly string[];
}

/** Opens `address` in a context of its own: nothing is stored, and the language is English. */
export async function openPage(
  browser: Browser,
  address: string | URL,
  { secret, ...options }: OpenOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({ locale: 'en-GB', permissions: ['microphone'], ...options });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (entry) => {
    if (entry.type() === 'error' || entry.type() === 'warning') complaints.push(entry.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  if (secret !== undefined) {
    await page.addInitScript((value) => sessionStorage.setItem('samtal.credential', value), secret);
  }
  await page.goto(String(address));
  return { page, complaints, [Symbol.asyncDispose]: async () => await context.close() };
}
