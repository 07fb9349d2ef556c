import { Code, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useText } from '../../language/language-provider.tsx';
import type { CallItem } from '../../realtime/item.ts';
import { text } from './text.ts';

/** A function that the model called, and what the page answered. */
export function CallView({ call }: { readonly call: CallItem }): ReactNode {
  const words = useText(text);
  return (
    <Stack gap={2} w="100%">
      <Text size="xs" c="dimmed" fw={600}>
        {words.called(call.name)}
      </Text>
      <Code block>
        {`${words.callArguments}: ${call.arguments}\n`}
        {call.output === undefined ? words.callWaits : `${words.callOutput}: ${call.output}`}
      </Code>
    </Stack>
  );
}
