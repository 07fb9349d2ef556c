import {
  ActionIcon,
  Group,
  NativeSelect,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { IconLogout, IconMoon, IconSun } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { LANGUAGES, type Language } from '../language/language.ts';
import { useLanguage, useText } from '../language/language-provider.tsx';
import { useCredential } from '../server/credential-provider.tsx';
import { text } from './text.ts';

/** Each in itself, for whoever can not read the language that is chosen. */
const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', sv: 'Svenska', fr: 'Français' };

/** Which language, which light, and the way out. */
export function Settings(): ReactNode {
  const words = useText(text);
  const { language, choose } = useLanguage();
  const { secret, signOut } = useCredential();
  return (
    <Group gap="xs" wrap="nowrap">
      <NativeSelect
        size="xs"
        aria-label={words.language}
        value={language}
        onChange={(event) => choose(event.currentTarget.value as Language)}
        data={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
      />
      <Light />
      {secret !== undefined && (
        <ActionIcon
          variant="default"
          size="lg"
          aria-label={words.signOut}
          title={words.signOut}
          onClick={signOut}
        >
          <IconLogout size={18} />
        </ActionIcon>
      )}
    </Group>
  );
}

function Light(): ReactNode {
  const words = useText(text);
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <ActionIcon
      variant="default"
      size="lg"
      aria-label={words[other]}
      title={words[other]}
      onClick={() => setColorScheme(other)}
    >
      {other === 'light' ? <IconSun size={18} /> : <IconMoon size={18} />}
    </ActionIcon>
  );
}
