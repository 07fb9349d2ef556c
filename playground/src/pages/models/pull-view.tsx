import { Button, Card, Group, Progress, Stack, Text } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { byteSize } from '../../components/byte-size.ts';
import { ErrorMessage } from '../../components/error-message.tsx';
import { useLanguage, useText } from '../../language/language-provider.tsx';
import { cancelPull, type Pull } from '../../server/models.ts';
import classes from './models.module.css';
import { text } from './text.ts';
import { useRequest } from './use-request.ts';

interface PullViewProps {
  readonly pull: Pull;
  /** What it brings, as the page calls it. */
  readonly title: string;
  /** Called when it has been told to stop. */
  readonly onChange: () => void;
  readonly onAgain: () => void;
}

/** What comes, how far it is, and how to stop it; or why it did not come. */
export function PullView({ pull, title, onChange, onAgain }: PullViewProps): ReactNode {
  const words = useText(text);
  const { isRunning, error, run } = useRequest();
  if (pull.state === 'failed') {
    const failure = new Error(pull.error?.message ?? '');
    return <ErrorMessage error={failure} advice={words.failed(title)} onRetry={onAgain} />;
  }
  const cancel = async (): Promise<void> => {
    if (await run(async (secret) => await cancelPull(pull.id, { secret }))) onChange();
  };
  return (
    <Card component="section" withBorder padding="md" aria-label={words.pullOf(title)}>
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Text fw={600} className={classes['name']}>
            {words.pullOf(title)}
          </Text>
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconX size={15} />}
            loading={isRunning}
            onClick={() => void cancel()}
            aria-label={words.cancelOf(title)}
          >
            {words.cancel}
          </Button>
        </Group>
        <PullBar pull={pull} />
        {error && <ErrorMessage error={error} />}
      </Stack>
    </Card>
  );
}

function PullBar({ pull: { state, progress, items } }: { readonly pull: Pull }): ReactNode {
  const words = useText(text);
  const { language } = useLanguage();
  if (state === 'waiting') return <Text size="sm">{words.waits}</Text>;
  if (!progress) return <Text size="sm">{words.begins}</Text>;
  const { name, step, bytes, totalBytes } = progress;
  const share = Math.min(100, (100 * bytes) / Math.max(1, totalBytes));
  const size = (value: number): string => byteSize(value, language);
  return (
    <>
      <Progress.Root size="lg">
        <Progress.Section value={share} aria-label={words.steps[step](name)} />
      </Progress.Root>
      <Group justify="space-between" gap="xs">
        <Text size="sm" className={classes['name']}>
          {words.steps[step](name)}
          {items.length > 1 && ` (${words.itemOf(items.indexOf(name) + 1, items.length)})`}
        </Text>
        <Text size="sm" c="dimmed" className={classes['figures']}>
          {words.ofTotal(size(bytes), size(totalBytes))}
        </Text>
      </Group>
    </>
  );
}
