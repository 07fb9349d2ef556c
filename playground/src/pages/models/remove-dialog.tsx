import { Button, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { byteSize } from '../../components/byte-size.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorMessage } from '../../components/error-message.tsx';
import { useLanguage, useText } from '../../language/language-provider.tsx';
import { type Model, removeModel } from '../../server/models.ts';
import { text } from './text.ts';
import { useRequest } from './use-request.ts';

interface RemoveDialogProps {
  readonly model: Model;
  readonly onClose: () => void;
  readonly onDone: (message: string) => void;
}

/** Asks before a model is removed. */
export function RemoveDialog({ model, onClose, onDone }: RemoveDialogProps): ReactNode {
  const words = useText(text);
  const { language } = useLanguage();
  const { isRunning, error, run } = useRequest();
  const { name, title, diskBytes } = model;
  const confirm = async (): Promise<void> => {
    if (await run(async (secret) => await removeModel(name, { secret }))) onDone(words.removed(name));
  };
  return (
    <Dialog title={words.removeTitle(title)} onClose={onClose} size="md">
      <Stack>
        <Text>{words.removeHelp(byteSize(diskBytes ?? 0, language))}</Text>
        {error && <ErrorMessage error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {words.cancel}
          </Button>
          <Button color="red" loading={isRunning} onClick={() => void confirm()}>
            {words.remove}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
