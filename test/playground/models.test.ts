import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Role } from '../../src/server/auth/principal.ts';
import { homeAt } from '../../src/server/home/paths.ts';
import type { ModelEntry } from '../../src/server/models/catalog.ts';
import { packageNamed } from '../../src/server/packages/catalog.ts';
import { packageFolder } from '../../src/server/packages/find-package.ts';
import { PullQueue } from '../../src/server/pulls/pull-queue.ts';
import { systemClock } from '../../src/util/clock.ts';
import { bytesOf, entryOf, fileOf } from '../models/entries.ts';
import { FakeHub } from '../models/fake-hub.ts';
import { openTestApp, type TestApp } from '../support/app.ts';
import { accessibilityFaults } from './support/accessibility.ts';
import { hasChromium, launchBrowser, type OpenOptions, type OpenPage, openPage } from './support/browser.ts';

const WEIGHTS = bytesOf(3_000_000);
const EARS = bytesOf(2_000_000, 2);
const CATALOG: readonly ModelEntry[] = [
  { ...entryOf(fileOf('voice.onnx', WEIGHTS)), title: 'Tiny Voice', role: 'synthesizer', languages: ['en'] },
  {
    ...entryOf(fileOf('ears.onnx', EARS)),
    name: 'ears',
    title: 'Swedish Ears',
    role: 'recognizer',
    languages: ['sv'],
  },
];
const USES = [
  { role: 'recognizer', engine: 'pocketsphinx', why: 'It is installed on this machine.' },
  { role: 'synthesizer', engine: null, why: null },
] as const;

describe.skipIf(!hasChromium)('the models of the playground', { timeout: 60_000 }, () => {
  let browser: Browser;
  let directory: string;
  let hub: FakeHub;
  let queue: PullQueue;
  let server: TestApp;
  let url: string;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
  });
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'samtal-models-'));
    hub = await FakeHub.start();
    hub.addFile('acme/tiny', 'voice.onnx', WEIGHTS);
    hub.addFile('acme/tiny', 'ears.onnx', EARS);
    hub.pace = { pieceBytes: 300_000, pauseMs: 200 };
    vi.stubEnv('SAMTAL_HUB', hub.url);
    vi.stubEnv('NO_PROXY', '127.0.0.1');
    await layOutPackage();
    await start(['contributor']);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await stop();
    await hub[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });

  /** Files of the right sizes with nothing in them, so that the models need nothing from the registry. */
  async function layOutPackage(): Promise<void> {
    const entry = packageNamed('onnxruntime-web');
    for (const [path, bytes] of Object.entries(entry.files)) {
      const file = join(packageFolder(homeAt(directory).enginesDirectory, entry), path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, '');
      await truncate(file, bytes);
    }
  }

  async function start(roles: readonly Role[]): Promise<void> {
    const home = homeAt(directory);
    const onChanged = async (): Promise<void> => {};
    queue = new PullQueue({ home, clock: systemClock, onChanged, onError: () => {} });
    const models = { home, catalog: CATALOG, queue, uses: () => USES, onChanged };
    server = await openTestApp({}, {}, { models, roles });
    url = await server.listen();
  }

  async function stop(): Promise<void> {
    await queue[Symbol.asyncDispose]();
    server.app.server.closeAllConnections();
    await server[Symbol.asyncDispose]();
  }

  async function open(options: OpenOptions = {}): Promise<OpenPage> {
    const opened = await openPage(browser, new URL('/models', url), { secret: server.key, ...options });
    await opened.page.getByRole('article').first().waitFor();
    return opened;
  }

  async function pull(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Get Tiny Voice' }).click();
    await page.getByRole('dialog').getByText('3 MB', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Get it' }).click();
  }

  test('a model is pulled with its progress, is there, and is removed', async () => {
    await using opened = await open();
    const { page, complaints } = opened;
    await page.getByRole('button', { name: 'Get Tiny Voice' }).click();
    const dialog = page.getByRole('dialog', { name: 'Get Tiny Voice' });
    await dialog.getByText(/Together 3\sMB to download and at most 3\sMB on disk/).waitFor();
    await dialog.getByText('Licence MIT').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Get it' }).click();

    const coming = page.getByRole('region', { name: 'Getting Tiny Voice' });
    const bar = coming.getByRole('progressbar', { name: 'Downloading tiny' });
    await bar.waitFor();
    await coming.getByText(/[12](\.\d)?\sMB of 3\sMB/).waitFor();
    const share = Number(await bar.getAttribute('aria-valuenow'));
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(100);
    expect(await accessibilityFaults(page)).toEqual([]);

    await page.getByRole('status').getByText('There now: Tiny Voice.').waitFor();
    await page.getByRole('heading', { name: 'On this machine' }).waitFor();
    await page.getByRole('button', { name: 'Remove Tiny Voice' }).click();
    await page
      .getByRole('dialog')
      .getByText(/3\sMB will be free again/)
      .waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('status').getByText('tiny is removed.').waitFor();
    await page.getByRole('button', { name: 'Get Tiny Voice' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('a pull is cancelled, and goes on from there when it is wanted again', async () => {
    await using opened = await open();
    const { page } = opened;
    await pull(page);
    await page.getByText(/[12](\.\d)?\sMB of 3\sMB/).waitFor();
    await page.getByRole('button', { name: 'Cancel Tiny Voice' }).click();
    await page.getByRole('button', { name: 'Get Tiny Voice' }).waitFor();
    hub.pace = undefined;
    await pull(page);
    await page.getByRole('status').getByText('There now: Tiny Voice.').waitFor();
    expect(hub.requestsFor('voice.onnx').at(-1)?.headers.range).toMatch(/^bytes=[1-9]/);
  });

  test('a page that is opened anew shows how far it is', async () => {
    await using opened = await open();
    const { page } = opened;
    await pull(page);
    await page.getByRole('progressbar').waitFor();
    await page.reload();
    await page.getByRole('progressbar', { name: 'Downloading tiny' }).waitFor();
    await page.getByRole('status').getByText('There now: Tiny Voice.').waitFor();
  });

  test('a pull that fails says why, and can be tried again', async () => {
    hub.addFile('acme/tiny', 'voice.onnx', bytesOf(3_000_000, 3));
    hub.pace = undefined;
    await using opened = await open();
    const { page } = opened;
    await pull(page);
    await page
      .getByRole('alert')
      .getByText(/This did not come: Tiny Voice/)
      .waitFor();
    hub.addFile('acme/tiny', 'voice.onnx', WEIGHTS);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('button', { name: 'Get it' }).click();
    await page.getByRole('status').getByText('There now: Tiny Voice.').waitFor();
  });

  test('one pulls and removes by keyboard, and the focus stays on the page', async () => {
    hub.pace = undefined;
    await using opened = await open();
    const { page } = opened;
    await page.getByRole('button', { name: 'Get Tiny Voice' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText('3 MB', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    const get = page.getByRole('button', { name: 'Get Tiny Voice' });
    await get.and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Get it', disabled: false }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1 }).and(page.locator(':focus')).waitFor();
    await page.getByRole('button', { name: 'Remove Tiny Voice' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1 }).and(page.locator(':focus')).waitFor();
  });

  test('models are found by what they do, by language and by name', async () => {
    await using opened = await open();
    const { page } = opened;
    const shown = async (): Promise<readonly (string | null)[]> =>
      await page.getByRole('article').evaluateAll((cards) => cards.map((card) => card.ariaLabel));
    expect(await shown()).toEqual(['Tiny Voice']);
    await page.getByLabel('Language', { exact: true }).nth(2).selectOption('all');
    expect(await shown()).toEqual(['Swedish Ears', 'Tiny Voice']);
    await page.getByLabel('What it does').selectOption('synthesizer');
    expect(await shown()).toEqual(['Tiny Voice']);
    await page.getByLabel('Find').fill('nothing of the kind');
    await page.getByText('No model fits.').waitFor();
  });

  test('a set for a size and a language is planned as that', async () => {
    await using opened = await open();
    const { page } = opened;
    const set = page.getByRole('region', { name: 'A set that fits' });
    await set.getByLabel('Machine').selectOption('small');
    await set.getByLabel('Language').selectOption('sv');
    const asked = page.waitForRequest((request) => request.url().endsWith('/plans'));
    await set.getByRole('button', { name: 'See what it takes' }).click();
    expect((await asked).postDataJSON()).toEqual({ names: ['small-sv'] });
    await page.getByRole('dialog', { name: 'Get a set for Swedish' }).waitFor();
  });

  test('what does each part of the work is told with its reason', async () => {
    await using opened = await open();
    const used = opened.page.getByRole('region', { name: 'In use now' });
    await used.getByText('Hears: pocketsphinx').waitFor();
    await used.getByText('It is installed on this machine.').waitFor();
    await used.getByText('Speaks: nothing').waitFor();
  });

  test('who may not pull is told what it takes', async () => {
    await stop();
    await start(['user']);
    await using opened = await open();
    const { page } = opened;
    await page.getByRole('button', { name: 'Get Tiny Voice' }).click();
    await page
      .getByRole('alert')
      .getByText(/Give it the role contributor/)
      .waitFor();
    expect(await page.getByRole('button', { name: 'Get it' }).isDisabled()).toBe(true);
  });
});
