import { expect } from 'vitest';

/** What a request was answered with, and what the request was, for the report. */
export interface Outcome {
  readonly what: string;
  readonly status: number;
  readonly body: string;
}

const LONGEST_MS = 30_000;

/** Sends a request of which nothing is known but that it must be answered. */
export async function ask(what: string, url: string, init: RequestInit): Promise<Outcome> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(LONGEST_MS) });
    return { what, status: response.status, body: await response.text() };
  } catch (error) {
    throw new Error(`${what} was not answered.`, { cause: error });
  }
}

/** Runs `asks` some at a time and returns what came of each. */
export async function askAll(
  asks: Iterable<() => Promise<Outcome>>,
  atATime = 8,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const waiting = asks[Symbol.iterator]();
  const askOneByOne = async (): Promise<void> => {
    // All share one iterator, so that each takes the next that is left.
    for (let next = waiting.next(); !next.done; next = waiting.next()) outcomes.push(await next.value());
  };
  await Promise.all(Array.from({ length: atATime }, askOneByOne));
  return outcomes;
}

/** Every answer is a success or a refusal in one of the contract's envelopes; nothing of the server broke. */
export function expectAnswered(outcomes: readonly Outcome[]): void {
  const wrong = outcomes.filter(({ status, body }) => !isSuccess(status) && !isRefusal(status, body));
  expect(wrong.map(({ what, status, body }) => `${what}: ${status} ${body.slice(0, 300)}`)).toEqual([]);
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function isRefusal(status: number, body: string): boolean {
  if (status < 400 || status >= 500 || body.length > 4000) return false;
  const answer = parse(body);
  if (!answer || typeof answer !== 'object') return false;
  if ('statusCode' in answer) return 'message' in answer && typeof answer.message === 'string';
  const error = 'error' in answer ? answer.error : undefined;
  return (
    typeof error === 'object' &&
    error !== null &&
    'message' in error &&
    typeof error.message === 'string' &&
    error.message.length <= 1000 &&
    'code' in error
  );
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
