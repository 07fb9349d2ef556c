import { Alert, Button, Group, List, Stack, Text } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorMessage } from '../../components/error-message.tsx';
import { useLanguage, useText } from '../../language/language-provider.tsx';
import type { Deployment } from '../../server/deployments.ts';
import { DeploymentFields } from './deployment-fields.tsx';
import { changedFields, EMPTY_FORM, faultsOf, toForm } from './deployment-form.ts';
import { text } from './text.ts';
import { type Edit, type Saving, useCreation, useEdit, useRemoval } from './use-saving.ts';

interface DialogProps {
  readonly onClose: () => void;
  /** Called once it is done, with what there is to say about it. */
  readonly onDone: (message: string) => void;
}

export interface CreateDialogProps extends DialogProps {
  readonly deployments: readonly Deployment[];
}

export function CreateDialog({ deployments, onClose, onDone }: CreateDialogProps): ReactNode {
  const words = useText(text);
  const { saving, create } = useCreation();
  const [form, setForm] = useState(EMPTY_FORM);
  const [isChecked, setIsChecked] = useState(false);
  const names = deployments.map(({ name }) => name);
  const taken = saving.type === 'conflict' ? [...names, saving.theirs.name] : names;
  const faults = faultsOf(form, taken);
  const submit = async (): Promise<void> => {
    setIsChecked(true);
    if (Object.keys(faults).length === 0 && (await create(form))) onDone(words.created(form.name));
  };
  return (
    <Dialog title={words.createTitle} onClose={onClose}>
      <FormBody saving={saving} submitLabel={words.createIt} onSubmit={submit} onClose={onClose}>
        <DeploymentFields
          form={form}
          onChange={setForm}
          faults={isChecked ? faults : {}}
          isNew
          models={modelsOf(deployments)}
        />
      </FormBody>
    </Dialog>
  );
}

export interface EditDialogProps extends DialogProps {
  readonly deployment: Deployment;
  readonly deployments: readonly Deployment[];
}

export function EditDialog({ deployment, deployments, onClose, onDone }: EditDialogProps): ReactNode {
  const words = useText(text);
  const edit = useEdit(deployment);
  const faults = faultsOf(edit.form, []);
  const submit = async (): Promise<void> => {
    if (Object.keys(faults).length === 0 && (await edit.save())) onDone(words.saved(deployment.name));
  };
  return (
    <Dialog title={words.editTitle(deployment.name)} onClose={onClose}>
      <FormBody
        saving={edit.saving}
        isBlocked={edit.saving.type === 'conflict'}
        submitLabel={words.save}
        onSubmit={submit}
        onClose={onClose}
      >
        <DeploymentFields
          form={edit.form}
          onChange={edit.setForm}
          faults={faults}
          isNew={false}
          models={modelsOf(deployments)}
        />
        <Conflict edit={edit} />
      </FormBody>
    </Dialog>
  );
}

/** Who changed what while the form was open, and how to go on from there. */
function Conflict({ edit: { saving, base, goOn } }: { readonly edit: Edit }): ReactNode {
  const words = useText(text);
  const { language } = useLanguage();
  if (saving.type !== 'conflict') return null;
  const theirs = toForm(saving.theirs);
  const { lastModifiedBy = '?', lastModifiedAt } = saving.theirs.systemData ?? {};
  const when = lastModifiedAt ? new Date(lastModifiedAt).toLocaleTimeString(language) : '?';
  const shown = (value: string | number): string => (value === '' ? words.nothing : String(value));
  return (
    <Alert role="alert" color="orange" icon={<IconUsers />} title={words.conflict(lastModifiedBy, when)}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{words.conflictHelp}</Text>
        <List size="sm">
          {changedFields(base, theirs).map((field) => (
            <List.Item key={field}>
              {words.fields[field]}: {shown(base[field])} → <strong>{shown(theirs[field])}</strong>
            </List.Item>
          ))}
        </List>
        <Group gap="xs">
          <Button size="compact-sm" variant="default" onClick={() => goOn('mine')}>
            {words.keepMine}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => goOn('theirs')}>
            {words.takeTheirs}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

export interface RemoveDialogProps extends DialogProps {
  readonly deployment: Deployment;
}

export function RemoveDialog({ deployment, onClose, onDone }: RemoveDialogProps): ReactNode {
  const words = useText(text);
  const { saving, remove } = useRemoval(deployment);
  const confirm = async (): Promise<void> => {
    if (await remove()) onDone(words.removed(deployment.name));
  };
  return (
    <Dialog title={words.removeTitle(deployment.name)} onClose={onClose} size="md">
      <Stack>
        <Text>{words.removeHelp}</Text>
        {saving.type === 'conflict' && (
          <Alert role="alert" color="orange" icon={<IconUsers />}>
            {words.changedMeanwhile}
          </Alert>
        )}
        {saving.type === 'failed' && <ErrorMessage error={saving.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {words.cancel}
          </Button>
          <Button color="red" loading={saving.type === 'busy'} onClick={() => void confirm()}>
            {words.remove}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

interface FormBodyProps {
  readonly saving: Saving;
  /** Whether something has to be decided before the form can be sent. */
  readonly isBlocked?: boolean;
  readonly submitLabel: string;
  readonly onSubmit: () => Promise<void>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

function FormBody({
  saving,
  isBlocked = false,
  submitLabel,
  onSubmit,
  onClose,
  children,
}: FormBodyProps): ReactNode {
  const words = useText(text);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void onSubmit();
      }}
    >
      <Stack>
        {children}
        {saving.type === 'failed' && <ErrorMessage error={saving.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {words.cancel}
          </Button>
          <Button type="submit" loading={saving.type === 'busy'} disabled={isBlocked}>
            {submitLabel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function modelsOf(deployments: readonly Deployment[]): readonly string[] {
  return [...new Set(deployments.map(({ properties }) => properties.model.name))];
}
