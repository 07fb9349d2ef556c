import type { LogEntry } from './event-log.ts';
import { fieldOf, listOf, numberOf, textOf, type WireEvent } from './wire-event.ts';

/** What a row says beside the name of its event: the words, figures and names that matter in it. */
export function eventDetail({ event, text }: Pick<LogEntry, 'event' | 'text'>): string {
  if (text !== '') return quoted(text);
  return DETAILS.map((detail) => detail(event)).find((found) => found !== '') ?? '';
}

/** Asked in order; the first that has something to say says it. */
const DETAILS: readonly ((event: WireEvent) => string)[] = [
  ({ error }) => joined([textOf(error, 'code'), textOf(error, 'message')]),
  (event) =>
    quoted(textOf(event, 'transcript') || (event.type.endsWith('.done') ? textOf(event, 'text') : '')),
  (event) => joined([textOf(event, 'name'), textOf(event, 'arguments')]),
  (event) => joined([textOf(event, 'mark'), inMs(event, 'at_ms')]),
  activityDetail,
  (event) => range(event),
  ({ response }) => responseDetail(response),
  ({ item }) => itemDetail(item),
  ({ part }) => joined([textOf(part, 'type'), quoted(textOf(part, 'transcript') || textOf(part, 'text'))]),
  (event) => listOf(event, 'rate_limits').map(limitDetail).join(', '),
  ({ session }) => sessionDetail(session),
  (event) => textOf(event, 'event'),
  (event) => textOf(event, 'item_id') || textOf(event, 'response_id'),
];

function activityDetail(event: WireEvent): string {
  const [score, threshold] = [numberOf(event, 'score'), numberOf(event, 'threshold')];
  if (score === undefined || threshold === undefined) return '';
  return `${score.toFixed(2)} ${score >= threshold ? '≥' : '<'} ${threshold.toFixed(2)}`;
}

function range(event: WireEvent): string {
  const [start, end] = [inMs(event, 'audio_start_ms'), inMs(event, 'audio_end_ms')];
  if (start === '' && end === '') return '';
  return start !== '' && end !== '' ? `${start} – ${end}` : start || `→ ${end}`;
}

function responseDetail(response: unknown): string {
  const details = fieldOf(response, 'status_details');
  const error = fieldOf(details, 'error');
  const tokens = numberOf(fieldOf(response, 'usage'), 'total_tokens');
  return joined([
    textOf(response, 'status') || textOf(response, 'instructions'),
    textOf(details, 'reason'),
    textOf(error, 'message'),
    tokens === undefined ? '' : `${tokens} tokens`,
  ]);
}

function itemDetail(item: unknown): string {
  const words = listOf(item, 'content').map((part) => textOf(part, 'text') || textOf(part, 'transcript'));
  return joined([
    textOf(item, 'role') || textOf(item, 'type'),
    textOf(item, 'name'),
    textOf(item, 'arguments') || textOf(item, 'output') || quoted(words.join(' ').trim()),
  ]);
}

function limitDetail(limit: unknown): string {
  return `${textOf(limit, 'name')} ${numberOf(limit, 'remaining') ?? '?'}/${numberOf(limit, 'limit') ?? '?'}`;
}

/** The names of what is set, those inside of others too. */
function sessionDetail(session: unknown): string {
  if (typeof session !== 'object' || session === null) return '';
  const model = textOf(session, 'model');
  return (
    model ||
    Object.keys(session)
      .filter((name) => name !== 'type')
      .join(', ')
  );
}

function inMs(event: WireEvent, field: string): string {
  const value = numberOf(event, field);
  return value === undefined ? '' : `${Math.round(value)} ms`;
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' · ');
}

function quoted(text: string): string {
  return text === '' ? '' : `“${text.trim()}”`;
}
