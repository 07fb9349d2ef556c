import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export interface Load {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly connections: number;
  /** How long it goes on, in seconds or in requests. */
  readonly until: { readonly seconds: number } | { readonly requests: number };
}

const run = promisify(execFile);
const autocannon = fileURLToPath(import.meta.resolve('autocannon'));

/**
 * Posts from a process of its own over connections that are kept, and resolves with the answers per second.
 * @throws when a single answer is not a success.
 */
export async function load({ url, headers, body, connections, until }: Load): Promise<number> {
  const { stdout } = await run(process.execPath, [
    autocannon,
    ...['--json', '--no-progress', '--method', 'POST', '--body', body],
    ...Object.entries(headers).flatMap(([name, value]) => ['--headers', `${name}=${value}`]),
    ...['--connections', String(connections)],
    ...('seconds' in until ? ['--duration', String(until.seconds)] : ['--amount', String(until.requests)]),
    url,
  ]);
  const { '2xx': answered, non2xx, errors, duration } = JSON.parse(stdout) as LoadReport;
  if (non2xx + errors > 0 || answered === 0) throw new Error(`${non2xx + errors} requests to ${url} failed.`);
  return answered / duration;
}

/** The part of autocannon's report that is read here. */
interface LoadReport {
  readonly '2xx': number;
  readonly non2xx: number;
  readonly errors: number;
  /** Seconds. */
  readonly duration: number;
}
