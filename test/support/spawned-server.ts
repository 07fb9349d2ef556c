import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const program = resolve(import.meta.dirname, '../../bin/samtal.js');

export interface SpawnedServer extends AsyncDisposable {
  readonly url: string;
  readonly home: string;
  /** What a user's shell has after `eval "$(samtal env)"`, on top of its own environment. */
  environment(...flags: readonly string[]): Promise<NodeJS.ProcessEnv>;
  samtal(...words: readonly string[]): Promise<string>;
  /** Reads its log on to the next line that `pattern` matches. */
  logged(pattern: RegExp): Promise<void>;
  stop(): Promise<void>;
  /** Ends it without a goodbye. */
  kill(): Promise<void>;
}

export interface SpawnOptions {
  /** Kept when it is given; else made and removed. */
  readonly home?: string;
  readonly words?: readonly string[];
}

/** `samtal serve` as a user runs it, on any free port, with a home of its own. */
export async function spawnServer(options: SpawnOptions = {}): Promise<SpawnedServer> {
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'samtal-')));
  const env = { ...process.env, SAMTAL_HOME: home };
  const words = ['serve', '--port', '0', ...(options.words ?? [])];
  const child = spawn(process.execPath, [program, ...words], {
    cwd: home,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  let readTo = 0;
  const grown = new EventEmitter();
  child.stderr.on('data', (piece: Buffer) => {
    log += piece.toString();
    grown.emit('more');
  });
  const exited = once(child, 'exit');
  const url = await Promise.race([
    readyUrl(createInterface({ input: child.stdout })),
    exited.then(() =>
      Promise.reject(new Error(`The server ended before it was ready.\n${log.slice(-20_000)}`)),
    ),
  ]);
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
  };
  const samtal = async (...rest: readonly string[]): Promise<string> => await run(rest, { cwd: home, env });
  return {
    url,
    home,
    samtal,
    stop,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    logged: async (pattern) => {
      for (;;) {
        const unread = log.slice(readTo).split('\n');
        const at = unread.findIndex((text) => pattern.test(text));
        if (at >= 0) {
          readTo += unread.slice(0, at + 1).join('\n').length;
          return;
        }
        await once(grown, 'more');
      }
    },
    environment: async (...flags) => ({
      ...process.env,
      ...(JSON.parse(await samtal('env', '--shell', 'json', ...flags)) as Record<string, string>),
    }),
    [Symbol.asyncDispose]: async () => {
      await stop();
      if (options.home === undefined) await rm(home, { recursive: true, force: true });
    },
  };
}

async function readyUrl(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) {
    const [url] = /https?:\/\/\S+/.exec(line) ?? [];
    if (url) return url.replace(/[.,]$/, '');
  }
  throw new Error('The server never said where it is.');
}

async function run(
  words: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<string> {
  const child = spawn(process.execPath, [program, ...words], {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let log = '';
  child.stdout.on('data', (piece: Buffer) => {
    output += piece.toString();
  });
  child.stderr.on('data', (piece: Buffer) => {
    log += piece.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`samtal ${words.join(' ')} ended with ${code}.\n${log}`);
  return output;
}
