import { Badge, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useText } from '../../language/language-provider.tsx';
import type { Turn } from '../../realtime/timeline.ts';
import { type WaterfallBar, waterfall } from '../../realtime/waterfall.ts';
import classes from './waterfall-table.module.css';
import { whyText } from './why-text.ts';

interface WaterfallTableProps {
  readonly turn: Turn;
  readonly caption: string;
}

/** The steps of a turn, each from where the one before ended; a table to who can not see the bars. */
export function WaterfallTable({ turn, caption }: WaterfallTableProps): ReactNode {
  const words = useText(whyText);
  const bars = waterfall(turn);
  const endMs = bars.at(-1)?.endMs ?? 0;
  return (
    <table className={classes['table']}>
      <caption className={classes['caption']}>
        <Group component="span" justify="space-between">
          <Text span fw={600} size="sm">
            {caption}
          </Text>
          <Text span size="sm" c="dimmed">
            {words.total(inMs(endMs))}
          </Text>
        </Group>
      </caption>
      <thead className={classes['head']}>
        <tr>
          {[words.stage, words.since, words.took, words.source].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {bars.map((bar) => (
          <Row key={bar.stage} bar={bar} endMs={endMs} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ bar, endMs }: { readonly bar: WaterfallBar; readonly endMs: number }): ReactNode {
  const words = useText(whyText);
  const share = (ms: number): string => `${(100 * ms) / Math.max(endMs, 1)}%`;
  return (
    <tr>
      <th scope="row">
        {words.stages[bar.stage]}
        <Text size="xs" c="dimmed" hiddenFrom="sm">
          {words.sources[bar.source]}
        </Text>
      </th>
      <td className={classes['track']} aria-label={inMs(bar.endMs)}>
        <div
          className={classes['bar']}
          data-stage={bar.stage}
          style={{ marginLeft: share(bar.startMs), width: share(bar.endMs - bar.startMs) }}
        />
      </td>
      <td className={classes['figure']}>{inMs(bar.endMs - bar.startMs)}</td>
      <td>
        <Badge size="xs" miw="max-content" variant={bar.source === 'server' ? 'light' : 'default'}>
          {words.sources[bar.source]}
        </Badge>
      </td>
    </tr>
  );
}

function inMs(ms: number): string {
  return `${Math.round(ms)} ms`;
}
