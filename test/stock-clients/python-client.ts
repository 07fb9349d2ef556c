import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { preparePython } from '../support/python.ts';
import type { RealtimeEvent } from '../support/realtime-client.ts';
import { type Dialect, ga } from './dialect.ts';
import type { Driver, EventLog, StockClient } from './driver.ts';
import type { Door } from './openai-node.ts';
import { GA_MODEL, PREVIEW_MODEL } from './served.ts';

const bridge = join(import.meta.dirname, 'python-bridge.py');

/** A Python with the packages of `python-requirements.txt`, made once; `undefined` and a note without one. */
async function findPython(): Promise<string | undefined> {
  if (spawnSync('python3', ['--version'], { stdio: 'ignore' }).error !== undefined) {
    console.warn('Left out, as python3 is not installed: the realtime client of openai for Python.');
    return undefined;
  }
  return await preparePython('stock-clients-python', join(import.meta.dirname, 'python-requirements.txt'));
}

/** The realtime clients of `openai` for Python, each in one process for all of its sessions. */
export async function pythonClients({ recorder, key }: Door): Promise<readonly PythonClient[]> {
  const python = await findPython();
  if (python === undefined) return [];
  const env = { ...process.env, SSL_CERT_FILE: recorder.authorityFile };
  const start = (kind: string, url: string): ChildProcess =>
    spawn(python, [bridge, kind, url, key], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  return [
    new PythonClient({
      name: 'openai for Python',
      dialect: ga,
      model: GA_MODEL,
      process: start('openai', recorder.url),
    }),
    new PythonClient({
      name: 'openai for Python, Azure at the preview address',
      dialect: ga,
      model: PREVIEW_MODEL,
      process: start('azure', recorder.secureUrl),
      alwaysNamesModel: true,
    }),
  ];
}

interface PythonLine {
  readonly id: number;
  readonly event?: RealtimeEvent;
  readonly end?: string;
}

type Parts = Pick<StockClient, 'name' | 'dialect'> & {
  readonly model: string;
  /** Whether it refuses to transcribe without one. */
  readonly alwaysNamesModel?: boolean;
  readonly process: ChildProcess;
};

class PythonClient implements StockClient, AsyncDisposable {
  readonly name: string;
  readonly dialect: Dialect;
  readonly #model: string;
  readonly #alwaysNamesModel: boolean;
  readonly #process: ChildProcess;
  readonly #sessions: { readonly log: EventLog; readonly end: () => void }[] = [];

  constructor(parts: Parts) {
    this.name = parts.name;
    this.dialect = parts.dialect;
    this.#alwaysNamesModel = parts.alwaysNamesModel ?? false;
    this.#model = parts.model;
    this.#process = parts.process;
    if (!parts.process.stdout) throw new Error('The bridge has no output.');
    createInterface({ input: parts.process.stdout }).on('line', (line) => {
      // The bridge writes nothing else.
      const { id, event, end } = JSON.parse(line) as PythonLine;
      const session = this.#sessions[id];
      if (event) session?.log.add(event);
      if (end === undefined) return;
      session?.log.end(new Error(end));
      session?.end();
    });
  }

  async open(log: EventLog, opening: { readonly intent?: string }): Promise<Driver> {
    const id = this.#sessions.length;
    const ended = new Promise<void>((end) => this.#sessions.push({ log, end }));
    this.#tell({
      id,
      open: {
        ...(opening.intent && { extra_query: opening }),
        ...((!opening.intent || this.#alwaysNamesModel) && { model: this.#model }),
      },
    });
    return {
      send: (event) => this.#tell({ id, event }),
      close: async () => {
        this.#tell({ id, event: null });
        await ended;
      },
    };
  }

  #tell(command: object): void {
    this.#process.stdin?.write(`${JSON.stringify(command)}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exited = once(this.#process, 'exit');
    this.#process.stdin?.end();
    await exited;
  }
}
