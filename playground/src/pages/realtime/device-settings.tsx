import { Switch } from '@mantine/core';
import type { ReactNode } from 'react';
import { type AudioDevice, useAudioDevices } from '../../audio/devices.ts';
import { useText } from '../../language/language-provider.tsx';
import type { RealtimeSettings } from '../../realtime/settings.ts';
import { SettingSelect } from './setting-fields.tsx';
import type { SettingsProps } from './settings-panel.tsx';
import { settingsText } from './settings-text.ts';

interface DeviceSettingsProps extends SettingsProps {
  readonly devicesKey: unknown;
}

/** What the page hears and speaks through, and what the browser does to what it hears. */
export function DeviceSettings({ settings, change, devicesKey }: DeviceSettingsProps): ReactNode {
  const words = useText(settingsText);
  const { inputs, outputs } = useAudioDevices(devicesKey);
  const { microphone } = settings;
  const set = (fields: Partial<RealtimeSettings['microphone']>): void =>
    change({ microphone: { ...microphone, ...fields } });
  return (
    <>
      <DeviceSetting
        label={words.microphone}
        devices={inputs}
        value={microphone.deviceId}
        onSettle={(deviceId) => set({ deviceId })}
      />
      {(['echoCancellation', 'noiseSuppression', 'autoGainControl'] as const).map((name) => (
        <Switch
          key={name}
          label={words[name]}
          checked={microphone[name]}
          onChange={({ currentTarget }) => set({ [name]: currentTarget.checked })}
        />
      ))}
      {'setSinkId' in AudioContext.prototype && (
        <DeviceSetting
          label={words.loudspeaker}
          devices={outputs}
          value={settings.loudspeakerId}
          onSettle={(loudspeakerId) => change({ loudspeakerId })}
        />
      )}
    </>
  );
}

interface DeviceSettingProps {
  readonly label: string;
  readonly devices: readonly AudioDevice[];
  readonly value: string;
  readonly onSettle: (deviceId: string) => void;
}

function DeviceSetting({ label, devices, value, onSettle }: DeviceSettingProps): ReactNode {
  const words = useText(settingsText);
  const ids = devices.map(({ deviceId }) => deviceId);
  const nameOf = (id: string): string => {
    if (id === '') return words.standardDevice;
    return devices[ids.indexOf(id)]?.label || words.unnamedDevice(ids.indexOf(id) + 1);
  };
  return (
    <SettingSelect
      label={label}
      value={ids.includes(value) ? value : ''}
      options={['', ...ids]}
      nameOf={nameOf}
      onSettle={onSettle}
    />
  );
}
