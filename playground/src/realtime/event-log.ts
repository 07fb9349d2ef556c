import type { EventRecord } from './record.ts';
import { itemIdOf, type WireEvent } from './wire-event.ts';

/** A row of the log: one event, or a run of like ones folded to one. */
export interface LogEntry extends EventRecord {
  readonly id: number;
  /** How many events it stands for. */
  readonly count: number;
  readonly lastAtMs: number;
  /** The texts of folded deltas, joined. */
  readonly text: string;
}

export type EventLog = readonly LogEntry[];

/** Rows that are shown; beyond them the oldest go. */
const KEPT_ENTRIES = 2_000;
/** Interleaved runs that are still open are found among this many rows. */
const FOLD_REACH = 12;

export function logEvent(log: EventLog, record: EventRecord): EventLog {
  const fold = foldedInto(log, record);
  const entry = log[fold];
  if (entry) return log.with(fold, folded(entry, record));
  const id = (log.at(-1)?.id ?? -1) + 1;
  const text = deltaOf(record.event);
  return [...log.slice(-KEPT_ENTRIES + 1), { ...record, id, count: 1, lastAtMs: record.atMs, text }];
}

function foldedInto(entries: readonly LogEntry[], { direction, event }: EventRecord): number {
  if (!isRepetitive(event.type)) return -1;
  for (let index = entries.length - 1; index >= Math.max(0, entries.length - FOLD_REACH); index--) {
    const entry = entries[index];
    if (!entry) break;
    const isSame = entry.event.type === event.type && entry.direction === direction;
    if (isSame && itemIdOf(entry.event) === itemIdOf(event)) return index;
    if (!isRepetitive(entry.event.type)) break;
  }
  return -1;
}

function folded(entry: LogEntry, { atMs, event }: EventRecord): LogEntry {
  return { ...entry, event, count: entry.count + 1, lastAtMs: atMs, text: entry.text + deltaOf(event) };
}

function isRepetitive(type: string): boolean {
  return type.endsWith('.delta') || type === 'input_audio_buffer.append' || type === 'samtal.voice_activity';
}

function deltaOf(event: WireEvent): string {
  const { delta } = event;
  return typeof delta === 'string' && !isAudioDelta(event.type) ? delta : '';
}

function isAudioDelta(type: string): boolean {
  return /^response\.(output_)?audio\.delta$/.test(type);
}

/** The same, but for base64 text, which nobody reads and which would fill the memory. */
export function withoutAudio(record: EventRecord): EventRecord {
  const { event } = record;
  const field = isAudioDelta(event.type) ? 'delta' : 'audio';
  const audio = event[field];
  if (typeof audio !== 'string') return record;
  return { ...record, event: { ...event, [field]: `(base64, ${audio.length} characters)` } };
}

export interface LogFilter {
  readonly direction: 'both' | 'client' | 'server';
  /** Anywhere in the type or in what the event says, whatever the case. */
  readonly text: string;
}

export function filterEntries(entries: EventLog, { direction, text }: LogFilter): LogEntry[] {
  const wanted = text.trim().toLowerCase();
  return entries.filter(
    (entry) =>
      (direction === 'both' || entry.direction === direction) &&
      (wanted === '' || `${JSON.stringify(entry.event)} ${entry.text}`.toLowerCase().includes(wanted)),
  );
}
