import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { hasChromium, launchBrowser, type OpenPage, openPage } from './support/browser.ts';
import { tabTo } from './support/keyboard.ts';

describe.skipIf(!hasChromium)('the realtime page by keyboard alone', { timeout: 120_000 }, () => {
  let server: TestServer;
  let browser: Browser;

  beforeAll(async () => {
    server = await startTestServer();
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
  });

  async function open(): Promise<OpenPage> {
    const opened = await openPage(browser, new URL('/realtime', server.url), { secret: server.key });
    // Engines share the machine with the browser.
    opened.page.setDefaultTimeout(60_000);
    await opened.page.getByRole('button', { name: 'Start listening', disabled: false }).waitFor();
    return opened;
  }

  test('one asks, interrupts and ends the session', async () => {
    await using opened = await open();
    const { page } = opened;
    await tabTo(page.getByRole('textbox', { name: 'Message' }));
    await page.keyboard.type('Hello there');
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: 'Answering' }).waitFor();
    await tabTo(page.getByRole('button', { name: 'Interrupt' }));
    await page.keyboard.press('Enter');
    await page.getByText('(interrupted)').waitFor();
    await page.getByRole('button', { name: 'Interrupt' }).waitFor({ state: 'detached' });
    expect(await focused(page)).toBe('Message');
    await tabTo(page.getByRole('button', { name: 'End session' }));
    await page.keyboard.press('Space');
    await page.getByRole('status').filter({ hasText: 'No session' }).waitFor();
  });

  test('one goes through what is told of the session, and saves its log', async () => {
    await using opened = await open();
    const { page } = opened;
    await tabTo(page.getByRole('textbox', { name: 'Message' }));
    await page.keyboard.type('Hello there');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Conversation' }).getByText('You said: Hello there').waitFor();
    await tabTo(page.getByRole('tab', { name: 'Events' }));
    for (const name of ['Latency', 'Tokens', 'Recording', 'Code', 'Events']) {
      await page.keyboard.press('ArrowRight');
      await page.getByRole('tabpanel', { name }).waitFor();
    }
    await tabTo(page.getByRole('searchbox', { name: 'Filter events' }));
    await page.keyboard.type('session.updated');
    const rows = page.getByRole('region', { name: 'Events' }).getByRole('listitem');
    await rows.filter({ hasText: 'Session changed' }).waitFor();
    expect(await rows.count()).toBe(1);
    await tabTo(page.getByRole('button', { name: 'Export' }));
    const [file] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    expect(await readFile(await file.path(), 'utf8')).toContain('"type":"session.created"');
  });

  test('one sets a slider and a switch, and the server is told', async () => {
    await using opened = await open();
    const { page } = opened;
    const sent: string[] = [];
    page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(String(payload))));
    const slider = page.getByRole('slider', { name: 'Silence duration' });
    await tabTo(slider);
    await page.keyboard.press('ArrowRight');
    expect(await slider.getAttribute('aria-valuetext')).toBe('550 ms');
    await tabTo(page.getByRole('switch', { name: 'Speech interrupts the answer' }));
    await page.keyboard.press('Space');
    await tabTo(page.getByRole('button', { name: 'Start listening' }));
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Stop listening' }).waitFor();
    const update = sent.find((payload) => payload.includes('"session.update"')) ?? '{}';
    expect(JSON.parse(update)).toMatchObject({
      session: {
        audio: { input: { turn_detection: { silence_duration_ms: 550, interrupt_response: false } } },
      },
    });
  });
});

/** The name of what has the focus, as it is read out. */
async function focused(page: Page): Promise<string | null> {
  return await page.locator(':focus').getAttribute('aria-label');
}
