import { Card, Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useText } from '../../language/language-provider.tsx';
import type { RoleUse } from '../../server/models.ts';
import { ROLES } from './fitting-models.ts';
import { RoleIcon } from './role-icon.tsx';
import { text } from './text.ts';

/** What does each part of the work now, where a deployment names nothing else, and why. */
export function RolesInUse({ uses }: { readonly uses: readonly RoleUse[] }): ReactNode {
  const words = useText(text);
  const shown = ROLES.flatMap((role) => uses.filter((use) => use.role === role));
  return (
    <Card component="section" withBorder padding="md" aria-label={words.inUse}>
      <Title order={2} size="h4" mb="sm">
        {words.inUse}
      </Title>
      <Stack gap="sm">
        {shown.map(({ role, engine, why }) => (
          <Group key={role} gap="sm" wrap="nowrap" align="flex-start">
            <RoleIcon role={role} />
            <Text size="sm" component="div" miw={0}>
              <Text span fw={600} size="sm">
                {words.roles[role]}
              </Text>
              {': '}
              <Text span ff="monospace" size="sm">
                {engine ?? words.nothing}
              </Text>
              {why !== null && (
                <Text size="xs" c="dimmed" mt={2} lang="en">
                  {why}
                </Text>
              )}
            </Text>
          </Group>
        ))}
      </Stack>
    </Card>
  );
}
