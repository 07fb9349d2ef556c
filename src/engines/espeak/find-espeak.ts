import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { isErrno } from '../../util/errno.ts';
import { EngineError } from '../../util/errors.ts';

/** An installed espeak-ng and what it can do. */
export interface EspeakProgram {
  readonly path: string;
  readonly version: string;
  /** Its names of languages, in lower case, such as `sv`, `fr-fr` and `pt-br`. */
  readonly languages: readonly string[];
}

const ANSWER_WITHIN_MS = 5_000;
const run = promisify(execFile);

/**
 * Asks the program at `path`, a name on the PATH or a file, what it is. `undefined` when there is none.
 * @throws {EngineError} `unavailable` when it is there but does not answer as espeak-ng does.
 */
export async function findEspeak(path = 'espeak-ng'): Promise<EspeakProgram | undefined> {
  try {
    const about = await ask(path, '--version');
    const voices = await ask(path, '--voices');
    const version = /eSpeak NG text-to-speech: (\S+)/.exec(about)?.[1];
    if (!version) throw new Error(`It says of itself: ${about.trim()}`);
    return { path, version, languages: languagesIn(voices) };
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    const reason = error instanceof Error ? error.message : String(error);
    throw new EngineError(
      'espeak',
      'unavailable',
      `The program ${path} is not a working espeak-ng. ${reason}`,
      error,
    );
  }
}

async function ask(path: string, question: string): Promise<string> {
  const { stdout } = await run(path, [question], { timeout: ANSWER_WITHIN_MS, encoding: 'utf8' });
  return stdout;
}

/** The second column of the table that `--voices` prints below a line of headings. */
function languagesIn(voices: string): string[] {
  const rows = voices.trim().split('\n').slice(1);
  return rows.flatMap((row) => row.trim().split(/\s+/)[1]?.toLowerCase() ?? []);
}
