import { Stack, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useText } from '../../language/language-provider.tsx';
import type { ConversationState, RateLimit } from '../../realtime/conversation.ts';
import { addUsage, type Usage } from '../../realtime/usage.ts';
import { whyText } from './why-text.ts';

const FIELDS = ['inputText', 'inputAudio', 'cached', 'outputText', 'outputAudio', 'total'] as const;

/** What each answer took, how it ended, and what is left. */
export function TokensView({ conversation }: { readonly conversation: ConversationState }): ReactNode {
  const words = useText(whyText);
  const answers = conversation.responses.flatMap(({ id, status, reason, usage }) =>
    usage
      ? [{ id, ending: [words.statuses[status] ?? status, reason].filter(Boolean).join(': '), usage }]
      : [],
  );
  if (answers.length === 0) return <Text c="dimmed">{words.noTokens}</Text>;
  return (
    <Stack gap="md">
      <Table.ScrollContainer minWidth={560}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              {[words.response, ...FIELDS.map((field) => words[field === 'total' ? 'all' : field])].map(
                (name) => (
                  <Table.Th key={name}>{name}</Table.Th>
                ),
              )}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {answers.map(({ id, ending, usage }, index) => (
              <UsageRow key={id} label={`${index + 1} (${ending})`} usage={usage} />
            ))}
          </Table.Tbody>
          <Table.Tfoot>
            <UsageRow label={words.sum} usage={addUsage(answers.map(({ usage }) => usage))} />
          </Table.Tfoot>
        </Table>
      </Table.ScrollContainer>
      <RateLimits limits={conversation.rateLimits} />
    </Stack>
  );
}

function UsageRow({ label, usage }: { readonly label: string; readonly usage: Usage }): ReactNode {
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500}>
        {label}
      </Table.Th>
      {FIELDS.map((field) => (
        <Table.Td key={field}>{usage[field]}</Table.Td>
      ))}
    </Table.Tr>
  );
}

function RateLimits({ limits }: { readonly limits: readonly RateLimit[] }): ReactNode {
  const words = useText(whyText);
  if (limits.length === 0) return null;
  return (
    <div>
      <Text size="sm" fw={600}>
        {words.rateLimits}
      </Text>
      {limits.map(({ name, remaining, limit, resetSeconds }) => (
        <Text key={name} size="sm" c="dimmed">
          {name}: {words.remaining(remaining, limit, Math.ceil(resetSeconds))}
        </Text>
      ))}
    </div>
  );
}
