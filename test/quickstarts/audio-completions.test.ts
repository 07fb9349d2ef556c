import { spawnSync } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Codecs, createCodecs } from '../../src/audio/codecs/codec-pool.ts';
import { transcribe } from '../../src/conversation/transcribe.ts';
import { findPocketsphinx, type Pocketsphinx, pocketsphinx } from '../../src/engines/pocketsphinx/index.ts';
import { preparePython } from '../support/python.ts';
import { type RecordedAnswer, type RecordingProxy, recordingProxy } from '../support/recording-proxy.ts';
import { sharedFolder } from '../support/shared.ts';
import { type SpawnedServer, spawnServer } from '../support/spawned-server.ts';
import { countWordErrors, type WordErrors } from '../support/word-errors.ts';
import { compile, copyPrograms, type Edition, installNodePackages, run } from './program.ts';

const programs = sharedFolder('quickstarts/audio-completions', 'the twelve quickstart programs');
const hasEars = findPocketsphinx() !== undefined;
if (programs && !hasEars) console.warn('Left out, as pocketsphinx is not installed: the quickstart programs');
const hasPython = spawnSync('python3', ['-m', 'venv', '--help']).status === 0;
if (programs && !hasPython)
  console.warn('Left out, as python3 and its venv are not installed: six quickstart programs');

interface Language {
  readonly folder: string;
  /** Makes the folder ready to run and gives the command for the program of a name. */
  readonly prepare: (folder: string) => Promise<(program: string) => readonly [string, ...string[]]>;
}

const languages: readonly Language[] = [
  {
    folder: 'javascript',
    prepare: async (folder) => {
      await installNodePackages(folder, 'commonjs');
      return (program) => [process.execPath, `${program}.js`];
    },
  },
  {
    folder: 'typescript',
    prepare: async (folder) => {
      await installNodePackages(folder, 'module');
      await compile(folder);
      return (program) => [process.execPath, `${program}.js`];
    },
  },
  ...(hasPython ? ['python-sdk', 'python-rest'] : []).map((folder) => ({
    folder,
    prepare: async () => {
      const python = await preparePython('quickstarts-python', join(import.meta.dirname, 'requirements.txt'));
      return (program: string) => [python, `${program}.py`] as const;
    },
  })),
];
const editions: readonly Edition[] = ['gpt-4o-audio-preview', 'gpt-4o-mini-audio-preview'];

describe.runIf(programs && hasEars)('the quickstarts, unmodified and keyless', { timeout: 300_000 }, () => {
  let server: SpawnedServer;
  let proxy: RecordingProxy;
  let codecs: Codecs;
  let ears: Pocketsphinx;
  let environment: NodeJS.ProcessEnv;
  const heard: WordErrors[] = [];

  beforeAll(async () => {
    server = await spawnServer();
    proxy = await recordingProxy(server.url);
    codecs = createCodecs({ workers: 1, waiting: 8 });
    ears = pocketsphinx();
    environment = { ...(await server.environment()), AZURE_OPENAI_ENDPOINT: proxy.url };
  });

  afterAll(async () => {
    await proxy?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
    await codecs?.[Symbol.asyncDispose]();
    await ears?.[Symbol.asyncDispose]();
  });

  for (const { folder: name, prepare } of languages) {
    for (const edition of editions) {
      test(`${name} with ${edition}`, async () => {
        const folder = await copyPrograms(join(programs ?? '', name), edition);
        const command = await prepare(folder);
        const play = async (
          program: string,
        ): Promise<{ output: string; answers: readonly RecordedAnswer[] }> => {
          const before = proxy.answers.length;
          const [file, ...words] = command(program);
          const output = await run(file, words, { cwd: folder, env: environment });
          return { output, answers: proxy.answers.slice(before) };
        };

        const toAudio = await play('to-audio');
        expect(transcriptOf(toAudio.answers[0])).toContain('golden retriever');
        await listen(join(folder, 'dog.wav'), transcriptOf(toAudio.answers[0]));

        const fromAudio = await play('from-audio');
        const analysis = transcriptOf(fromAudio.answers[0]);
        expect(fromAudio.output).toContain(analysis.slice(0, 20));
        await listen(join(folder, 'analysis.wav'), analysis);

        const multiTurn = await play('multi-turn');
        expect(multiTurn.answers).toHaveLength(2);
        const followUp = messageOf(multiTurn.answers[1]).content;
        expect(followUp).toMatch(/Earlier you asked: Describe in detail the spoken audio input/);
        expect(multiTurn.output).toContain(String(followUp));
        await rm(folder, { recursive: true });
      });
    }
  }

  test('what was written is what was said, in at least three words of four over all runs together', () => {
    const errors = heard.reduce((sum, reading) => sum + reading.errors, 0);
    const words = heard.reduce((sum, reading) => sum + reading.words, 0);
    console.info(
      `Heard ${words} words of ${heard.length} files, ${((100 * errors) / words).toFixed(1)} % wrong.`,
    );
    expect(heard).toHaveLength(2 * editions.length * languages.length);
    expect(errors / words).toBeLessThanOrEqual(0.25);
  });

  async function listen(path: string, transcript: string): Promise<void> {
    const { signal } = new AbortController();
    const chunks = await Array.fromAsync(
      codecs.decode(await readFile(path), { format: 'wav', maxSeconds: 120, signal }),
    );
    heard.push(countWordErrors(transcript, await transcribe(ears, { chunks }, { signal })));
  }
});

interface Message {
  readonly content: string | null;
  readonly audio?: { readonly transcript: string };
}

function messageOf(answer: RecordedAnswer | undefined): Message {
  const body = JSON.parse(answer?.body.toString() ?? '{}') as { choices?: readonly { message: Message }[] };
  const message = body.choices?.[0]?.message;
  if (!message)
    throw new Error(`The server answered ${answer?.status}: ${answer?.body.toString().slice(0, 500)}`);
  return message;
}

function transcriptOf(answer: RecordedAnswer | undefined): string {
  return messageOf(answer).audio?.transcript ?? '';
}
