import { Button, Group, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAdjustmentsHorizontal, IconCode, IconPlus } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useText } from '../../language/language-provider.tsx';
import { useCredential } from '../../server/credential-provider.tsx';
import { useChat } from './chat-context.ts';
import classes from './chat-page.module.css';
import { Composer } from './composer.tsx';
import { ConversationView } from './conversation-view.tsx';
import { NextRequestCode } from './next-request-code.tsx';
import { SettingsPanel } from './settings-panel.tsx';
import { text } from './text.ts';
import { EMPTY_DRAFT } from './use-attachments.ts';

/** Chat completions, written and spoken, with everything that is sent and everything that comes. */
export function ChatPage(): ReactNode {
  const words = useText(text);
  const { secret } = useCredential();
  const { store } = useChat();
  const [draft, setDraft] = useState(EMPTY_DRAFT);
  const [areSettingsOpen, settings] = useDisclosure();
  const [isCodeOpen, code] = useDisclosure();
  useEffect(() => {
    store.belongTo(secret);
  }, [store, secret]);
  const startOver = (): void => {
    store.clear();
    setDraft(EMPTY_DRAFT);
  };
  return (
    <div className={classes['page']}>
      <Head
        areSettingsOpen={areSettingsOpen}
        onSettings={settings.toggle}
        onCode={code.open}
        onStartOver={startOver}
      />
      <section
        id="chat-settings"
        aria-label={words.settings}
        className={classes['settings']}
        data-open={areSettingsOpen || undefined}
      >
        <SettingsPanel />
      </section>
      <div className={classes['talk']}>
        <ConversationView onExample={(example) => setDraft({ ...draft, text: example })} onEdit={setDraft} />
        <Composer draft={draft} onChange={setDraft} />
      </div>
      <NextRequestCode isOpen={isCodeOpen} onClose={code.close} draft={draft} />
    </div>
  );
}

interface HeadProps {
  readonly areSettingsOpen: boolean;
  readonly onSettings: () => void;
  readonly onCode: () => void;
  readonly onStartOver: () => void;
}

function Head({ areSettingsOpen, onSettings, onCode, onStartOver }: HeadProps): ReactNode {
  const words = useText(text);
  const { state } = useChat();
  return (
    <Group justify="space-between" gap="xs" className={classes['head']}>
      <Title order={1} size="h2">
        {words.title}
      </Title>
      <Group gap="xs">
        <Button
          variant="default"
          size="xs"
          hiddenFrom="md"
          leftSection={<IconAdjustmentsHorizontal size={16} />}
          aria-expanded={areSettingsOpen}
          aria-controls="chat-settings"
          onClick={onSettings}
        >
          {words.settings}
        </Button>
        <Button variant="default" size="xs" leftSection={<IconCode size={16} />} onClick={onCode}>
          {words.showCode}
        </Button>
        <Button
          variant="default"
          size="xs"
          aria-label={words.newConversation}
          disabled={state.turns.length === 0}
          onClick={onStartOver}
        >
          <IconPlus size={16} aria-hidden />
          <span className={classes['wide']}>{words.newConversation}</span>
        </Button>
      </Group>
    </Group>
  );
}
