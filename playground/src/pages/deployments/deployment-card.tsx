import { Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useText } from '../../language/language-provider.tsx';
import type { Deployment, Part } from '../../server/deployments.ts';
import { DeploymentPart } from './deployment-part.tsx';
import classes from './deployments.module.css';
import { text } from './text.ts';

export interface DeploymentCardProps {
  readonly deployment: Deployment;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

const PARTS: readonly Part[] = ['hears', 'thinks', 'speaks'];

/** A deployment: what it is called, what answers under its name, and what can be done with it. */
export function DeploymentCard(props: DeploymentCardProps): ReactNode {
  const words = useText(text);
  const { name, properties } = props.deployment;
  return (
    <Card component="article" aria-label={name} withBorder padding="md" className={classes['card']}>
      <Stack gap="sm" h="100%">
        <Heading deployment={props.deployment} />
        <Stack gap={6} className={classes['parts']}>
          {PARTS.map((part) => (
            <DeploymentPart key={part} part={part} samtal={properties.samtal} />
          ))}
        </Stack>
        <Defaults deployment={props.deployment} />
        {properties.samtal.origin === 'configuration' ? (
          <Text size="xs" c="dimmed">
            {words.configured}
          </Text>
        ) : (
          <Actions {...props} />
        )}
      </Stack>
    </Card>
  );
}

function Heading({ deployment: { name, properties } }: { readonly deployment: Deployment }): ReactNode {
  const words = useText(text);
  const { model, samtal } = properties;
  return (
    <Stack gap={2}>
      <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs">
        <Title order={3} size="h5" className={classes['name']}>
          {name}
        </Title>
        {samtal.origin !== 'standard' && (
          <Badge variant="light" size="sm" className={classes['origin']}>
            {words.origins[samtal.origin]}
          </Badge>
        )}
      </Group>
      {model.name !== name && (
        <Text size="sm" c="dimmed" className={classes['name']}>
          {words.model(model.name)}
        </Text>
      )}
    </Stack>
  );
}

function Actions({ deployment: { name }, onEdit, onRemove }: DeploymentCardProps): ReactNode {
  const words = useText(text);
  return (
    <Group gap="xs">
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<IconPencil size={15} />}
        onClick={onEdit}
        aria-label={words.editOf(name)}
      >
        {words.edit}
      </Button>
      <Button
        variant="subtle"
        color="red"
        size="compact-sm"
        leftSection={<IconTrash size={15} />}
        onClick={onRemove}
        aria-label={words.removeOf(name)}
      >
        {words.remove}
      </Button>
    </Group>
  );
}

/** What a conversation begins with, where the deployment says so. */
function Defaults({ deployment }: { readonly deployment: Deployment }): ReactNode {
  const words = useText(text);
  const { voice, temperature, maxOutputTokens, instructions } = deployment.properties.samtal.defaults;
  const settings = [
    ...(voice === undefined ? [] : [`${words.fields.voice}: ${voice}`]),
    ...(temperature === undefined ? [] : [`${words.fields.temperature}: ${temperature}`]),
    ...(maxOutputTokens === undefined ? [] : [`${words.fields.maxOutputTokens}: ${maxOutputTokens}`]),
  ];
  if (settings.length === 0 && !instructions) return null;
  return (
    <Stack gap={4}>
      {settings.length > 0 && <Text size="xs">{settings.join(' · ')}</Text>}
      {instructions && (
        <Text size="xs" c="dimmed" fs="italic" lineClamp={3}>
          {instructions}
        </Text>
      )}
    </Stack>
  );
}
