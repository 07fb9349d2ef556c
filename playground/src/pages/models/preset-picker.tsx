import { Button, Card, Group, NativeSelect, Stack, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { languageNames } from '../../language/language-names.ts';
import { useLanguage, useText } from '../../language/language-provider.tsx';
import type { Library } from '../../server/models.ts';
import { presetParts } from './fitting-models.ts';
import { text } from './text.ts';

interface PresetPickerProps {
  readonly library: Library;
  readonly onPull: (names: readonly string[]) => void;
}

/** Models that go together, by the size of the machine and the language that is spoken. */
export function PresetPicker({ library, onPull }: PresetPickerProps): ReactNode {
  const words = useText(text);
  const { language } = useLanguage();
  const { sizes, languages } = presetParts(library);
  const [size, setSize] = useState('');
  const [spoken, setSpoken] = useState<string>(() => (languages.includes(language) ? language : 'en'));
  return (
    <Card component="section" withBorder padding="md" aria-label={words.presets}>
      <Title order={2} size="h4">
        {words.presets}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {words.presetsHelp}
      </Text>
      <Stack gap="sm">
        <Group grow gap="sm" align="flex-end">
          <NativeSelect
            label={words.machine}
            value={size}
            onChange={({ currentTarget }) => setSize(currentTarget.value)}
            data={[
              { value: '', label: words.thisMachine },
              ...sizes.map((value) => ({ value, label: words.sizes[value] ?? value })),
            ]}
          />
          <NativeSelect
            label={words.language}
            value={spoken}
            onChange={({ currentTarget }) => setSpoken(currentTarget.value)}
            data={languages.map((value) => ({ value, label: languageNames([value], language)[0] ?? value }))}
          />
        </Group>
        <Button
          variant="light"
          leftSection={<IconDownload size={18} />}
          onClick={() => onPull([size === '' ? spoken : `${size}-${spoken}`])}
        >
          {words.showPreset}
        </Button>
      </Stack>
    </Card>
  );
}
