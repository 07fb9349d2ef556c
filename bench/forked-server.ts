import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A server in a process of its own, which ends when this one does. */
export interface ForkedServer extends AsyncDisposable {
  readonly url: string;
  /** Sends `question` and resolves with the answer, whose shape the two files agree on; one at a time. */
  ask(question: unknown): Promise<unknown>;
}

/** What `npm start` gives Node, and a way to collect garbage when memory is to be read. */
const EXEC_ARGV = ['--max-semi-space-size=8', '--expose-gc'];

/** Runs a file of this folder that sends its URL once it listens and ends when it is disconnected. */
export async function forkServer(file: string, words: readonly string[] = []): Promise<ForkedServer> {
  const child = fork(new URL(file, import.meta.url), words, { execArgv: EXEC_ARGV });
  const exited = once(child, 'exit');
  const url = await answerOf(child);
  if (typeof url !== 'string') throw new Error(`${file} did not say where it listens.`);
  return {
    url,
    ask: async (question) => {
      child.send(JSON.stringify(question));
      return await answerOf(child);
    },
    [Symbol.asyncDispose]: async () => {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

async function answerOf(child: ChildProcess): Promise<unknown> {
  const waiting = new AbortController();
  const { signal } = waiting;
  try {
    const [answer]: unknown[] = await Promise.race([
      once(child, 'message', { signal }),
      once(child, 'exit', { signal }).then(() => Promise.reject(new Error('A server of the bench ended.'))),
    ]);
    return answer;
  } finally {
    waiting.abort();
  }
}
