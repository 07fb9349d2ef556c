import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ScriptSource } from '../../src/engines/scripted/script.ts';
import { startScriptedServer } from '../conformance/scripted-server.ts';
import type { TestServer } from '../support/test-server.ts';
import { type ChatPage, openChat } from './open-chat.ts';
import { accessibilityFaults } from './support/accessibility.ts';
import { hasChromium, launchBrowser } from './support/browser.ts';

const scripts: Readonly<Record<string, ScriptSource>> = {
  'weather-desk': {
    rules: [
      {
        when: { user: 'weather' },
        reply: { call: { name: 'get_weather', arguments: { city: 'Kiruna' } } },
      },
      { when: { toolResult: '/(-?\\d+)/' }, reply: { say: 'It is {1} degrees.' } },
      {
        when: { user: 'break' },
        reply: { say: 'This is going to', fail: { reason: 'failed', afterWords: 3 } },
      },
      {
        when: { user: 'long' },
        reply: { say: 'word '.repeat(400), delay: { firstTokenMs: 0, perWordMs: 50 } },
      },
    ],
    otherwise: { say: 'You said {heard}.' },
  },
};

describe.skipIf(!hasChromium)('the chat of the playground', { timeout: 120_000 }, () => {
  let server: TestServer;
  let browser: Browser;

  beforeAll(async () => {
    server = await startScriptedServer({ scripts });
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
  });

  async function open(): Promise<ChatPage> {
    const chat = await openChat(browser, { url: server.url, secret: server.key });
    await chat.page.getByRole('combobox', { name: 'Deployment' }).selectOption('weather-desk');
    return chat;
  }

  async function choose(chat: ChatPage, answers: 'Text' | 'Text and audio'): Promise<void> {
    await chat.page.getByRole('radiogroup', { name: 'Answers' }).getByText(answers, { exact: true }).click();
  }

  test('a typed question is answered with words and a sound of the same length as was sent', async () => {
    await using chat = await open();
    await chat.say('hello');
    const answer = await chat.answer(1);
    await answer.getByText('You said hello.').waitFor();
    const slider = answer.getByRole('slider', { name: 'Position: Answer' });
    await expect.poll(async () => Number(await slider.getAttribute('aria-valuemax'))).toBeGreaterThan(0.5);
    const [file] = await Promise.all([
      chat.page.waitForEvent('download'),
      answer.getByRole('link', { name: 'Download: Answer' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('answer.pcm');
    const seconds = (await readFile(await file.path())).length / 2 / 24_000;
    expect(Number(await slider.getAttribute('aria-valuemax'))).toBeCloseTo(seconds, 0);
    await answer.getByText(/tokens in .* audio\)$/).waitFor();
    expect(chat.complaints).toEqual([]);
  });

  test('the waveform is drawn, and its player is played and sought by keys', async () => {
    await using chat = await open();
    await chat.page.getByRole('switch', { name: 'Play answers as they come' }).click({ force: true });
    await chat.say('hello');
    const answer = await chat.answer(1);
    await answer.locator('canvas').first().waitFor({ state: 'attached' });
    const slider = answer.getByRole('slider');
    await slider.focus();
    await chat.page.keyboard.press('End');
    await expect.poll(async () => Number(await slider.getAttribute('aria-valuenow'))).toBeGreaterThan(0.5);
    await chat.page.keyboard.press('Home');
    await expect.poll(async () => await slider.getAttribute('aria-valuenow')).toBe('0');
    await answer.getByRole('button', { name: 'Play: Answer' }).press('Enter');
    await answer.getByRole('button', { name: 'Pause: Answer' }).waitFor();
    expect(chat.complaints).toEqual([]);
  });

  test('the second turn names the spoken answer by its id', async () => {
    await using chat = await open();
    await chat.say('hello');
    await chat.answer(1);
    await chat.say('again');
    const answer = await chat.answer(2);
    await answer.getByText('You said again.').waitFor();
    expect(chat.requests[1]?.body.messages).toEqual([
      { role: 'user', content: 'hello' },
      { role: 'assistant', audio: { id: expect.stringMatching(/^audio_/) } },
      { role: 'user', content: 'again' },
    ]);
  });

  test('an id that the server has forgotten is explained, and its words are sent instead', async () => {
    await using chat = await open();
    await chat.page.route('**/chat/completions*', async (route) => {
      const body = route.request().postData() ?? '';
      await route.continue({ postData: body.replace(/"audio_\w+"/, '"audio_gone"') });
    });
    await chat.say('hello');
    await chat.answer(1);
    await chat.say('again');
    const alert = chat.page.getByRole('alert');
    await alert.getByText("Audio with id 'audio_gone' not found or expired.").waitFor();
    await alert.getByRole('button', { name: 'Send the words instead' }).click();
    await (await chat.answer(2)).getByText('You said again.').waitFor();
    expect(chat.requests.at(-1)?.body.messages[1]).toEqual({ role: 'assistant', content: 'You said hello.' });
  });

  test('a tool call is answered by hand, and the conversation goes on', async () => {
    await using chat = await open();
    await chat.page.getByRole('button', { name: 'Sampling and tools' }).click();
    await chat.page.getByRole('button', { name: 'Insert an example' }).click();
    await chat.say('What is the weather?');
    const call = await chat.answer(1);
    await call.getByText('Calls get_weather').first().waitFor();
    await call.getByText('"Kiruna"').waitFor();
    expect(await chat.page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true);
    await call.getByRole('textbox', { name: 'What get_weather answers' }).fill('{"degrees": -7}');
    await call.getByRole('button', { name: 'Send the answer' }).click();
    await (await chat.answer(2)).getByText('It is -7 degrees.').waitFor();
    expect(chat.requests[1]?.body.messages.slice(1)).toEqual([
      {
        role: 'assistant',
        tool_calls: [
          {
            id: expect.any(String),
            type: 'function',
            function: { name: 'get_weather', arguments: '{"city":"Kiruna"}' },
          },
        ],
      },
      { role: 'tool', tool_call_id: expect.any(String), content: '{"degrees": -7}' },
    ]);
  });

  test('a running answer is stopped, keeps what came, and is told in its words afterwards', async () => {
    await using chat = await open();
    await choose(chat, 'Text');
    await chat.say('a long story');
    const begun = chat.page.getByRole('article', { name: 'Assistant' });
    await begun.getByText(/word word/).waitFor();
    await chat.page.getByRole('button', { name: 'Stop', exact: true }).click();
    await (await chat.answer(1)).getByText('Stopped here.').waitFor();
    await chat.say('again');
    await chat.answer(2);
    expect(chat.requests[1]?.body.messages[1]).toEqual({
      role: 'assistant',
      content: expect.stringMatching(/^word word/),
    });
  });

  test('an answer that breaks off keeps the question, which is asked again or changed', async () => {
    await using chat = await open();
    await choose(chat, 'Text');
    await chat.say('break down');
    const alert = chat.page.getByRole('alert');
    await alert.getByText('An engine failed while processing your request.').waitFor();
    await alert.getByText(/^Request id/).waitFor();
    await alert.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => chat.requests.length).toBe(2);
    expect(chat.requests[1]?.body).toEqual(chat.requests[0]?.body);
    await alert.getByRole('button', { name: 'Change the message' }).click();
    expect(await chat.message.inputValue()).toBe('break down');
    await chat.say('hello');
    await (await chat.answer(1)).getByText('You said hello.').waitFor();
  });

  test('the request and the response are shown as JSON', async () => {
    await using chat = await open();
    await chat.page.getByRole('combobox', { name: 'Audio format' }).selectOption('wav');
    await chat.say('hello');
    const answer = await chat.answer(1);
    await answer.getByRole('button', { name: 'Request, response and code' }).click();
    await answer.getByRole('region', { name: 'Request' }).getByText('"weather-desk"').waitFor();
    await answer.getByRole('tab', { name: 'Response' }).click();
    const response = answer.getByRole('region', { name: 'Response' });
    await response.getByText('"chat.completion"').waitFor();
    await expect.poll(async () => await response.innerText()).toContain('"You said hello."');
    expect(await response.innerText()).toMatch(/"UklGR[\w+/]{11}…" [\d,]+ characters/);
  });

  test.each(['light', 'dark'] as const)(
    'nothing of an answer and its making is hard to reach in the %s',
    async (colorScheme) => {
      await using chat = await open();
      await chat.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await chat.page.getByRole('button', { name: 'Sampling and tools' }).click();
      await chat.say('hello');
      const answer = await chat.answer(1);
      await answer.getByRole('button', { name: 'Request, response and code' }).click();
      for (const part of ['Request', 'Response', 'Code']) {
        await answer.getByRole('tab', { name: part, exact: true }).click();
        expect(await accessibilityFaults(chat.page)).toEqual([]);
      }
    },
  );
});
