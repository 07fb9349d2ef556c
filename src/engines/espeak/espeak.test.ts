import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { speechSynthesizerConformance } from '../../engine/conformance/speech-synthesizer.ts';
import { type Espeak, espeak } from './espeak.ts';
import { findEspeak } from './find-espeak.ts';

const program = await findEspeak();
if (!program) console.warn('espeak: left out, because espeak-ng is not installed.');

test('a program that is not there is not found', async () => {
  expect(await findEspeak('espeak-ng-of-nobody')).toBeUndefined();
});

test('a program that is not espeak-ng is named', async () => {
  await expect(findEspeak(process.execPath)).rejects.toMatchObject({ reason: 'unavailable' });
});

test('without the program the remedy is told', async () => {
  const path = process.env['PATH'];
  process.env['PATH'] = '';
  try {
    await expect(espeak()).rejects.toThrow('apt-get install espeak-ng');
  } finally {
    process.env['PATH'] = path;
  }
});

describe.runIf(program)('espeak is a speech synthesizer', async () => {
  const synthesizer = await espeak({ program }).catch(() => undefined);
  const narrow = await espeak({ program, processes: 1, waiting: 0 }).catch(() => undefined);

  test.each(speechSynthesizerConformance)('$name', async ({ run }) => {
    if (!synthesizer || !narrow) throw new Error('espeak-ng has gone.');
    await run({ synthesizer, narrow, voice: 'alloy' });
  });
});

describe.runIf(program)('espeak', () => {
  test('speaks many languages and knows their tags', async () => {
    const { languages, version } = await espeak({ program });
    expect(languages).toEqual(expect.arrayContaining(['en', 'sv', 'fr', 'zh', 'ja', 'ar', 'no', 'pt']));
    expect(languages.length).toBeGreaterThan(90);
    expect(version).toMatch(/^1\.\d+/);
  });

  test('speaks the same words otherwise in another language', async () => {
    expect(await samples({ language: 'sv-SE' })).not.toEqual(await samples({ language: 'fr' }));
  });

  test('speaks with another voice under each name', async () => {
    const { voices } = await espeak({ program });
    const lengths = new Set<string>();
    for (const voice of voices) lengths.add((await samples({ voice })).join());
    expect(lengths.size).toBe(13);
  });

  test('leaves no process behind when its reader leaves', async () => {
    const synthesizer = await espeak({ program });
    for await (const _event of synthesizer.synthesize(written(), options({}))) break;
    await expect.poll(() => synthesizer.status.running).toBe(0);
  });

  test('a process that hangs before it has said anything is replaced by another', async () => {
    expect(
      await spokenWith('hung=0; [ -e hung ] || hung=1; touch hung; [ $hung = 0 ] || exec sleep 600'),
    ).toBeGreaterThan(20_000);
  });

  test('a process that is killed before it has said anything is replaced by another', async () => {
    expect(
      await spokenWith('died=0; [ -e died ] || died=1; touch died; [ $died = 0 ] || kill -9 $$'),
    ).toBeGreaterThan(20_000);
  });

  test('processes that hang each time hold the speaker for two silences', async () => {
    await expect(spokenWith('exec sleep 600')).rejects.toMatchObject({
      reason: 'unavailable',
      cause: { message: 'A process of espeak-ng said nothing for 0.5 s.' },
    });
  });

  test.each([{ language: 'xx' }, { voice: 'nobody' }])('refuses %o', async (wish) => {
    await expect(samples(wish)).rejects.toMatchObject({ reason: 'unsupported' });
  });
});

/** The samples spoken by an espeak-ng before which `script` is run, in a folder of its own. */
async function spokenWith(script: string): Promise<number> {
  if (!program) throw new Error('espeak-ng has gone.');
  const folder = await mkdtemp(join(tmpdir(), 'espeak-'));
  try {
    const path = join(folder, 'espeak-ng');
    await writeFile(path, `#!/bin/sh\ncd ${folder}\n${script}\nexec ${program.path} "$@"\n`, { mode: 0o755 });
    return (await samples({ synthesizer: await espeak({ program: { ...program, path }, silenceMs: 500 }) }))
      .length;
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface Wish {
  readonly synthesizer?: Espeak;
  readonly voice?: string;
  readonly language?: string;
}

async function samples(wish: Wish): Promise<readonly number[]> {
  const heard: number[] = [];
  const synthesizer = wish.synthesizer ?? (await espeak({ program }));
  for await (const event of synthesizer.synthesize(written(), options(wish))) {
    if (event.type === 'audio') heard.push(...event.chunk.samples);
  }
  return heard;
}

async function* written(): AsyncGenerator<string> {
  yield 'Situation normal.';
}

function options({ voice = 'alloy', language }: Wish) {
  return { signal: new AbortController().signal, voice, speed: 1, language };
}
