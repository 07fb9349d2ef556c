import { Button, Code, Group, Loader, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { byteSize } from '../../components/byte-size.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorMessage } from '../../components/error-message.tsx';
import { useLanguage, useText } from '../../language/language-provider.tsx';
import { type Machine, type PullPlan, planPull, startPull } from '../../server/models.ts';
import classes from './models.module.css';
import { text } from './text.ts';
import { useRequest } from './use-request.ts';

interface PlanDialogProps {
  readonly names: readonly string[];
  /** What they are called on the page. */
  readonly title: string;
  readonly machine: Machine;
  readonly onClose: () => void;
  readonly onDone: (message: string) => void;
}

/** What a pull brings and takes, before anybody decides on it. */
export function PlanDialog({ names, title, machine, onClose, onDone }: PlanDialogProps): ReactNode {
  const words = useText(text);
  const [plan, setPlan] = useState<PullPlan>();
  const { isRunning: isPlanning, error: planError, run: runPlan } = useRequest();
  const { isRunning: isStarting, error, run } = useRequest();
  const read = useCallback(
    async () => await runPlan(async (secret) => setPlan(await planPull(names, { secret }))),
    [names, runPlan],
  );
  useEffect(() => void read(), [read]);
  const start = async (): Promise<void> => {
    if (await run(async (secret) => await startPull(names, { secret }))) onDone('');
  };
  const isThere = plan?.items.length === 0;
  return (
    <Dialog title={words.planOf(title)} onClose={onClose}>
      <Stack>
        {isPlanning && (
          <Group gap="xs">
            <Loader size="sm" />
            <Text size="sm" role="status">
              {words.planning}
            </Text>
          </Group>
        )}
        {isThere && <Text>{words.isThere}</Text>}
        {plan && !isThere && <Plan plan={plan} machine={machine} />}
        {planError && <ErrorMessage error={planError} onRetry={() => void read()} />}
        {error && <ErrorMessage error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {words.close}
          </Button>
          {!isThere && (
            <Button
              leftSection={<IconDownload size={18} />}
              disabled={!plan}
              loading={isStarting}
              onClick={() => void start()}
            >
              {words.getIt}
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}

function Plan({ plan, machine }: { readonly plan: PullPlan; readonly machine: Machine }): ReactNode {
  const words = useText(text);
  const { language } = useLanguage();
  const size = (bytes: number): string => byteSize(bytes, language);
  return (
    <>
      <ul className={classes['items']}>
        {plan.items.map(({ name, title, license, downloadBytes, kind }) => (
          <li key={name}>
            <div className={classes['name']}>
              <Text fw={600} size="sm">
                {title}
              </Text>
              <Text size="xs" c="dimmed">
                {kind === 'package' ? `${words.runtime} · ` : ''}
                {words.license(license)}
              </Text>
            </div>
            <Text size="sm" className={classes['figures']}>
              {size(downloadBytes)}
            </Text>
          </li>
        ))}
      </ul>
      <Text size="sm">
        {words.planSizes(size(plan.downloadBytes), size(plan.diskBytes), size(machine.freeBytes))}
      </Text>
      {plan.memoryBytes > 0 && (
        <Text size="sm">{words.planMemory(size(plan.memoryBytes), size(machine.memoryBytes))}</Text>
      )}
      <Text size="sm" c="dimmed">
        {words.planSpeed(machine.cores)}{' '}
        <Code className={classes['command']}>samtal doctor --hear --speak --think</Code>
      </Text>
    </>
  );
}
