import { Group, Input, NativeSelect, Slider, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';

interface SettingSliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly format: (value: number) => string;
  /** Told when the slider has come to rest. */
  readonly onSettle: (value: number) => void;
}

export function SettingSlider({ label, value, format, onSettle, ...range }: SettingSliderProps): ReactNode {
  const [moving, setMoving] = useState(value);
  useEffect(() => setMoving(value), [value]);
  return (
    <Stack gap={4}>
      <Group justify="space-between" gap="xs">
        <Input.Label component="div" aria-hidden>
          {label}
        </Input.Label>
        <Text size="sm" c="dimmed" aria-hidden>
          {format(moving)}
        </Text>
      </Group>
      <Slider
        {...range}
        size="sm"
        value={moving}
        onChange={setMoving}
        onChangeEnd={onSettle}
        label={null}
        thumbLabel={label}
        thumbValueText={format(moving)}
      />
    </Stack>
  );
}

interface SettingTextProps {
  readonly label: string;
  readonly description?: string;
  readonly placeholder?: string;
  readonly value: string;
  readonly disabled?: boolean;
  readonly rows?: number;
  readonly isCode?: boolean;
  readonly error?: string | undefined;
  /** Told when the field is left, or by the Enter key where it has one line. */
  readonly onSettle: (value: string) => void;
}

export function SettingText({
  value,
  rows,
  isCode = false,
  onSettle,
  ...shown
}: SettingTextProps): ReactNode {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const settle = (): void => {
    if (typed !== value) onSettle(typed);
  };
  const shared = { ...shown, size: 'sm', value: typed, onBlur: settle };
  if (rows === undefined) {
    return (
      <TextInput
        {...shared}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        onKeyDown={({ key }) => {
          if (key === 'Enter') settle();
        }}
      />
    );
  }
  return (
    <Textarea
      {...shared}
      autosize
      minRows={rows}
      maxRows={12}
      {...(isCode && {
        styles: { input: { fontFamily: 'var(--mantine-font-family-monospace)' } },
      })}
      onChange={({ currentTarget }) => setTyped(currentTarget.value)}
    />
  );
}

interface SettingSelectProps<T extends string> {
  readonly label: string;
  readonly description?: string | undefined;
  readonly value: T;
  readonly options: readonly T[];
  readonly nameOf: (option: T) => string;
  readonly disabled?: boolean;
  readonly onSettle: (value: T) => void;
}

export function SettingSelect<T extends string>({
  value,
  options,
  nameOf,
  onSettle,
  ...shown
}: SettingSelectProps<T>): ReactNode {
  return (
    <NativeSelect
      {...shown}
      size="sm"
      value={value}
      data={options.map((option) => ({ value: option, label: nameOf(option) }))}
      onChange={({ currentTarget }) => {
        const chosen = options.find((option) => option === currentTarget.value);
        if (chosen !== undefined) onSettle(chosen);
      }}
    />
  );
}
