import { Accordion, Button, Stack } from '@mantine/core';
import { IconRotate } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useText } from '../../language/language-provider.tsx';
import { DEFAULT_SETTINGS, type RealtimeSettings } from '../../realtime/settings.ts';
import { DeviceSettings } from './device-settings.tsx';
import { HearingSettings } from './hearing-settings.tsx';
import { SessionSettings } from './session-settings.tsx';
import { settingsText } from './settings-text.ts';
import { ToolSettings } from './tool-settings.tsx';
import { TurnSettings } from './turn-settings.tsx';
import type { ChangeSettings } from './use-settings.ts';

export interface SettingsProps {
  readonly settings: RealtimeSettings;
  readonly change: ChangeSettings;
  /** Whether a session runs, which some settings hold for as a whole. */
  readonly isLive: boolean;
  /** `undefined` where the server does not list them. */
  readonly deploymentNames: readonly string[] | undefined;
}

interface SettingsPanelProps extends SettingsProps {
  /** Changes when devices may have got names. */
  readonly devicesKey: unknown;
}

/** Everything that can be set of a session, told to the server as it changes. */
export function SettingsPanel({ devicesKey, ...props }: SettingsPanelProps): ReactNode {
  const words = useText(settingsText);
  const sections: readonly (readonly [string, string, ReactNode])[] = [
    ['session', words.session, <SessionSettings key="session" {...props} />],
    ['turns', words.turns, <TurnSettings key="turns" {...props} />],
    ['hearing', words.hearing, <HearingSettings key="hearing" {...props} />],
    ['tools', words.tools, <ToolSettings key="tools" {...props} />],
    ['devices', words.devices, <DeviceSettings key="devices" {...props} devicesKey={devicesKey} />],
  ];
  return (
    <Stack gap="xs">
      <Accordion multiple defaultValue={['session', 'turns']} order={3} styles={FLUSH}>
        {sections.map(([value, label, content]) => (
          <Accordion.Item key={value} value={value}>
            <Accordion.Control>{label}</Accordion.Control>
            <Accordion.Panel>
              <Stack gap="md">{content}</Stack>
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconRotate size={16} />}
        onClick={() => props.change({ ...DEFAULT_SETTINGS, ...kept(props) })}
      >
        {words.reset}
      </Button>
    </Stack>
  );
}

/** Sections begin where the heading above them does. */
const FLUSH = { control: { paddingInline: 0 }, content: { paddingInline: 0 } };

/** What a running session can not change stays. */
function kept({ settings, isLive }: SettingsProps): Partial<RealtimeSettings> {
  const { deployment, address } = settings;
  return isLive ? { deployment, address } : { deployment };
}
