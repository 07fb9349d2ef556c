import { Card, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useText } from '../../language/language-provider.tsx';
import type { Turn } from '../../realtime/timeline.ts';
import { waterfall } from '../../realtime/waterfall.ts';
import { WaterfallTable } from './waterfall-table.tsx';
import { whyText } from './why-text.ts';

/** Where the time of each turn went, the last turn first. */
export function TurnsView({ turns }: { readonly turns: readonly Turn[] }): ReactNode {
  const words = useText(whyText);
  const told = turns.filter((turn) => waterfall(turn).length > 0);
  if (told.length === 0) return <Text c="dimmed">{words.noTurns}</Text>;
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {words.sourceHelp}
      </Text>
      {told.toReversed().map((turn) => (
        <Card key={turn.id} withBorder padding="sm">
          <WaterfallTable turn={turn} caption={words.turn(turn.id)} />
        </Card>
      ))}
    </Stack>
  );
}
