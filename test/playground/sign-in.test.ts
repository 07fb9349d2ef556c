import { createHash } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { accessibilityFaults } from './support/accessibility.ts';
import { hasChromium, launchBrowser, openPage } from './support/browser.ts';

const GUEST_KEY = 'a-guest-of-the-playground-0123456789';

describe.skipIf(!hasChromium)('signing in to the playground', () => {
  let server: TestServer;
  let browser: Browser;

  beforeAll(async () => {
    const sha256 = createHash('sha256').update(GUEST_KEY).digest('hex');
    server = await startTestServer({ config: { auth: { keys: [{ name: 'guest', from: { sha256 } }] } } });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
  });

  async function newLink(): Promise<string> {
    const answer = await (await server.post('/samtal/v1/sign-in-links', {})).json();
    return z.object({ url: z.string() }).parse(answer).url;
  }

  async function isIn(page: Page): Promise<void> {
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  }

  test('a link signs the page in, and leaves the address bar and the history', async () => {
    await using opened = await openPage(browser, await newLink());
    const { page, complaints } = opened;
    await isIn(page);
    expect(page.url()).toBe(`${server.url}/realtime`);
    expect(await page.evaluate('history.length')).toBeLessThanOrEqual(2);
    await page.getByRole('link', { name: 'Deployments' }).click();
    await page.getByRole('button', { name: 'New deployment' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('the sign-in is kept for the tab alone, and lasts when it loads again', async () => {
    await using opened = await openPage(browser, await newLink());
    const { page } = opened;
    await isIn(page);
    expect(await page.evaluate('Object.keys(sessionStorage)')).toEqual(['samtal.credential']);
    expect(await page.evaluate('JSON.stringify(localStorage) + document.cookie')).not.toMatch(/ey[\w-]+\.ey/);
    await page.reload();
    await isIn(page);
    const other = await page.context().newPage();
    await other.goto(server.url);
    await other.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  test('a link that was used says so and leads to a new one, which can be pasted in the same tab', async () => {
    const link = await newLink();
    await using first = await openPage(browser, link);
    await isIn(first.page);
    await using second = await openPage(browser, link);
    await second.page.getByRole('alert').getByText('has been used or has expired').waitFor();
    await second.page.getByText('npx samtal playground', { exact: true }).waitFor();
    await second.page.goto(await newLink());
    await isIn(second.page);
  });

  test('a key is tried before it is taken', async () => {
    await using opened = await openPage(browser, server.url);
    const { page } = opened;
    const key = page.getByLabel('API key');
    for (const wrong of ['not-the-key', 'nyckel med å']) {
      await key.fill(wrong);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('The server does not know this key.').waitFor();
      expect(await key.getAttribute('aria-invalid')).toBe('true');
    }
    await key.fill(` ${server.key} `);
    await key.press('Enter');
    await isIn(page);
  });

  test('signing out forgets the key', async () => {
    await using opened = await openPage(browser, await newLink());
    const { page } = opened;
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('API key').waitFor();
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
  });

  test('a sign-in that has ended leads back to signing in, and says why', async () => {
    await using opened = await openPage(browser, new URL('/deployments', server.url));
    const { page } = opened;
    await page.evaluate("sessionStorage.setItem('samtal.credential', 'a-token-of-yesterday')");
    await page.reload();
    await page.getByRole('alert').getByText('Your sign-in has ended').waitFor();
    await page.getByLabel('API key').fill(server.key);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Deployments', level: 1 }).waitFor();
  });

  test('a key that may only call is told what it may not', async () => {
    await using opened = await openPage(browser, new URL('/deployments', server.url), { secret: GUEST_KEY });
    const { page } = opened;
    await page.getByRole('button', { name: 'Delete tts-1', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('alert').getByText('contributor').first().waitFor();
  });

  test.each(['light', 'dark'] as const)('has no serious fault of accessibility, %s', async (colorScheme) => {
    await using opened = await openPage(browser, server.url, { colorScheme });
    const { page, complaints } = opened;
    await page.getByLabel('API key').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
