import { Group, NativeSelect, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type ReactNode, useMemo, useState } from 'react';
import { languageNames } from '../../language/language-names.ts';
import { useLanguage, useText } from '../../language/language-provider.tsx';
import type { Library, Model } from '../../server/models.ts';
import { fittingModels, languagesOf, type ModelFilter, ROLES } from './fitting-models.ts';
import { ModelCard } from './model-card.tsx';
import classes from './models.module.css';
import { text } from './text.ts';

interface ModelListsProps {
  readonly library: Library;
  /** Names of what is being pulled. */
  readonly coming: ReadonlySet<string>;
  readonly onPull: (model: Model) => void;
  readonly onRemove: (model: Model) => void;
}

/** What is there, and what can be had, by what it does; at first for the language of the page. */
export function ModelLists({ library, ...props }: ModelListsProps): ReactNode {
  const words = useText(text);
  const { language } = useLanguage();
  const [filter, setFilter] = useState<ModelFilter>({ text: '', role: 'all', language });
  const fitting = fittingModels(library.models, filter);
  const there = library.models.filter(({ state }) => state !== 'missing');
  const missing = fitting.filter(({ state }) => state === 'missing');
  return (
    <>
      <Filters models={library.models} filter={filter} onChange={setFilter} />
      {fitting.length === 0 && <Text>{words.noneFits}</Text>}
      <Section title={words.installed} models={there} library={library} {...props} />
      {ROLES.map((role) => (
        <Section
          key={role}
          title={words.available(words.roles[role])}
          models={missing.filter((model) => model.role === role)}
          library={library}
          {...props}
        />
      ))}
    </>
  );
}

interface FiltersProps {
  readonly models: readonly Model[];
  readonly filter: ModelFilter;
  readonly onChange: (filter: ModelFilter) => void;
}

function Filters({ models, filter, onChange }: FiltersProps): ReactNode {
  const words = useText(text);
  const { language } = useLanguage();
  const languages = useMemo(
    () =>
      languagesOf(models)
        .map((value) => ({ value, label: languageNames([value], language)[0] ?? value }))
        .toSorted((one, other) => one.label.localeCompare(other.label, language)),
    [models, language],
  );
  const roles = ['all', ...ROLES] as const;
  return (
    <Group gap="sm" align="flex-end" className={classes['filters']}>
      <TextInput
        label={words.find}
        leftSection={<IconSearch size={16} />}
        type="search"
        value={filter.text}
        onChange={({ currentTarget }) => onChange({ ...filter, text: currentTarget.value })}
      />
      <NativeSelect
        label={words.role}
        value={filter.role}
        onChange={({ currentTarget }) =>
          onChange({ ...filter, role: roles.find((role) => role === currentTarget.value) ?? 'all' })
        }
        data={roles.map((value) => ({ value, label: value === 'all' ? words.allRoles : words.roles[value] }))}
      />
      <NativeSelect
        label={words.language}
        value={filter.language}
        onChange={({ currentTarget }) => onChange({ ...filter, language: currentTarget.value })}
        data={[{ value: 'all', label: words.allLanguages }, ...languages]}
      />
    </Group>
  );
}

interface SectionProps extends ModelListsProps {
  readonly title: string;
  readonly models: readonly Model[];
}

function Section({ title, models, library, coming, onPull, onRemove }: SectionProps): ReactNode {
  if (models.length === 0) return null;
  const foreign = library.packages.filter(({ isForeign }) => isForeign).map(({ name }) => name);
  return (
    <Stack gap="sm" component="section">
      <Title order={2} size="h4">
        {title}
      </Title>
      <ul className={classes['grid']}>
        {models.map((model) => (
          <li key={model.name}>
            <ModelCard
              model={model}
              isComing={coming.has(model.name)}
              isForeign={foreign.includes(model.package)}
              onPull={() => onPull(model)}
              onRemove={() => onRemove(model)}
            />
          </li>
        ))}
      </ul>
    </Stack>
  );
}
