import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { accessibilityFaults } from './support/accessibility.ts';
import { hasChromium, launchBrowser, type OpenOptions, type OpenPage, openPage } from './support/browser.ts';
import { hasFocus, tabTo } from './support/keyboard.ts';

const DEPLOYMENTS =
  '/subscriptions/s/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/samtal/deployments';

describe.skipIf(!hasChromium)('the deployments of the playground', () => {
  let server: TestServer;
  let browser: Browser;

  beforeAll(async () => {
    server = await startTestServer({
      config: { deployments: { fixed: { model: 'gpt-audio', defaults: { voice: 'sage' } } } },
    });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    await ask('guide', { method: 'DELETE' });
  });

  async function ask(name: string, init: { method?: string; body?: string } = {}): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    return await server.get(`${DEPLOYMENTS}/${name}?api-version=2024-10-01`, { ...init, headers });
  }

  async function settingsOf(name: string): Promise<unknown> {
    const { properties } = (await (await ask(name)).json()) as {
      properties: { model: { name: string }; samtal: { engines: unknown; defaults: unknown } };
    };
    return { model: properties.model.name, ...properties.samtal, answers: undefined, missing: undefined };
  }

  async function make(properties: object = {}): Promise<void> {
    const body = JSON.stringify({ properties: { model: { name: 'gpt-audio' }, ...properties } });
    expect((await ask('guide', { method: 'PUT', body })).status).toBe(201);
  }

  async function open(options: OpenOptions = {}): Promise<OpenPage> {
    const opened = await openPage(browser, new URL('/deployments', server.url), {
      secret: server.key,
      ...options,
    });
    await opened.page.getByRole('article').first().waitFor();
    return opened;
  }

  function card(page: Page, name: string): Locator {
    return page.getByRole('article', { name, exact: true });
  }

  test('a deployment is made, changed and deleted by mouse', async () => {
    await using opened = await open();
    const { page, complaints } = opened;
    await page.getByRole('button', { name: 'New deployment' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('guide');
    await dialog.getByLabel('Model').fill('gpt-audio');
    await dialog.getByLabel('Speaks').selectOption('flite');
    await dialog.getByLabel('Voice').selectOption('coral');
    await dialog.getByLabel('Temperature').fill('0.5');
    await dialog.getByLabel('Instructions').fill('Be brief.');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('status').getByText('guide is there.').waitFor();
    expect(await settingsOf('guide')).toEqual({
      model: 'gpt-audio',
      origin: 'created',
      engines: { synthesizer: 'flite' },
      defaults: { voice: 'coral', temperature: 0.5, instructions: 'Be brief.' },
    });
    await card(page, 'guide').getByText('Voice: coral').waitFor();

    await page.getByRole('button', { name: 'Edit guide' }).click();
    await dialog.getByLabel('Speaks').selectOption('');
    await dialog.getByLabel('Instructions').fill('');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('status').getByText('guide has been changed.').waitFor();
    expect(await settingsOf('guide')).toEqual({
      model: 'gpt-audio',
      origin: 'created',
      engines: {},
      defaults: { voice: 'coral', temperature: 0.5 },
    });

    await page.getByRole('button', { name: 'Delete guide' }).click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('status').getByText('guide is gone.').waitFor();
    await card(page, 'guide').waitFor({ state: 'detached' });
    expect((await ask('guide')).status).toBe(404);
    expect(complaints).toEqual([]);
  });

  test('a deployment is made, changed and deleted by keyboard alone', async () => {
    await using opened = await open();
    const { page } = opened;
    const { keyboard } = page;
    await tabTo(page.getByRole('button', { name: 'New deployment' }));
    await keyboard.press('Enter');
    await expectFocus(page.getByRole('dialog').getByLabel('Name'));
    await keyboard.type('guide');
    await keyboard.press('Tab');
    await keyboard.type('gpt-audio');
    await tabTo(page.getByRole('dialog').getByLabel('Voice'));
    await keyboard.type('echo');
    await tabTo(page.getByRole('dialog').getByRole('button', { name: 'Create' }));
    await keyboard.press('Enter');
    await page.getByRole('status').getByText('guide is there.').waitFor();
    expect(await settingsOf('guide')).toMatchObject({ model: 'gpt-audio', defaults: { voice: 'echo' } });

    await tabTo(page.getByRole('button', { name: 'Edit guide' }));
    await keyboard.press('Enter');
    await tabTo(page.getByRole('dialog').getByLabel('Temperature'));
    await keyboard.type('1');
    await keyboard.press('Enter');
    await page.getByRole('status').getByText('guide has been changed.').waitFor();
    expect(await settingsOf('guide')).toMatchObject({ defaults: { voice: 'echo', temperature: 1 } });

    await tabTo(page.getByRole('button', { name: 'Delete guide' }));
    await keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect((await ask('guide')).status).toBe(200);
    await expectFocus(page.getByRole('button', { name: 'Delete guide' }));
    await keyboard.press('Enter');
    await tabTo(page.getByRole('dialog').getByRole('button', { name: 'Delete' }));
    await keyboard.press('Enter');
    await page.getByRole('status').getByText('guide is gone.').waitFor();
    expect((await ask('guide')).status).toBe(404);
    await expectFocus(page.getByRole('button', { name: 'New deployment' }));
  });

  test('what is left out or wrong is told where it is', async () => {
    await using opened = await open();
    const { page } = opened;
    await page.getByRole('button', { name: 'New deployment' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Create' }).click();
    expect(await dialog.getByText('Fill this in.').count()).toBe(2);
    await dialog.getByLabel('Name').fill('tts-1');
    await dialog.getByText('There is a deployment of this name already.').waitFor();
    await dialog.getByLabel('Name').fill('guide');
    await dialog.getByLabel('Model').fill('text-embedding-3-small');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await dialog.getByRole('alert').getByText('it hears, thinks and speaks').waitFor();
  });

  test('two who change one deployment at once hear of each other and lose nothing', async () => {
    await make();
    await using opened = await open();
    const { page } = opened;
    await page.getByRole('button', { name: 'Edit guide' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Voice').selectOption('verse');
    const body = JSON.stringify({ properties: { samtal: { defaults: { temperature: 1.5 } } } });
    expect((await ask('guide', { method: 'PATCH', body })).status).toBe(200);

    await dialog.getByRole('button', { name: 'Save' }).click();
    const conflict = dialog.getByRole('alert');
    await conflict.getByText('key:default changed this deployment').waitFor();
    await conflict.getByText('Temperature: empty → 1.5').waitFor();
    await conflict.getByRole('button', { name: 'Keep my changes' }).click();
    expect(await dialog.getByLabel('Temperature').inputValue()).toBe('1.5');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('status').getByText('guide has been changed.').waitFor();
    expect(await settingsOf('guide')).toMatchObject({ defaults: { voice: 'verse', temperature: 1.5 } });
  });

  test('a deployment that was changed meanwhile is looked at again before it is deleted', async () => {
    await make();
    await using opened = await open();
    const { page } = opened;
    await page.getByRole('button', { name: 'Delete guide' }).click();
    const body = JSON.stringify({ properties: { samtal: { defaults: { voice: 'nova' } } } });
    await ask('guide', { method: 'PATCH', body });
    const confirm = page.getByRole('dialog').getByRole('button', { name: 'Delete' });
    await confirm.click();
    await page.getByRole('alert').getByText('It was changed while this stood open.').waitFor();
    expect((await ask('guide')).status).toBe(200);
    await confirm.click();
    await page.getByRole('status').getByText('guide is gone.').waitFor();
  });

  test('a deployment of the configuration can be looked at, not changed', async () => {
    await using opened = await open();
    const { page } = opened;
    const fixed = card(page, 'fixed');
    await fixed.getByText('Model gpt-audio').waitFor();
    await fixed.getByText('Voice: sage').waitFor();
    await fixed.getByText('changed there').waitFor();
    expect(await fixed.getByRole('button').count()).toBe(0);
  });

  test('a deployment tells what answers, in which languages, and what is missing with its remedy', async () => {
    await using opened = await open();
    const { page } = opened;
    await card(page, 'tts-1')
      .getByText(/flite.*English.*13 voices/)
      .waitFor();
    await page.getByText(/No language model is connected.*samtal pull.*Or start Ollama/).waitFor();
  });

  test('deployments are found by name and by model', async () => {
    await using opened = await open();
    const { page } = opened;
    await card(page, 'tts-1').waitFor();
    await page.getByRole('searchbox', { name: 'Find by name or model' }).fill('whisper');
    await card(page, 'tts-1').waitFor({ state: 'detached' });
    expect(await page.getByRole('article').count()).toBe(1);
  });

  test.each(['light', 'dark'] as const)(
    'its dialogs have no serious fault of accessibility, %s',
    async (colorScheme) => {
      await make();
      await using opened = await open({ colorScheme, reducedMotion: 'reduce' });
      const { page } = opened;
      for (const name of ['New deployment', 'Edit guide', 'Delete guide']) {
        await page.getByRole('button', { name }).click();
        await page.getByRole('dialog').getByRole('button').first().waitFor();
        await page.evaluate('Promise.all(document.getAnimations().map(({ finished }) => finished))');
        expect(await accessibilityFaults(page)).toEqual([]);
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
      }
    },
  );
});

async function expectFocus(target: Locator): Promise<void> {
  await expect.poll(async () => await hasFocus(target)).toBe(true);
}
