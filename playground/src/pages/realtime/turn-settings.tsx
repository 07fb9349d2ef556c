import { Input, SegmentedControl, Stack, Switch, Text } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { useText } from '../../language/language-provider.tsx';
import {
  dialectOf,
  EAGERNESS,
  TURN_DETECTIONS,
  type TurnDetectionSettings,
} from '../../realtime/settings.ts';
import { SettingSelect, SettingSlider } from './setting-fields.tsx';
import type { SettingsProps } from './settings-panel.tsx';
import { settingsText } from './settings-text.ts';
import { useDecimal } from './use-decimal.ts';

/** Who decides when a turn ends, and by what. */
export function TurnSettings({ settings, change }: SettingsProps): ReactNode {
  const words = useText(settingsText);
  const { turnDetection } = settings;
  const set = (fields: Partial<TurnDetectionSettings>): void =>
    change({ turnDetection: { ...turnDetection, ...fields } });
  const props = { turnDetection, set, hasIdleTimeout: dialectOf(settings.address) === 'ga' };
  const labelId = useId();
  return (
    <>
      <Stack gap={4}>
        <Input.Label component="div" id={labelId}>
          {words.turnDetection}
        </Input.Label>
        <SegmentedControl
          size="sm"
          fullWidth
          aria-labelledby={labelId}
          value={turnDetection.type}
          onChange={(type) => set({ type })}
          data={TURN_DETECTIONS.map((value) => ({ value, label: words.turnDetections[value] }))}
        />
        <Text size="xs" c="dimmed">
          {words.turnHelp[turnDetection.type]}
        </Text>
      </Stack>
      {turnDetection.type === 'server_vad' && <ServerFields {...props} />}
      {turnDetection.type === 'semantic_vad' && (
        <SettingSelect
          label={words.eagerness}
          value={turnDetection.eagerness}
          options={EAGERNESS}
          nameOf={(eagerness) => words.eagernesses[eagerness]}
          onSettle={(eagerness) => set({ eagerness })}
        />
      )}
      {turnDetection.type !== 'none' && <ReplyFields {...props} />}
    </>
  );
}

interface FieldsProps {
  readonly turnDetection: TurnDetectionSettings;
  readonly set: (fields: Partial<TurnDetectionSettings>) => void;
  /** Preview does not have it. */
  readonly hasIdleTimeout: boolean;
}

/** In ms; what a server takes is 5 to 30 s, or none. */
const IDLE_TIMEOUTS: readonly (number | null)[] = [
  null,
  ...Array.from({ length: 26 }, (_, index) => (index + 5) * 1000),
];

function ServerFields({ turnDetection, set, hasIdleTimeout }: FieldsProps): ReactNode {
  const words = useText(settingsText);
  const decimal = useDecimal();
  const inMs = (value: number): string => `${value} ms`;
  const inSeconds = (ms: number | null): string => (ms === null ? words.noBound : `${ms / 1000} s`);
  return (
    <>
      <SettingSlider
        label={words.threshold}
        {...{ min: 0, max: 1, step: 0.05 }}
        value={turnDetection.threshold}
        format={decimal}
        onSettle={(threshold) => set({ threshold })}
      />
      <SettingSlider
        label={words.prefixPadding}
        {...{ min: 0, max: 2000, step: 50 }}
        value={turnDetection.prefixPaddingMs}
        format={inMs}
        onSettle={(prefixPaddingMs) => set({ prefixPaddingMs })}
      />
      <SettingSlider
        label={words.silenceDuration}
        {...{ min: 100, max: 4000, step: 50 }}
        value={turnDetection.silenceDurationMs}
        format={inMs}
        onSettle={(silenceDurationMs) => set({ silenceDurationMs })}
      />
      {hasIdleTimeout && (
        <SettingSlider
          label={words.idleTimeout}
          {...{ min: 0, max: IDLE_TIMEOUTS.length - 1, step: 1 }}
          value={Math.max(0, IDLE_TIMEOUTS.indexOf(turnDetection.idleTimeoutMs))}
          format={(place) => inSeconds(IDLE_TIMEOUTS[place] ?? null)}
          onSettle={(place) => set({ idleTimeoutMs: IDLE_TIMEOUTS[place] ?? null })}
        />
      )}
    </>
  );
}

function ReplyFields({ turnDetection, set }: FieldsProps): ReactNode {
  const words = useText(settingsText);
  return (
    <>
      <Switch
        label={words.createResponse}
        checked={turnDetection.createResponse}
        onChange={({ currentTarget }) => set({ createResponse: currentTarget.checked })}
      />
      <Switch
        label={words.interruptResponse}
        checked={turnDetection.interruptResponse}
        onChange={({ currentTarget }) => set({ interruptResponse: currentTarget.checked })}
      />
    </>
  );
}
