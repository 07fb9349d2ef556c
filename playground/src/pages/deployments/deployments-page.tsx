import { Alert, Button, Group, List, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconAlertTriangle, IconPlus, IconSearch } from '@tabler/icons-react';
import { type ReactNode, useRef, useState } from 'react';
import { ErrorMessage } from '../../components/error-message.tsx';
import { useText } from '../../language/language-provider.tsx';
import { type Deployment, useDeployments } from '../../server/deployments.ts';
import { DeploymentCard } from './deployment-card.tsx';
import { CreateDialog, type CreateDialogProps, EditDialog, RemoveDialog } from './deployment-dialogs.tsx';
import classes from './deployments.module.css';
import { missingParts } from './missing-parts.ts';
import { text } from './text.ts';

type Open =
  | { readonly type: 'create' }
  | { readonly type: 'edit' | 'remove'; readonly deployment: Deployment };

/** What programs can call on this server, and what answers them. */
export function DeploymentsPage(): ReactNode {
  const words = useText(text);
  const { deployments, error, refresh } = useDeployments();
  const [open, setOpen] = useState<Open>();
  const [message, setMessage] = useState('');
  const createButton = useRef<HTMLButtonElement>(null);
  const done = (next: string): void => {
    // What opened the dialog may be gone with what it was about.
    if (open?.type === 'remove') createButton.current?.focus();
    setOpen(undefined);
    setMessage(next);
    refresh();
  };
  const close = (): void => {
    setOpen(undefined);
    refresh();
  };
  return (
    <Stack gap="lg" className={classes['page']}>
      <Group justify="space-between" align="flex-start">
        <Stack gap={4} className={classes['heading']}>
          <Title order={1}>{words.title}</Title>
          <Text c="dimmed">{words.about}</Text>
          <Text role="status" size="sm" fw={600}>
            {message}
          </Text>
        </Stack>
        <Button
          ref={createButton}
          leftSection={<IconPlus size={18} />}
          onClick={() => setOpen({ type: 'create' })}
          disabled={!deployments}
        >
          {words.create}
        </Button>
      </Group>
      {error && <ErrorMessage error={error} onRetry={refresh} />}
      {deployments ? <Lists deployments={deployments} onOpen={setOpen} /> : !error && <Waiting />}
      {open && <OpenDialog open={open} deployments={deployments ?? []} onClose={close} onDone={done} />}
    </Stack>
  );
}

function OpenDialog({ open, ...props }: CreateDialogProps & { readonly open: Open }): ReactNode {
  switch (open.type) {
    case 'create':
      return <CreateDialog {...props} />;
    case 'edit':
      return <EditDialog {...props} deployment={open.deployment} />;
    case 'remove':
      return <RemoveDialog {...props} deployment={open.deployment} />;
  }
}

interface ListsProps {
  readonly deployments: readonly Deployment[];
  readonly onOpen: (open: Open) => void;
}

function Lists({ deployments, onOpen }: ListsProps): ReactNode {
  const words = useText(text);
  const [sought, setSought] = useState('');
  const fitting = deployments.filter((deployment) => fits(deployment, sought.trim().toLowerCase()));
  const own = fitting.filter(({ properties }) => properties.samtal.origin !== 'standard');
  const standard = fitting.filter(({ properties }) => properties.samtal.origin === 'standard');
  return (
    <>
      <Missing deployments={deployments} />
      <TextInput
        aria-label={words.filter}
        placeholder={words.filter}
        leftSection={<IconSearch size={16} />}
        value={sought}
        onChange={(event) => setSought(event.currentTarget.value)}
        maw={360}
        type="search"
      />
      {fitting.length === 0 && <Text>{deployments.length === 0 ? words.none : words.noneFits}</Text>}
      <Section title={words.own} deployments={own} onOpen={onOpen} />
      <Section title={words.standard} deployments={standard} onOpen={onOpen} />
    </>
  );
}

function fits({ name, properties }: Deployment, sought: string): boolean {
  return `${name} ${properties.model.name}`.toLowerCase().includes(sought);
}

function Section({ title, deployments, onOpen }: ListsProps & { readonly title: string }): ReactNode {
  if (deployments.length === 0) return null;
  return (
    <Stack gap="sm" component="section">
      <Title order={2} size="h4">
        {title}
      </Title>
      <ul className={classes['grid']}>
        {deployments.map((deployment) => (
          <li key={deployment.name}>
            <DeploymentCard
              deployment={deployment}
              onEdit={() => onOpen({ type: 'edit', deployment })}
              onRemove={() => onOpen({ type: 'remove', deployment })}
            />
          </li>
        ))}
      </ul>
    </Stack>
  );
}

/** What keeps deployments from working as they could, and what to do about it. */
function Missing({ deployments }: { readonly deployments: readonly Deployment[] }): ReactNode {
  const words = useText(text);
  const missing = missingParts(deployments);
  if (missing.length === 0) return null;
  return (
    <Alert color="yellow" icon={<IconAlertTriangle />} title={words.missing}>
      <List size="sm" spacing="xs" listStyleType="none">
        {missing.map(({ part, reason, remedy, deployments: names }) => (
          <List.Item key={`${part} ${reason} ${remedy}`}>
            <strong>{words.parts[part]}:</strong> {reason} {remedy}{' '}
            <Text span size="sm" c="dimmed">
              {words.holdsFor(names)}
            </Text>
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

function Waiting(): ReactNode {
  return (
    <div className={classes['grid']} aria-hidden="true">
      {['one', 'two', 'three', 'four', 'five', 'six'].map((key) => (
        <Skeleton key={key} height={180} radius="md" />
      ))}
    </div>
  );
}
