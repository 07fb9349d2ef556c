import { Code, Group, Stack, Tabs, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { toBody } from '../../chat/chat-request.ts';
import { nameChunk } from '../../chat/name-chunk.ts';
import type { AssistantTurn } from '../../chat/turn.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { JsonView } from '../../components/json-view.tsx';
import { useText } from '../../language/language-provider.tsx';
import { RequestCode } from './request-code.tsx';
import { text } from './text.ts';

/** What was sent for an answer and what came, as JSON and as a program. */
export function TurnDetails({
  turn: { request, response, requestId },
}: {
  readonly turn: AssistantTurn;
}): ReactNode {
  const words = useText(text);
  return (
    <Tabs defaultValue="request" keepMounted={false}>
      <Tabs.List mb="sm">
        <Tabs.Tab value="request">{words.request}</Tabs.Tab>
        <Tabs.Tab value="response">{words.response}</Tabs.Tab>
        <Tabs.Tab value="code">{words.code}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="request">
        {request && <Json label={words.request} value={toBody(request)} />}
      </Tabs.Panel>
      <Tabs.Panel value="response">
        <Json label={words.response} value={response} requestId={requestId} />
      </Tabs.Panel>
      <Tabs.Panel value="code">{request && <RequestCode request={request} />}</Tabs.Panel>
    </Tabs>
  );
}

interface JsonProps {
  readonly label: string;
  readonly value: unknown;
  readonly requestId?: string | undefined;
}

function Json({ label, value, requestId }: JsonProps): ReactNode {
  return (
    <Stack gap="xs">
      {value !== undefined && (
        <JsonView
          label={label}
          value={value}
          {...(Array.isArray(value) ? { openLevels: 1, nameEntry: nameChunk } : { openLevels: 6 })}
        />
      )}
      <Group gap="xs" justify="space-between">
        {requestId ? (
          <Text size="xs" c="dimmed">
            x-request-id: <Code>{requestId}</Code>
          </Text>
        ) : (
          <span />
        )}
        {value !== undefined && <CopyButton value={() => JSON.stringify(value, null, 2)} />}
      </Group>
    </Stack>
  );
}
