import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { accessibilityFaults } from './support/accessibility.ts';
import { hasChromium, launchBrowser, type OpenOptions, type OpenPage, openPage } from './support/browser.ts';

const PAGES = [
  ['/realtime', 'Realtime'],
  ['/chat', 'Chat'],
  ['/compare', 'Compare'],
  ['/deployments', 'Deployments'],
  ['/models', 'Models'],
] as const;

describe.skipIf(!hasChromium)('the frame of the playground', () => {
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

  async function open(path: string, options: OpenOptions = {}): Promise<OpenPage> {
    return await openPage(browser, new URL(path, server.url), { secret: server.key, ...options });
  }

  const looks = [
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['on a phone', { viewport: { width: 360, height: 740 }, hasTouch: true }],
  ] as const;

  describe.each(PAGES)('%s', (path, name) => {
    test.each(looks)(
      'has no serious fault of accessibility and breaks no rule, %s',
      async (_look, options) => {
        await using opened = await open(path, { ...options, reducedMotion: 'reduce' });
        const { page, complaints } = opened;
        await page.getByRole('heading', { level: 1, name }).waitFor();
        await page.waitForLoadState('networkidle');
        expect(await page.title()).toBe(`${name} · Samtal`);
        expect(await accessibilityFaults(page)).toEqual([]);
        expect(complaints).toEqual([]);
      },
    );

    test('is no wider than a phone', async () => {
      await using opened = await open(path, { viewport: { width: 360, height: 740 } });
      const { page } = opened;
      await page.getByRole('heading', { level: 1, name }).waitFor();
      await page.waitForLoadState('networkidle');
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    });
  });

  test('one goes from page to page, and the focus goes along', async () => {
    await using opened = await open('/');
    const { page } = opened;
    await page.getByRole('heading', { level: 1, name: 'Realtime' }).waitFor();
    for (const [path, name] of PAGES.slice(1)) {
      await page.getByRole('link', { name, exact: true }).click();
      await page.getByRole('heading', { level: 1, name }).waitFor();
      expect(new URL(page.url()).pathname).toBe(path);
      expect(await page.getByRole('link', { name, exact: true }).getAttribute('aria-current')).toBe('page');
      expect(await page.evaluate('document.activeElement.id')).toBe('content');
    }
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Deployments' }).waitFor();
  });

  test('the first stop of the keyboard leads past the navigation', async () => {
    await using opened = await open('/deployments');
    const { page } = opened;
    await page.getByRole('heading', { level: 1, name: 'Deployments' }).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
  });

  test.each([
    ['sv-SE', 'sv', 'Driftsättningar'],
    ['fr-CA', 'fr', 'Déploiements'],
    ['de-DE', 'en', 'Deployments'],
  ])('a browser in %s is spoken to in %s', async (locale, language, heading) => {
    await using opened = await open('/deployments', { locale });
    const { page } = opened;
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe(language);
  });

  test('the language that is chosen stays', async () => {
    await using opened = await open('/deployments');
    const { page } = opened;
    await page.getByRole('combobox', { name: 'Language' }).selectOption('Svenska');
    await page.getByRole('heading', { level: 1, name: 'Driftsättningar' }).waitFor();
    expect(await page.title()).toBe('Driftsättningar · Samtal');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Driftsättningar' }).waitFor();
  });

  test('the light that is chosen stays', async () => {
    await using opened = await open('/deployments', { colorScheme: 'light' });
    const { page } = opened;
    const scheme = async () => await page.evaluate('document.documentElement.dataset.mantineColorScheme');
    await page.getByRole('button', { name: 'Dark colours' }).click();
    await page.getByRole('button', { name: 'Light colours' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Light colours' }).waitFor();
    expect(await scheme()).toBe('dark');
  });

  test.each([
    [
      'a script in the page',
      "document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))",
      'script-src-elem',
    ],
    ['eval', "setTimeout('window.ran = 1')", 'script-src'],
    ['a picture of elsewhere', "new Image().src = 'http://127.0.0.1:1/spy.png'", 'img-src'],
    ['a message to elsewhere', "fetch('http://127.0.0.1:1/').catch(() => {})", 'connect-src'],
    [
      'a style in the page',
      "document.head.append(Object.assign(document.createElement('style'), {textContent: '*{color:red}'}))",
      'style-src-elem',
    ],
  ])('%s is refused by the policy', async (_name, attempt, directive) => {
    await using opened = await open('/deployments');
    const { page } = opened;
    await page.getByRole('heading', { level: 1, name: 'Deployments' }).waitFor();
    expect(await violationOf(page, attempt)).toBe(directive);
    expect(await page.evaluate('window.ran')).toBeUndefined();
  });

  test('a page whose code does not come says so, and leaves the way to the others', async () => {
    await using opened = await open('/deployments');
    const { page } = opened;
    await page.route(/assets\/chat-page/, async (route) => await route.abort());
    await page.getByRole('link', { name: 'Chat', exact: true }).click();
    await page.getByRole('alert').getByText('This page broke').waitFor();
    await page.getByRole('link', { name: 'Deployments', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Deployments' }).waitFor();
  });

  test('the first load has at most 250 kB of script, and can soon be used', async () => {
    await using opened = await open('/deployments');
    const { page } = opened;
    await page.getByRole('button', { name: 'New deployment' }).waitFor();
    await page.waitForLoadState('networkidle');
    // Deep in the page's own clock, which starts with the navigation.
    const measured = (await page.evaluate(`({
      scriptBytes: performance.getEntriesByType('resource')
        .filter(({ name }) => name.endsWith('.js'))
        .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
      paintedMs: performance.getEntriesByName('first-contentful-paint')[0].startTime,
    })`)) as { scriptBytes: number; paintedMs: number };
    expect(measured.scriptBytes).toBeGreaterThan(50_000);
    expect(measured.scriptBytes).toBeLessThanOrEqual(250_000);
    // A second is the aim; a machine that runs other tests meanwhile is given more.
    expect(measured.paintedMs).toBeLessThan(5000);
  });
});

/** Which rule of the page's policy `attempt` breaks. */
async function violationOf(page: Page, attempt: string): Promise<unknown> {
  return await page.evaluate(`new Promise((resolve) => {
    addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective), { once: true });
    ${attempt};
  })`);
}
