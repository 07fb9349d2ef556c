import { Input, SegmentedControl, Stack } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { useText } from '../../language/language-provider.tsx';
import { ADDRESSES, dialectOf, MODALITIES } from '../../realtime/settings.ts';
import { voicesOf } from '../../realtime/voices.ts';
import { SettingSelect, SettingSlider, SettingText } from './setting-fields.tsx';
import type { SettingsProps } from './settings-panel.tsx';
import { settingsText } from './settings-text.ts';
import { useDecimal } from './use-decimal.ts';

export function SessionSettings(props: SettingsProps): ReactNode {
  const words = useText(settingsText);
  const { settings, change, isLive } = props;
  const voices = ['', ...voicesOf(dialectOf(settings.address))];
  return (
    <>
      <DeploymentSetting {...props} />
      <SettingSelect
        label={words.address}
        description={isLive ? words.fixed : undefined}
        disabled={isLive}
        value={settings.address}
        options={ADDRESSES}
        nameOf={(address) => words.addresses[address]}
        onSettle={(address) => {
          const isKnown = voicesOf(dialectOf(address)).includes(settings.voice);
          change({ address, ...(!isKnown && { voice: '' }) });
        }}
      />
      <SettingSelect
        label={words.voice}
        value={settings.voice}
        options={voices}
        nameOf={(voice) => voice || words.ofDeployment}
        onSettle={(voice) => change({ voice })}
      />
      <SettingText
        label={words.instructions}
        placeholder={words.ofDeployment}
        rows={3}
        value={settings.instructions}
        onSettle={(instructions) => change({ instructions })}
      />
      <AnswerSettings {...props} />
    </>
  );
}

export function DeploymentSetting({ settings, change, isLive, deploymentNames }: SettingsProps): ReactNode {
  const words = useText(settingsText);
  const { deployment } = settings;
  const shared = { label: words.deployment, disabled: isLive, value: deployment };
  const onSettle = (next: string): void => change({ deployment: next });
  if (!deploymentNames) return <SettingText {...shared} onSettle={onSettle} />;
  const isListed = deploymentNames.includes(deployment);
  const options = isListed ? deploymentNames : [deployment, ...deploymentNames];
  return <SettingSelect {...shared} options={options} nameOf={(name) => name} onSettle={onSettle} />;
}

function AnswerSettings({ settings, change }: SettingsProps): ReactNode {
  const words = useText(settingsText);
  const decimal = useDecimal();
  const isPreview = dialectOf(settings.address) === 'preview';
  const modalityId = useId();
  return (
    <>
      <Stack gap={4}>
        <Input.Label component="div" id={modalityId}>
          {words.modality}
        </Input.Label>
        <SegmentedControl
          size="sm"
          fullWidth
          aria-labelledby={modalityId}
          value={settings.modality}
          onChange={(modality) => change({ modality })}
          data={MODALITIES.map((value) => ({ value, label: words.modalities[value] }))}
        />
      </Stack>
      {isPreview ? (
        <SettingSlider
          label={words.temperature}
          {...{ min: 0.6, max: 1.2, step: 0.05 }}
          value={settings.temperature ?? 0.8}
          format={(value) =>
            settings.temperature === null && value === 0.8 ? words.ofDeployment : decimal(value)
          }
          onSettle={(temperature) => change({ temperature })}
        />
      ) : (
        <SettingSlider
          label={words.speed}
          {...{ min: 0.25, max: 1.5, step: 0.05 }}
          value={settings.speed}
          format={(value) => `${decimal(value)} ×`}
          onSettle={(speed) => change({ speed })}
        />
      )}
      <SettingSlider
        label={words.maxOutputTokens}
        {...{ min: 0, max: 4096, step: 64 }}
        value={settings.maxOutputTokens ?? 0}
        format={(value) => (value === 0 ? words.noBound : String(value))}
        onSettle={(value) => change({ maxOutputTokens: value === 0 ? null : value })}
      />
    </>
  );
}
