import { type Logger, pino } from 'pino';
import { z } from 'zod';
import type { Config } from '../server/config/index.ts';

/** Writes to standard error: JSON lines for programs, plain lines for people. */
export function createLogger(log: Config['log']): Logger {
  const isPretty = log.pretty ?? process.stderr.isTTY;
  const destination = isPretty
    ? { write: (line: string) => process.stderr.write(prettyLine(line)) }
    : pino.destination({ dest: 2, sync: true });
  return pino({ level: log.level }, destination);
}

const record = z.looseObject({
  level: z.number(),
  time: z.number(),
  msg: z.string().default(''),
  err: z.object({ stack: z.string() }).optional(),
});

/** What says nothing to a reader at the terminal. */
const HIDDEN = new Set(['level', 'time', 'msg', 'err', 'pid', 'hostname']);

/** `12:30:01 WARN  message  name=value`. */
export function prettyLine(line: string): string {
  const parsed = record.safeParse(JSON.parse(line));
  if (!parsed.success) return line;
  const { level, time, msg, err, ...rest } = parsed.data;
  const fields = Object.entries(rest).flatMap(([name, value]) =>
    HIDDEN.has(name) ? [] : [`${name}=${JSON.stringify(value)}`],
  );
  const name = (pino.levels.labels[level] ?? 'log').toUpperCase().padEnd(5);
  const clock = new Date(time).toTimeString().slice(0, 8);
  const stack = err ? `\n${err.stack}` : '';
  return `${[`${clock} ${name} ${msg}`, ...fields].join('  ')}${stack}\n`;
}
