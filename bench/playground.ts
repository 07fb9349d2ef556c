import type { Browser, Page } from 'playwright-core';
import { hasChromium, launchBrowser } from '../test/playground/support/browser.ts';
import { startTestServer } from '../test/support/test-server.ts';
import type { Benchmark, Figure } from './benchmark.ts';
import { spreadOf } from './spread.ts';

const ROUNDS = 6;
const WITHIN = { atMost: 1000 };

/** Each page with the button that it is for. */
const PAGES = [
  ['/realtime', 'Start listening'],
  ['/chat', 'Send'],
  ['/deployments', 'New deployment'],
] as const;

/** How long after the navigation the pages of the playground can be used, with nothing in the browser's cache. */
export const playground: Benchmark = {
  name: 'playground',
  async run(log) {
    if (!hasChromium) {
      log('left out, as Chromium is not installed');
      return [];
    }
    await using server = await startTestServer();
    const usableMs = new Map<string, number[]>(PAGES.map(([path]) => [path, []]));
    for (let round = 0; round < ROUNDS; round++) {
      const browser = await launchBrowser();
      try {
        for (const [path, button] of PAGES)
          usableMs
            .get(path)
            ?.push(await open(browser, new URL(path, server.url), { button, key: server.key }));
      } finally {
        await browser.close();
      }
    }
    return [...usableMs].map(([path, values]) => toFigure(path, values));
  },
};

function toFigure(path: string, usableMs: readonly number[]): Figure {
  return {
    name: `playground, ${path} can be used`,
    unit: 'ms',
    spread: spreadOf(usableMs),
    target: WITHIN,
    how: 'In headless Chromium on the same machine, from the navigation to the first idle moment after the main button stands there',
    detail: 'a context of its own each time, so that nothing is cached',
  };
}

interface Wanted {
  readonly button: string;
  readonly key: string;
}

async function open(browser: Browser, address: URL, wanted: Wanted): Promise<number> {
  const context = await browser.newContext({ locale: 'en-GB' });
  try {
    const page = await context.newPage();
    await page.addInitScript({ content: noteWhenUsable(wanted) });
    await page.goto(String(address));
    return await usableAfter(page);
  } finally {
    await context.close();
  }
}

/** A script that runs in the page before its own. */
function noteWhenUsable({ button, key }: Wanted): string {
  return `
    sessionStorage.setItem('samtal.credential', ${JSON.stringify(key)});
    requestAnimationFrame(function look() {
      const isThere = [...document.querySelectorAll('button')].some(
        ({ textContent, ariaLabel }) => [textContent, ariaLabel].includes(${JSON.stringify(button)}),
      );
      if (isThere) requestIdleCallback(() => performance.mark('usable'));
      else requestAnimationFrame(look);
    });`;
}

async function usableAfter(page: Page): Promise<number> {
  for (;;) {
    // The page's policy forbids what would wait inside of it.
    const atMs = await page.evaluate("performance.getEntriesByName('usable')[0]?.startTime");
    if (typeof atMs === 'number') return atMs;
    await page.waitForTimeout(20);
  }
}
