import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { type Frame, openRealtime, type RealtimePage } from './open-realtime.ts';
import { accessibilityFaults } from './support/accessibility.ts';
import { hasChromium, launchBrowser } from './support/browser.ts';

type Session = Readonly<Record<string, unknown>>;

describe.skipIf(!hasChromium)('the controls of the realtime page', { timeout: 120_000 }, () => {
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

  async function open(address: 'preview' | 'ga' | 'openai' = 'ga'): Promise<RealtimePage> {
    const realtime = await openRealtime(browser, { url: server.url, secret: server.key });
    const { page, setting } = realtime;
    await page.getByRole('button', { name: 'Start listening' }).and(page.locator(':enabled')).waitFor();
    await setting('Protocol').selectOption(address);
    for (const name of ['Hearing', 'Tools', 'Devices'])
      await page.getByRole('button', { name, exact: true }).click();
    return realtime;
  }

  /** Opens a session by a typed message, so that what follows is told to a session that runs. */
  async function openLive(address: 'preview' | 'ga' = 'ga'): Promise<RealtimePage> {
    const realtime = await open(address);
    await choose(realtime.page, 'Answer by', 'Text');
    await realtime.say('Hello');
    await realtime.frame('received', 'response.done');
    return realtime;
  }

  async function choose(page: Page, group: string, option: string): Promise<void> {
    await page.getByRole('radiogroup', { name: group }).getByText(option, { exact: true }).click();
  }

  async function press(page: Page, slider: string, key: string): Promise<void> {
    const thumb = page.getByRole('slider', { name: slider, exact: true });
    await thumb.focus();
    await thumb.press(key);
  }

  /** The settings that the next `session.update` tells, and that the server took them. */
  async function told(realtime: RealtimePage, act: () => Promise<unknown>): Promise<Session> {
    const from = realtime.frames.length;
    await act();
    const update = await realtime.frame('sent', 'session.update', from);
    await realtime.frame('received', 'session.updated', from);
    expect(errors(realtime.frames)).toEqual([]);
    return update['session'] as Session;
  }

  const errors = (frames: readonly Frame[]) => frames.filter(({ event }) => event.type === 'error');
  const label = (page: Page, name: string) =>
    page.getByRole('complementary').getByLabel(name, { exact: true });

  const standardTurns = {
    type: 'server_vad',
    threshold: 0.5,
    prefix_padding_ms: 300,
    silence_duration_ms: 500,
    create_response: true,
    interrupt_response: true,
  };

  test('each control tells a running preview session what changed, and nothing else', async () => {
    await using realtime = await openLive('preview');
    const { page } = realtime;
    const steps: readonly (readonly [() => Promise<unknown>, Session])[] = [
      [async () => await label(page, 'Voice').selectOption('coral'), { voice: 'coral' }],
      [
        async () => {
          await label(page, 'Instructions').fill('Be brief.');
          await label(page, 'Instructions').blur();
        },
        { instructions: 'Be brief.' },
      ],
      [async () => await choose(page, 'Answer by', 'Speech'), { modalities: ['text', 'audio'] }],
      [async () => await press(page, 'Temperature', 'End'), { temperature: 1.2 }],
      [
        async () => await press(page, 'Most tokens of an answer', 'End'),
        { max_response_output_tokens: 4096 },
      ],
      [
        async () => await press(page, 'Threshold', 'Home'),
        { turn_detection: { ...standardTurns, threshold: 0 } },
      ],
      [
        async () => await press(page, 'Prefix padding', 'End'),
        { turn_detection: { ...standardTurns, threshold: 0, prefix_padding_ms: 2000 } },
      ],
      [
        async () => await choose(page, 'Turn detection', 'Semantic'),
        {
          turn_detection: {
            type: 'semantic_vad',
            eagerness: 'auto',
            create_response: true,
            interrupt_response: true,
          },
        },
      ],
      [async () => await choose(page, 'Turn detection', 'None'), { turn_detection: null }],
      [
        async () => await label(page, 'Transcription model').selectOption('gpt-4o-transcribe'),
        { input_audio_transcription: { model: 'gpt-4o-transcribe' } },
      ],
      [
        async () => {
          await label(page, 'Language spoken').fill('en');
          await label(page, 'Language spoken').press('Enter');
        },
        { input_audio_transcription: { model: 'gpt-4o-transcribe', language: 'en' } },
      ],
      [
        async () => await page.getByRole('switch', { name: 'Write down what I say' }).click(),
        { input_audio_transcription: null },
      ],
      [
        async () => await label(page, 'Noise reduction').selectOption('far_field'),
        { input_audio_noise_reduction: { type: 'far_field' } },
      ],
      [
        async () => await label(page, 'Noise reduction').selectOption('near_field'),
        { input_audio_noise_reduction: { type: 'near_field' } },
      ],
      [
        async () => await label(page, 'Input format').selectOption('g711_ulaw'),
        { input_audio_format: 'g711_ulaw' },
      ],
      [
        async () => await label(page, 'Output format').selectOption('g711_alaw'),
        { output_audio_format: 'g711_alaw' },
      ],
    ];
    for (const [act, session] of steps) expect(await told(realtime, act)).toEqual(session);
  });

  test('each control tells a running GA session what changed, in GA’s words', async () => {
    await using realtime = await openLive('ga');
    const { page } = realtime;
    const turns = { ...standardTurns, idle_timeout_ms: null };
    const input = (fields: Session): Session => ({ type: 'realtime', audio: { input: fields } });
    const output = (fields: Session): Session => ({ type: 'realtime', audio: { output: fields } });
    const steps: readonly (readonly [() => Promise<unknown>, Session])[] = [
      [async () => await label(page, 'Voice').selectOption('marin'), output({ voice: 'marin' })],
      [async () => await press(page, 'Speed', 'End'), output({ speed: 1.5 })],
      [
        async () => await choose(page, 'Answer by', 'Speech'),
        { type: 'realtime', output_modalities: ['audio'] },
      ],
      [
        async () => await press(page, 'Most tokens of an answer', 'End'),
        { type: 'realtime', max_output_tokens: 4096 },
      ],
      [
        async () => await press(page, 'Silence duration', 'End'),
        input({ turn_detection: { ...turns, silence_duration_ms: 4000 } }),
      ],
      [
        async () => await press(page, 'Idle timeout', 'End'),
        input({ turn_detection: { ...turns, silence_duration_ms: 4000, idle_timeout_ms: 30_000 } }),
      ],
      [
        async () => await choose(page, 'Turn detection', 'Semantic'),
        input({
          turn_detection: {
            type: 'semantic_vad',
            eagerness: 'auto',
            create_response: true,
            interrupt_response: true,
          },
        }),
      ],
      [
        async () => await label(page, 'Eagerness').selectOption('high'),
        input({
          turn_detection: {
            type: 'semantic_vad',
            eagerness: 'high',
            create_response: true,
            interrupt_response: true,
          },
        }),
      ],
      [
        async () => await page.getByRole('switch', { name: 'Answer when a turn ends' }).click(),
        input({
          turn_detection: {
            type: 'semantic_vad',
            eagerness: 'high',
            create_response: false,
            interrupt_response: true,
          },
        }),
      ],
      [
        async () => await page.getByRole('switch', { name: 'Speech interrupts the answer' }).click(),
        input({
          turn_detection: {
            type: 'semantic_vad',
            eagerness: 'high',
            create_response: false,
            interrupt_response: false,
          },
        }),
      ],
      [
        async () => await label(page, 'Noise reduction').selectOption('near_field'),
        input({ noise_reduction: { type: 'near_field' } }),
      ],
      [
        async () => await page.getByRole('switch', { name: 'Write down what I say' }).click(),
        input({ transcription: null }),
      ],
      [
        async () => await label(page, 'Input format').selectOption('g711_alaw'),
        input({ format: { type: 'audio/pcma' } }),
      ],
      [
        async () => await label(page, 'Output format').selectOption('g711_ulaw'),
        output({ format: { type: 'audio/pcmu' } }),
      ],
    ];
    for (const [act, session] of steps) expect(await told(realtime, act)).toEqual(session);
  });

  test('each field of a tool is told, and a canned answer is given as it is written', async () => {
    await using realtime = await openLive('ga');
    const { page, say, frame } = realtime;
    const tools = (fields: Session): Session => ({
      type: 'realtime',
      tools: [{ type: 'function', name: 'get_tide', description: 'The next tide.', ...fields }],
    });
    const field = async (name: string, text: string): Promise<void> => {
      await label(page, name).last().fill(text);
      await label(page, name).last().blur();
    };
    await told(realtime, async () => await page.getByRole('button', { name: 'Add a tool' }).click());
    await told(realtime, async () => await field('Description', 'The next tide.'));
    const named = await told(realtime, async () => await field('Name', 'get_tide'));
    expect(named).toMatchObject(tools({}));
    const parameters = { type: 'object', properties: { harbour: { type: 'string' } } };
    const update = await told(
      realtime,
      async () => await field('Parameters, as JSON schema', JSON.stringify(parameters)),
    );
    expect(update).toEqual(tools({ parameters }));

    await field('Fixed text', 'High water at noon.');
    await told(realtime, async () => await label(page, 'Tool choice').selectOption('required'));
    const from = realtime.frames.length;
    await say('When is the tide?');
    await frame('received', 'response.function_call_arguments.done', from);
    await expect
      .poll(() => realtime.frames.slice(from).flatMap(({ sent, event }) => (sent ? [event['item']] : [])))
      .toContainEqual(
        expect.objectContaining({ type: 'function_call_output', output: 'High water at noon.' }),
      );
    const removed = await told(
      realtime,
      async () => await page.getByRole('button', { name: 'Remove get_tide' }).click(),
    );
    expect(removed).toMatchObject({ tools: [] });
  });

  test('the devices that are chosen are asked for, and spoken through', async () => {
    await using realtime = await open();
    const { page } = realtime;
    await page.evaluate(`
      const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      window.asked = [];
      navigator.mediaDevices.getUserMedia = (wanted) => { window.asked.push(wanted.audio.deviceId); return ask(wanted); };
      const speak = AudioContext.prototype.setSinkId;
      window.spokenThrough = [];
      AudioContext.prototype.setSinkId = function (id) { window.spokenThrough.push(id); return speak.call(this, id); };
    `);
    await page.getByRole('button', { name: 'Start listening' }).click();
    await page.getByRole('status').getByText('Listening').waitFor();
    const choose = async (name: string): Promise<string> => {
      const options = label(page, name).getByRole('option');
      await options.nth(1).waitFor({ state: 'attached' });
      const id = await options.last().getAttribute('value');
      await label(page, name).selectOption(id);
      return String(id);
    };
    const microphone = await choose('Microphone');
    await expect.poll(() => page.evaluate('window.asked')).toEqual([undefined, { exact: microphone }]);
    const loudspeaker = await choose('Loudspeaker');
    await expect.poll(() => page.evaluate('window.spokenThrough.at(-1)')).toBe(loudspeaker);
  });

  test.each([
    ['preview', '/openai/realtime?api-version=2024-10-01-preview&deployment='],
    ['ga', '/openai/v1/realtime?model='],
    ['openai', '/v1/realtime?model='],
  ] as const)(
    'the protocol %s is asked for at its address, with no credential in it',
    async (address, path) => {
      await using realtime = await open(address);
      const { page, say } = realtime;
      await label(page, 'Deployment').selectOption('gpt-realtime-mini');
      const [socket] = await Promise.all([page.waitForEvent('websocket'), say('Hello')]);
      expect(socket.url()).toBe(`${server.url.replace('http', 'ws')}${path}gpt-realtime-mini&samtal-trace=1`);
      expect(socket.url()).not.toContain(server.key);
    },
  );

  test('settings survive a reload, and the key is not among them', async () => {
    await using realtime = await open('preview');
    const { page } = realtime;
    await label(page, 'Voice').selectOption('sage');
    await press(page, 'Threshold', 'End');
    await page.reload();
    await page.getByRole('button', { name: 'Hearing', exact: true }).waitFor();
    expect(await label(page, 'Voice').inputValue()).toBe('sage');
    expect(await page.getByRole('slider', { name: 'Threshold' }).getAttribute('aria-valuenow')).toBe('1');
    const stored = await page.evaluate('JSON.stringify(localStorage)');
    expect(stored).toContain('sage');
    expect(stored).not.toContain(server.key);
  });

  test('the microphone is asked for as it is set', async () => {
    await using realtime = await open();
    const { page } = realtime;
    await page.evaluate(`
      const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      window.asked = [];
      navigator.mediaDevices.getUserMedia = (wanted) => { window.asked.push(wanted.audio); return ask(wanted); };
    `);
    await page.getByRole('switch', { name: 'Echo cancellation' }).click();
    await page.getByRole('button', { name: 'Start listening' }).click();
    await page.getByRole('status').getByText('Listening').waitFor();
    await page.getByRole('switch', { name: 'Automatic gain' }).click();
    await page.waitForFunction('window.asked.length === 2');
    await page.getByRole('switch', { name: 'Noise suppression' }).click();
    await page.waitForFunction('window.asked.length === 3');
    expect(await page.evaluate('window.asked')).toEqual([
      { channelCount: 1, echoCancellation: false, noiseSuppression: true, autoGainControl: true },
      { channelCount: 1, echoCancellation: false, noiseSuppression: true, autoGainControl: false },
      { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    ]);
  });

  test('on a phone the settings open beside, and axe finds nothing serious', async () => {
    const as = { url: server.url, secret: server.key };
    await using realtime = await openRealtime(browser, as, { viewport: { width: 360, height: 780 } });
    const { page } = realtime;
    await page.getByRole('button', { name: 'Settings' }).click();
    const drawer = page.getByRole('dialog', { name: 'Settings' });
    await drawer.getByLabel('Deployment').waitFor();
    await drawer.getByRole('button', { name: 'Tools' }).click();
    await drawer.getByRole('button', { name: 'Add a tool' }).click();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'hidden' });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });
});
