import { Group, SegmentedControl, Stack, Tabs, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { CopyButton } from '../components/copy-button.tsx';
import { useText } from '../language/language-provider.tsx';
import classes from './code-block.module.css';
import { ACCESSES, type Access, CODE_LANGUAGES, type CodeLanguage, type Program } from './program.ts';
import { text } from './text.ts';

export interface CodeBlockProps {
  /** Writes the program; only what is looked at is written. */
  readonly write: (language: CodeLanguage, access: Access) => Program;
  /** Which languages there are; all, if it does not say. */
  readonly languages?: readonly CodeLanguage[];
}

const LANGUAGE_NAMES: Readonly<Record<CodeLanguage, string>> = {
  typescript: 'TypeScript',
  python: 'Python',
  curl: 'curl',
};

/** What the page does as a program that runs as it is, in each language, with a key and without. */
export function CodeBlock({ write, languages = CODE_LANGUAGES }: CodeBlockProps): ReactNode {
  const words = useText(text);
  const [language, setLanguage] = useState<CodeLanguage>(languages[0] ?? 'typescript');
  const [access, setAccess] = useState<Access>('keyless');
  return (
    <Tabs
      value={language}
      onChange={(next) => setLanguage(languages.find((one) => one === next) ?? language)}
      variant="pills"
      keepMounted={false}
    >
      <Group justify="space-between" gap="xs" mb="sm">
        <Tabs.List aria-label={words.language}>
          {languages.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {LANGUAGE_NAMES[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <SegmentedControl
          size="xs"
          aria-label={words.access}
          value={access}
          onChange={setAccess}
          data={ACCESSES.map((value) => ({ value, label: words[value] }))}
        />
      </Group>
      {languages.map((one) => (
        <Tabs.Panel key={one} value={one}>
          <WrittenProgram program={write(one, access)} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

function WrittenProgram({ program: { setup, code, fileName } }: { readonly program: Program }): ReactNode {
  const words = useText(text);
  return (
    <Stack gap="sm">
      <Snippet label={words.setup} code={setup} />
      <Snippet label={fileName} code={code} />
    </Stack>
  );
}

function Snippet({ label, code }: { readonly label: string; readonly code: string }): ReactNode {
  return (
    <figure className={classes['snippet']}>
      <Group component="figcaption" justify="space-between" className={classes['caption']}>
        <Text size="xs" c="dimmed">
          {label}
        </Text>
        <CopyButton value={code} variant="subtle" size="compact-xs" />
      </Group>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard. */}
      <section className={classes['code']} tabIndex={0} aria-label={label}>
        <pre>
          <code>{code}</code>
        </pre>
      </section>
    </figure>
  );
}
