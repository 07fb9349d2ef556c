import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Download, Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../quickstarts/program.ts';
import { preparePython } from '../support/python.ts';
import { type SpawnedServer, spawnServer } from '../support/spawned-server.ts';
import { openChat, speech } from './open-chat.ts';
import { hasChromium, launchBrowser } from './support/browser.ts';

const project = resolve(import.meta.dirname, '../..');
const requirements = join(project, 'test/quickstarts/requirements.txt');
const hasPython = spawnSync('python3', ['-m', 'venv', '--help']).status === 0;
if (!hasPython) console.warn('Left out, as python3 and its venv are not installed: copied Python code.');

/** What a program says that tells an answer: the built-in script repeats what it is told. */
const ANSWER = 'You said: Is a golden retriever';

const accesses = [
  { label: 'Without a key', flags: [] },
  { label: 'With a key', flags: ['--key'] },
] as const;
const languages = ['TypeScript', ...(hasPython ? ['Python'] : []), 'curl'];
const cases = languages.flatMap((language) => accesses.map((access) => ({ language, ...access })));

describe.skipIf(!hasChromium)('code that is copied from the chat', { timeout: 120_000 }, () => {
  let server: SpawnedServer;
  let secret: string;
  let browser: Browser;
  let folder: string;
  let python: string;

  beforeAll(async () => {
    server = await spawnServer();
    secret = (await server.samtal('key')).trim();
    browser = await launchBrowser();
    if (hasPython) python = await preparePython('quickstarts-python', requirements);
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'samtal-code-'));
    // What `npm install openai @azure/identity` gives a reader.
    await symlink(join(project, 'node_modules'), join(folder, 'node_modules'));
    return async () => await rm(folder, { recursive: true });
  });

  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
  });

  /** Saves the program under the name that stands above it, and runs it as its first line says. */
  async function runCopied(
    block: Locator,
    { language, label, flags }: (typeof cases)[number],
  ): Promise<string> {
    await block.getByRole('tab', { name: language }).click();
    await block.getByRole('radiogroup', { name: 'Credential' }).getByText(label).click();
    const snippet = block.getByRole('figure').last();
    const name = (await snippet.getByText(/^chat\.\w+$/).innerText()).trim();
    const page = block.page();
    await snippet.getByRole('button', { name: 'Copy' }).click();
    await snippet.getByRole('button', { name: 'Copied' }).waitFor();
    const code = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(code).not.toContain(secret);
    await writeFile(join(folder, name), code);
    const [, command = '', file = ''] = /Run it with: (\w+) (\S+)/.exec(code) ?? [];
    expect(file).toBe(name);
    const programs: Readonly<Record<string, string>> = { node: process.execPath, python, sh: 'sh' };
    const env = await server.environment(...flags);
    return await run(programs[command] ?? command, [file], { cwd: folder, env });
  }

  describe('a stream of speech', () => {
    let block: Locator;

    beforeAll(async () => {
      const { page, message } = await openChat(browser, { url: server.url, secret });
      await page
        .getByRole('textbox', { name: 'Instructions' })
        .fill(`Don't say "no" for $5 \\ or \`more\`.\nBe kind.`);
      await message.fill('Is a golden retriever a good family dog?');
      await page.getByRole('button', { name: 'Code', exact: true }).click();
      block = page.getByRole('dialog');
    });

    test.each(cases)('$language, $label', async (one) => {
      const output = await runCopied(block, one);
      expect(one.language === 'curl' ? joinTranscript(output) : output).toContain(ANSWER);
      expect((await readFile(join(folder, 'answer.pcm'))).length).toBeGreaterThan(48_000);
    });
  });

  describe('an attached file, after an earlier answer', () => {
    let block: Locator;
    let question: Download;

    beforeAll(async () => {
      const { page, message, say, answer } = await openChat(browser, { url: server.url, secret });
      await page.getByRole('combobox', { name: 'Audio format' }).selectOption('mp3');
      await say('hello');
      await answer(1);
      await page.locator('input[type=file]').setInputFiles({
        name: 'my question.wav',
        mimeType: 'audio/wav',
        buffer: await speech({ url: server.url, secret }, 'wav'),
      });
      await page.getByRole('group', { name: 'my-question.wav' }).waitFor();
      await message.fill('Is a golden retriever a good family dog?');
      await message.press('Enter');
      block = await answer(2);
      await block.getByRole('button', { name: 'Request, response and code' }).click();
      await block.getByRole('tab', { name: 'Code' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        block.getByRole('link', { name: 'Download my-question.wav' }).click(),
      ]);
      question = download;
    });

    test.each(cases)('$language, $label', async (one) => {
      await question.saveAs(join(folder, question.suggestedFilename()));
      expect(await runCopied(block, one)).toContain(ANSWER);
      const mp3 = await readFile(join(folder, 'answer.mp3'));
      expect(mp3.subarray(0, 3).toString('latin1') === 'ID3' || mp3[0] === 0xff).toBe(true);
      expect(mp3.length).toBeGreaterThan(5_000);
    });
  });
});

/** The words of a stream as it came over the wire. */
function joinTranscript(events: string): string {
  return [...events.matchAll(/"transcript":"((?:[^"\\]|\\.)*)"/g)].map(([, piece = '']) => piece).join('');
}
