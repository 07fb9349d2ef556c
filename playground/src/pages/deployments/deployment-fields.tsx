import {
  Autocomplete,
  Fieldset,
  NativeSelect,
  NumberInput,
  SimpleGrid,
  Stack,
  Textarea,
  TextInput,
} from '@mantine/core';
import type { ReactNode } from 'react';
import { VOICES } from '../../../../src/wire/voices.ts';
import { useText } from '../../language/language-provider.tsx';
import type { EngineRole } from '../../server/deployments.ts';
import { type DeploymentForm, ENGINE_FIELDS, type Field, type FormFault } from './deployment-form.ts';
import { text } from './text.ts';
import { useEngines } from './use-engines.ts';

export interface DeploymentFieldsProps {
  readonly form: DeploymentForm;
  readonly onChange: (form: DeploymentForm) => void;
  readonly faults: Readonly<Partial<Record<Field, FormFault>>>;
  /** A deployment keeps the name that it has. */
  readonly isNew: boolean;
  /** Models to choose from; any other can be written. */
  readonly models: readonly string[];
}

/** Everything that can be said about a deployment. */
export function DeploymentFields(props: DeploymentFieldsProps): ReactNode {
  const words = useText(text);
  const { form, onChange, faults, isNew, models } = props;
  const faultOf = (field: Field): string | undefined => faults[field] && words.faults[faults[field]];
  return (
    <Stack>
      {isNew && (
        <TextInput
          label={words.fields.name}
          description={words.fieldHelp.name}
          value={form.name}
          onChange={(event) => onChange({ ...form, name: event.currentTarget.value })}
          error={faultOf('name')}
          autoComplete="off"
          spellCheck={false}
          withAsterisk
          data-autofocus
        />
      )}
      <Autocomplete
        label={words.fields.model}
        description={words.fieldHelp.model}
        value={form.model}
        onChange={(model) => onChange({ ...form, model })}
        data={models}
        limit={20}
        openOnFocus={false}
        maxDropdownHeight={220}
        error={faultOf('model')}
        withAsterisk
        {...(!isNew && { 'data-autofocus': true })}
      />
      <EngineFields {...props} />
      <DefaultFields {...props} />
    </Stack>
  );
}

function EngineFields({ form, onChange }: DeploymentFieldsProps): ReactNode {
  const words = useText(text);
  const engines = useEngines();
  const choices = (role: EngineRole): { value: string; label: string }[] => {
    const names = new Set(engines.of(role).map(({ name }) => name));
    if (form[role] !== '') names.add(form[role]);
    const machine = { value: '', label: words.engineDefault(engines.defaultOf(role)?.name) };
    return [machine, ...[...names].map((name) => ({ value: name, label: name }))];
  };
  return (
    <Fieldset legend={words.engines}>
      <SimpleGrid cols={{ base: 1, xs: 3 }}>
        {ENGINE_FIELDS.map((role) => (
          <NativeSelect
            key={role}
            label={words.fields[role]}
            value={form[role]}
            onChange={(event) => onChange({ ...form, [role]: event.currentTarget.value })}
            data={choices(role)}
          />
        ))}
      </SimpleGrid>
    </Fieldset>
  );
}

function DefaultFields({ form, onChange }: DeploymentFieldsProps): ReactNode {
  const words = useText(text);
  const toNumber = (value: number | string): number | '' => (typeof value === 'number' ? value : '');
  const voices = form.voice === '' ? VOICES : [...new Set([...VOICES, form.voice])];
  return (
    <Fieldset legend={words.settings}>
      <Stack>
        <SimpleGrid cols={{ base: 1, xs: 3 }}>
          <NativeSelect
            label={words.fields.voice}
            value={form.voice}
            onChange={(event) => onChange({ ...form, voice: event.currentTarget.value })}
            data={[{ value: '', label: words.serverDefault }, ...voices]}
          />
          <NumberInput
            label={words.fields.temperature}
            placeholder={words.serverDefault}
            value={form.temperature}
            onChange={(value) => onChange({ ...form, temperature: toNumber(value) })}
            min={0}
            max={2}
            step={0.1}
          />
          <NumberInput
            label={words.fields.maxOutputTokens}
            placeholder={words.serverDefault}
            value={form.maxOutputTokens}
            onChange={(value) => onChange({ ...form, maxOutputTokens: toNumber(value) })}
            min={1}
            step={100}
            allowDecimal={false}
          />
        </SimpleGrid>
        <Textarea
          label={words.fields.instructions}
          description={words.fieldHelp.instructions}
          value={form.instructions}
          onChange={(event) => onChange({ ...form, instructions: event.currentTarget.value })}
          autosize
          minRows={3}
          maxRows={10}
        />
      </Stack>
    </Fieldset>
  );
}
