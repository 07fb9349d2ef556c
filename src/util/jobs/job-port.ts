import { fork } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { type ProcessVitals, readVitals } from './process-vitals.ts';
import type { FromWorker, ToWorker } from './protocol.ts';

/** One worker as its pool sees it, whether a thread or a process. */
export interface JobPort {
  post(message: ToWorker, buffers?: readonly ArrayBuffer[]): void;
  kill(): void;
  /** Whether the worker keeps this process alive. */
  hold(isHeld: boolean): void;
  /** How a process of its own fares; unknown for a thread, and where the system does not tell. */
  vitals(): ProcessVitals | undefined;
}

export interface JobPortEvents {
  readonly onMessage: (message: FromWorker) => void;
  /** Called once, however the worker ends. */
  readonly onExit: (why: string) => void;
}

export type JobSpawner = (events: JobPortEvents) => JobPort;

/**
 * The address of a worker that stands beside `importMetaUrl`: a `.ts` file in a clone, `.js` when built.
 * `name` carries no extension.
 */
export function besideModule(name: string, importMetaUrl: string): URL {
  return new URL(`${name}${importMetaUrl.endsWith('.ts') ? '.ts' : '.js'}`, importMetaUrl);
}

export interface ThreadOptions {
  /** Of JavaScript objects: a thread that needs more ends. Buffers and WebAssembly are not counted. */
  readonly heapMiB?: number;
}

/** A worker thread: starts in tens of milliseconds and takes transferred buffers. */
export function threadSpawner(url: URL, { heapMiB }: ThreadOptions = {}): JobSpawner {
  return ({ onMessage, onExit }) => {
    const worker = new Worker(url, {
      execArgv: quietArguments(),
      name: url.pathname,
      ...(heapMiB !== undefined && { resourceLimits: { maxOldGenerationSizeMb: heapMiB } }),
    });
    const exit = once(onExit);
    worker.on('message', onMessage);
    worker.on('error', (error) => exit(error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => exit(`exit code ${code}`));
    return {
      post: (message, buffers = []) => worker.postMessage(message, [...buffers]),
      kill: () => void worker.terminate(),
      hold: (isHeld) => (isHeld ? worker.ref() : worker.unref()),
      vitals: () => undefined,
    };
  };
}

export interface ChildOptions {
  /** Nothing that the child writes to its error output is kept: for libraries that write there what was said. */
  readonly isSilent?: boolean;
}

/** A child process: survives, and is survived by, native code that crashes. Buffers are copied. */
export function childSpawner(
  url: URL,
  argv: readonly string[] = [],
  { isSilent = false }: ChildOptions = {},
): JobSpawner {
  return ({ onMessage, onExit }) => {
    const child = fork(url, argv, {
      serialization: 'advanced',
      execArgv: quietArguments(),
      stdio: ['ignore', 'ignore', isSilent ? 'ignore' : 'inherit', 'ipc'],
    });
    const exit = once(onExit);
    child.on('message', (message) => onMessage(message as FromWorker));
    child.on('error', (error) => {
      child.kill('SIGKILL');
      exit(error.message);
    });
    child.on('exit', (code, signal) => exit(signal ? `signal ${signal}` : `exit code ${code}`));
    return {
      post: (message) => {
        // A child that has just died is reported by its exit, so a failed send says nothing new.
        if (child.connected) child.send(message, () => {});
      },
      kill: () => void child.kill('SIGKILL'),
      hold: (isHeld) => {
        if (isHeld) {
          child.ref();
          child.channel?.ref();
        } else {
          child.unref();
          child.channel?.unref();
        }
      },
      vitals: () => (child.pid === undefined ? undefined : readVitals(child.pid)),
    };
  };
}

/** Workers use `node:wasi` and friends on purpose; their experimental notices are not the operator's concern. */
function quietArguments(): string[] {
  return ['--disable-warning=ExperimentalWarning'];
}

function once(callback: (why: string) => void): (why: string) => void {
  let isDone = false;
  return (why) => {
    if (isDone) return;
    isDone = true;
    callback(why);
  };
}
