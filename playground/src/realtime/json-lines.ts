import type { EventRecord } from './record.ts';
import type { WireEvent } from './wire-event.ts';

/** One event a line, as `{at_ms, direction, event}`. */
export function toJsonLines(records: readonly EventRecord[]): string {
  return records
    .map(({ atMs, direction, event }) => `${JSON.stringify({ at_ms: Math.round(atMs), direction, event })}\n`)
    .join('');
}

/** @throws {Error} that names the first line that is no event of an exported log */
export function fromJsonLines(text: string): EventRecord[] {
  return text
    .split('\n')
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, number }) => {
      const record = readLine(line);
      if (!record) throw new Error(`Line ${number} is no event: expected {"at_ms", "direction", "event"}.`);
      return record;
    });
}

function readLine(line: string): EventRecord | undefined {
  try {
    const value = JSON.parse(line) as { at_ms?: unknown; direction?: unknown; event?: { type?: unknown } };
    const { at_ms: atMs, direction, event } = value;
    if (typeof atMs !== 'number' || typeof event?.type !== 'string') return undefined;
    if (direction !== 'client' && direction !== 'server') return undefined;
    return { atMs, direction, event: event as WireEvent };
  } catch {
    return undefined;
  }
}
