import { Skeleton, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useCallback, useRef, useState } from 'react';
import { ErrorMessage } from '../../components/error-message.tsx';
import { useText } from '../../language/language-provider.tsx';
import { type Library, type Model, type Pull, useModels } from '../../server/models.ts';
import { comingNames, shownPulls } from './fitting-models.ts';
import { ModelLists } from './model-lists.tsx';
import classes from './models.module.css';
import { PlanDialog } from './plan-dialog.tsx';
import { PresetPicker } from './preset-picker.tsx';
import { PullView } from './pull-view.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { RolesInUse } from './roles-in-use.tsx';
import { text } from './text.ts';
import { usePullTitle } from './use-pull-title.ts';
import { usePulls } from './use-pulls.ts';

type Open =
  | { readonly type: 'plan'; readonly names: readonly string[] }
  | { readonly type: 'remove'; readonly model: Model };

/** The models of this machine: what works now, what can be had, and what comes. */
export function ModelsPage(): ReactNode {
  const words = useText(text);
  const { library, error, refresh } = useModels();
  const [open, setOpen] = useState<Open>();
  const [message, setMessage] = useState('');
  const heading = useRef<HTMLHeadingElement>(null);
  const titleOf = usePullTitle(library);
  const tellEnd = useCallback(
    (pull: Pull | undefined) => {
      if (pull?.state === 'succeeded') setMessage(words.pulled(titleOf(pull.names)));
      refresh();
    },
    [words, titleOf, refresh],
  );
  const pulls = usePulls(library?.pulls, tellEnd);
  const done = (next: string): void => {
    // What opened the dialog goes with what it was about.
    heading.current?.focus();
    setOpen(undefined);
    setMessage(next);
    refresh();
  };
  return (
    <Stack gap="lg" className={classes['page']}>
      <Stack gap={4}>
        <Title order={1} ref={heading} tabIndex={-1} className={classes['title']}>
          {words.title}
        </Title>
        <Text c="dimmed">{words.about}</Text>
        <Text role="status" size="sm" fw={600}>
          {message}
        </Text>
      </Stack>
      {error && <ErrorMessage error={error} onRetry={refresh} />}
      {library ? (
        <Shown library={library} pulls={pulls} onOpen={setOpen} onChange={refresh} />
      ) : (
        !error && <Waiting />
      )}
      {open && library && (
        <OpenDialog open={open} library={library} onClose={() => setOpen(undefined)} onDone={done} />
      )}
    </Stack>
  );
}

interface ShownProps {
  readonly library: Library;
  readonly pulls: readonly Pull[];
  readonly onOpen: (open: Open) => void;
  readonly onChange: () => void;
}

function Shown({ library, pulls, onOpen, onChange }: ShownProps): ReactNode {
  const titleOf = usePullTitle(library);
  const onPull = (names: readonly string[]): void => onOpen({ type: 'plan', names });
  return (
    <>
      {shownPulls(pulls).map((pull) => (
        <PullView
          key={pull.id}
          pull={pull}
          title={titleOf(pull.names)}
          onChange={onChange}
          onAgain={() => onPull(pull.names)}
        />
      ))}
      <div className={classes['columns']}>
        <RolesInUse uses={library.uses} />
        <PresetPicker library={library} onPull={onPull} />
      </div>
      <ModelLists
        library={library}
        coming={comingNames(pulls)}
        onPull={({ name }) => onPull([name])}
        onRemove={(model) => onOpen({ type: 'remove', model })}
      />
    </>
  );
}

interface OpenDialogProps {
  readonly open: Open;
  readonly library: Library;
  readonly onClose: () => void;
  readonly onDone: (message: string) => void;
}

function OpenDialog({ open, library, ...props }: OpenDialogProps): ReactNode {
  const titleOf = usePullTitle(library);
  switch (open.type) {
    case 'plan':
      return (
        <PlanDialog {...props} names={open.names} title={titleOf(open.names)} machine={library.machine} />
      );
    case 'remove':
      return <RemoveDialog {...props} model={open.model} />;
  }
}

function Waiting(): ReactNode {
  return (
    <div className={classes['grid']} aria-hidden="true">
      {['one', 'two', 'three', 'four', 'five', 'six'].map((key) => (
        <Skeleton key={key} height={200} radius="md" />
      ))}
    </div>
  );
}
