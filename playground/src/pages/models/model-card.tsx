import { Anchor, Badge, Button, Card, Group, Stack, Text, Title, VisuallyHidden } from '@mantine/core';
import { IconDownload, IconTrash } from '@tabler/icons-react';
import { type ReactNode, useMemo } from 'react';
import { byteSize } from '../../components/byte-size.ts';
import { shortLanguages } from '../../language/language-names.ts';
import { useLanguage, useText } from '../../language/language-provider.tsx';
import type { Model } from '../../server/models.ts';
import classes from './models.module.css';
import { RoleIcon } from './role-icon.tsx';
import { text } from './text.ts';

export interface ModelCardProps {
  readonly model: Model;
  readonly isComing: boolean;
  /** What runs it is not made for this machine. */
  readonly isForeign: boolean;
  readonly onPull: () => void;
  readonly onRemove: () => void;
}

/** A model: what it is for, what it takes, and what can be done with it. */
export function ModelCard(props: ModelCardProps): ReactNode {
  const words = useText(text);
  const { model } = props;
  return (
    <Card component="article" aria-label={model.title} withBorder padding="md" className={classes['card']}>
      <Stack gap="xs" h="100%">
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <RoleIcon role={model.role} />
          <Title order={3} size="h5" className={classes['name']}>
            {model.title}
          </Title>
          {model.state === 'damaged' && (
            <Badge color="orange" variant="light" className={classes['badge']}>
              {words.damaged}
            </Badge>
          )}
        </Group>
        <Text size="xs" ff="monospace" c="dimmed" className={classes['name']}>
          {model.name}
        </Text>
        <Text size="sm" lang="en" className={classes['purpose']}>
          {model.purpose}
        </Text>
        <Languages tags={model.languages} />
        <Sizes model={model} />
        <Text size="xs" c="dimmed">
          {words.license(model.license)}
        </Text>
        <Anchor href={model.source} target="_blank" rel="noreferrer" size="xs">
          {words.source}
          <VisuallyHidden>: {model.title}</VisuallyHidden>
        </Anchor>
        <Actions {...props} />
      </Stack>
    </Card>
  );
}

function Languages({ tags }: { readonly tags: readonly string[] }): ReactNode {
  const words = useText(text);
  const { language } = useLanguage();
  const names = useMemo(() => shortLanguages(tags, language), [tags, language]);
  if (!names) return null;
  const { all, shown, more } = names;
  return (
    <Text size="sm" title={all.join(', ')}>
      {shown.join(', ')}
      {more > 0 && ` ${words.moreLanguages(more)}`}
    </Text>
  );
}

function Sizes({
  model: { state, downloadBytes, diskBytes, memoryBytes },
}: {
  readonly model: Model;
}): ReactNode {
  const words = useText(text);
  const { language } = useLanguage();
  const size = (bytes: number | null): string =>
    bytes === null ? words.hubTells : byteSize(bytes, language);
  return (
    <dl className={classes['sizes']}>
      {state === 'missing' && (
        <div>
          <dt>{words.toDownload}</dt>
          <dd>{size(downloadBytes)}</dd>
        </div>
      )}
      <div>
        <dt>{words.onDisk}</dt>
        <dd>{size(diskBytes)}</dd>
      </div>
      <div>
        <dt>{words.inMemory}</dt>
        <dd>{size(memoryBytes)}</dd>
      </div>
    </dl>
  );
}

function Actions({
  model: { state, title },
  isComing,
  isForeign,
  onPull,
  onRemove,
}: ModelCardProps): ReactNode {
  const words = useText(text);
  if (isComing) {
    return (
      <Text size="sm" c="dimmed">
        {words.coming}
      </Text>
    );
  }
  if (isForeign && state === 'missing') {
    return (
      <Text size="sm" c="dimmed">
        {words.foreign}
      </Text>
    );
  }
  return (
    <Group gap="xs">
      {state !== 'whole' && (
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconDownload size={15} />}
          onClick={onPull}
          aria-label={words.getOf(title)}
        >
          {words.get}
        </Button>
      )}
      {state !== 'missing' && (
        <Button
          variant="subtle"
          color="red"
          size="compact-sm"
          leftSection={<IconTrash size={15} />}
          onClick={onRemove}
          aria-label={words.removeOf(title)}
        >
          {words.remove}
        </Button>
      )}
    </Group>
  );
}
