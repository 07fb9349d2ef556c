import { createInterface } from 'node:readline/promises';
import { CliError } from './cli-error.ts';

export interface AskOptions {
  /** What an empty line means. */
  readonly byDefault: 'yes' | 'no';
  /** How long an answer is waited for: for ever unless given. */
  readonly withinMs?: number;
}

/**
 * Asks on the terminal; `none` when no answer has come in time.
 * @throws {CliError} when it is interrupted.
 */
export async function ask(
  question: string,
  { byDefault, withinMs }: AskOptions,
): Promise<'yes' | 'no' | 'none'> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const time = withinMs === undefined ? undefined : AbortSignal.timeout(withinMs);
  try {
    const answer = await terminal.question(question, { ...(time && { signal: time }) });
    if (answer.trim() === '') return byDefault;
    return /^y(es)?$/i.test(answer.trim()) ? 'yes' : 'no';
  } catch (error) {
    console.error();
    if (time?.aborted) return 'none';
    throw new CliError('stopped', { cause: error });
  } finally {
    terminal.close();
  }
}
