import { Badge, Button } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { JsonView } from '../../components/json-view.tsx';
import { useText } from '../../language/language-provider.tsx';
import { eventDetail } from '../../realtime/event-detail.ts';
import type { LogEntry } from '../../realtime/event-log.ts';
import { eventTitles } from '../../realtime/event-titles.ts';
import classes from './event-rows.module.css';
import { useScrollToEnd } from './use-scroll-to-end.ts';
import { whyText } from './why-text.ts';

const SHOWN = 150;

/** The last of the rows; the ones before are shown when they are asked for. */
export function EventRows({ entries }: { readonly entries: readonly LogEntry[] }): ReactNode {
  const words = useText(whyText);
  const [limit, setLimit] = useState(SHOWN);
  const hidden = Math.max(0, entries.length - limit);
  const scroll = useScrollToEnd(entries);
  if (entries.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
    <section ref={scroll} className={classes['scroll']} aria-label={words.events} tabIndex={0}>
      {hidden > 0 && (
        <Button variant="subtle" size="compact-xs" onClick={() => setLimit(limit + 500)}>
          {words.showEarlier(hidden)}
        </Button>
      )}
      <ol className={classes['rows']}>
        {entries.slice(-limit).map((entry) => (
          <li key={entry.id}>
            <EventRow entry={entry} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function EventRow({ entry }: { readonly entry: LogEntry }): ReactNode {
  const words = useText(whyText);
  const titles = useText(eventTitles);
  const [isOpen, setIsOpen] = useState(false);
  const { event, direction, count, atMs } = entry;
  const isSent = direction === 'client';
  return (
    <details className={classes['row']} onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary className={classes['summary']} data-type={event.type}>
        <time className={classes['time']}>{toClock(atMs)}</time>
        <span className={classes['direction']} data-direction={direction}>
          {isSent ? (
            <IconArrowUp size={14} aria-label={words.sent} role="img" />
          ) : (
            <IconArrowDown size={14} aria-label={words.received} role="img" />
          )}
        </span>
        <span className={classes['title']}>
          {titles[event.type] ?? event.type}
          {count > 1 && (
            <Badge size="xs" variant="light" ml={6} aria-label={words.folded(count)}>
              ×{count}
            </Badge>
          )}
        </span>
        <span className={classes['detail']}>{eventDetail(entry)}</span>
        <code className={classes['type']}>{event.type}</code>
      </summary>
      {isOpen && <JsonView value={event} label={words.eventJson} />}
    </details>
  );
}

/** Minutes, seconds and thousandths since the session was asked for. */
function toClock(atMs: number): string {
  const seconds = (atMs / 1000) % 60;
  return `${Math.floor(atMs / 60_000)}:${seconds.toFixed(3).padStart(6, '0')}`;
}
