import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { createViteServer } from 'vitest/node';
import type { RealtimeEvent } from '../support/realtime-client.ts';
import { ga, preview } from './dialect.ts';
import type { Driver, EventLog, Opening, StockClient } from './driver.ts';
import type { Door } from './openai-node.ts';
import { GA_MODEL, PREVIEW_MODEL } from './served.ts';

const project = resolve(import.meta.dirname, '../..');
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);

export interface BrowserClients extends AsyncDisposable {
  readonly clients: readonly StockClient[];
}

/** The browser build of `openai`, as published, on a page of another local server in a headless Chromium. */
export async function browserClients(door: Door): Promise<BrowserClients> {
  if (executablePath === undefined) {
    console.warn('Left out, as Chromium is not installed: the browser build of openai.');
    return { clients: [], [Symbol.asyncDispose]: async () => {} };
  }
  await using resources = new AsyncDisposableStack();
  const site = await servePage();
  resources.defer(async () => await site.close());
  // The certificate of a development server is trusted by its file, which a browser does not read.
  const args = ['--no-sandbox', '--ignore-certificate-errors'];
  const browser = await chromium.launch({ executablePath, args });
  resources.defer(async () => await browser.close());
  const home = new URL('browser-page.html', site.resolvedUrls?.local[0]).href;
  const held = resources.move();
  return {
    clients: [
      {
        name: 'openai 7 GA in a browser',
        dialect: ga,
        open: async (log, opening) => await openPage({ browser, home, door, revision: 'ga', opening }, log),
      },
      {
        name: 'openai 7 beta in a browser',
        dialect: preview,
        open: async (log, opening) =>
          await openPage({ browser, home, door, revision: 'preview', opening }, log),
        cannot: { 'a transcription session': 'it can not ask for `intent=transcription`' },
      },
    ],
    [Symbol.asyncDispose]: async () => await held.disposeAsync(),
  };
}

interface PageOptions {
  readonly browser: Browser;
  readonly home: string;
  readonly door: Door;
  readonly revision: 'ga' | 'preview';
  readonly opening: Opening;
}

async function openPage(
  { browser, home, door, revision, opening }: PageOptions,
  log: EventLog,
): Promise<Driver> {
  const tab = await browser.newPage();
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  await tab.exposeFunction('tellEvent', (event: RealtimeEvent) => log.add(event));
  await tab.exposeFunction('tellEnd', (why: string) => {
    log.end(new Error(`Closed with ${why}`));
    end();
  });
  await tab.goto(home);
  const model = revision === 'ga' ? GA_MODEL : PREVIEW_MODEL;
  const session = {
    revision,
    baseURL: `${door.recorder.secureUrl}/v1`,
    apiKey: door.key,
    target: opening.intent ? opening : { model },
  };
  await tab.evaluate(`openSession(${JSON.stringify(session)})`);
  return {
    send: async (event) => {
      await tab.evaluate(`sendEvent(${JSON.stringify(event)})`);
    },
    close: async () => {
      if (tab.isClosed()) return;
      await tab.evaluate('closeSession()');
      await ended;
      await tab.close();
    },
  };
}

/** Serves the page with the package as a bundler makes it for browsers. */
async function servePage(): Promise<Awaited<ReturnType<typeof createViteServer>>> {
  const site = await createViteServer({
    configFile: false,
    root: import.meta.dirname,
    cacheDir: join(project, '.cache/stock-clients-browser'),
    logLevel: 'silent',
    server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
    optimizeDeps: {
      noDiscovery: true,
      include: ['openai', 'openai/realtime/websocket', 'openai/beta/realtime/websocket'],
    },
  });
  return await site.listen();
}
