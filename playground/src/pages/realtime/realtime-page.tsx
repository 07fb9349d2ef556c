import { Button, Drawer, Group, Title } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useText } from '../../language/language-provider.tsx';
import { Controls } from './controls.tsx';
import { ConversationView } from './conversation-view.tsx';
import classes from './realtime-page.module.css';
import { SessionAlerts } from './session-alerts.tsx';
import { SettingsPanel } from './settings-panel.tsx';
import { settingsText } from './settings-text.ts';
import { text } from './text.ts';
import { useDeploymentNames } from './use-deployment-names.ts';
import { useSession } from './use-session.ts';
import { useSettings } from './use-settings.ts';
import { WhyPanel } from './why-panel.tsx';

const STORED = 'samtal.realtime';

/** Talk with a deployment, and see why it does what it does. */
export function RealtimePage(): ReactNode {
  const words = useText(text);
  const [settings, change] = useSettings(STORED);
  const [session, state] = useSession(settings);
  const isWide = useMediaQuery('(width >= 75em)', true, { getInitialValueInEffect: false });
  const [isOpen, { open, close }] = useDisclosure();
  const isLive = state.phase !== 'idle';
  const deploymentNames = useDeploymentNames({
    deployment: settings.deployment,
    choose: (deployment) => change({ deployment }),
    isLive,
  });
  const panel = (
    <SettingsPanel {...{ settings, change, isLive, deploymentNames }} devicesKey={state.microphone} />
  );
  return (
    <div className={classes['page']}>
      <div className={classes['main']}>
        <PageHead onSettings={isWide ? undefined : open} />
        <div className={classes['talk']}>
          <ConversationView items={state.conversation.items} session={session} />
          <div className={classes['controls']}>
            <SessionAlerts session={session} state={state} />
            <Controls {...{ session, state, settings }} />
          </div>
        </div>
        <WhyPanel {...{ session, state, settings }} />
      </div>
      {isWide ? (
        <aside className={classes['settings']} aria-label={words.settings}>
          <Title order={2} size="h4">
            {words.settings}
          </Title>
          {panel}
        </aside>
      ) : (
        <SettingsDrawer isOpen={isOpen} onClose={close}>
          {panel}
        </SettingsDrawer>
      )}
    </div>
  );
}

interface PageHeadProps {
  /** Where the settings do not stand beside the page. */
  readonly onSettings: (() => void) | undefined;
}

function PageHead({ onSettings }: PageHeadProps): ReactNode {
  const words = useText(text);
  return (
    <Group justify="space-between" mb="sm">
      <Title order={1} size="h2">
        {words.title}
      </Title>
      {onSettings && (
        <Button
          variant="default"
          leftSection={<IconAdjustmentsHorizontal size={18} />}
          onClick={onSettings}
          aria-haspopup="dialog"
        >
          {words.settings}
        </Button>
      )}
    </Group>
  );
}

interface SettingsDrawerProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

function SettingsDrawer({ isOpen, onClose, children }: SettingsDrawerProps): ReactNode {
  const words = useText(text);
  const { close } = useText(settingsText);
  return (
    <Drawer
      opened={isOpen}
      onClose={onClose}
      position="right"
      size="sm"
      title={words.settings}
      closeButtonProps={{ 'aria-label': close }}
    >
      {children}
    </Drawer>
  );
}
