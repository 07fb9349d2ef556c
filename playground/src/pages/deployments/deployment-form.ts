import type {
  Deployment,
  DeploymentChange,
  DeploymentDefaults,
  EngineRole,
} from '../../server/deployments.ts';

/** What the form holds; an empty text, or number, stands for the default of the machine. */
export interface DeploymentForm {
  readonly name: string;
  readonly model: string;
  readonly recognizer: string;
  readonly languageModel: string;
  readonly synthesizer: string;
  readonly voice: string;
  readonly instructions: string;
  readonly temperature: number | '';
  readonly maxOutputTokens: number | '';
}

export type Field = keyof DeploymentForm;

export const EMPTY_FORM: DeploymentForm = {
  name: '',
  model: '',
  recognizer: '',
  languageModel: '',
  synthesizer: '',
  voice: '',
  instructions: '',
  temperature: '',
  maxOutputTokens: '',
};

/** In the order in which they are read aloud: hear, think, speak. */
export const ENGINE_FIELDS = ['recognizer', 'languageModel', 'synthesizer'] as const satisfies EngineRole[];
const DEFAULT_FIELDS = ['voice', 'instructions', 'temperature', 'maxOutputTokens'] as const;

export function toForm({ name, properties: { model, samtal } }: Deployment): DeploymentForm {
  const { engines, defaults } = samtal;
  return {
    name,
    model: model.name,
    recognizer: engines.recognizer ?? '',
    languageModel: engines.languageModel ?? '',
    synthesizer: engines.synthesizer ?? '',
    voice: defaults.voice ?? '',
    instructions: defaults.instructions ?? '',
    temperature: defaults.temperature ?? '',
    maxOutputTokens: defaults.maxOutputTokens ?? '',
  };
}

/** What is sent to make the deployment that the form describes. */
export function toCreation(form: DeploymentForm): DeploymentChange {
  return toChange(EMPTY_FORM, form);
}

/** What is sent to bring a deployment from `before` to `after`: what differs and nothing else (RFC 7396). */
export function toChange(before: DeploymentForm, after: DeploymentForm): DeploymentChange {
  const changed = changedFields(before, after);
  const pick = <Name extends Field>(names: readonly Name[]): Partial<Record<Name, unknown>> | undefined => {
    const entries = names
      .filter((name) => changed.includes(name))
      .map((name) => [name, writtenOf(after[name])]);
    return entries.length > 0 ? (Object.fromEntries(entries) as Partial<Record<Name, unknown>>) : undefined;
  };
  const engines = pick(ENGINE_FIELDS) as Partial<Record<EngineRole, string | null>> | undefined;
  const defaults = pick(DEFAULT_FIELDS) as Partial<DeploymentDefaults> | undefined;
  return {
    properties: {
      ...(changed.includes('model') && {
        model: { format: 'OpenAI', name: after.model.trim(), version: '1' },
      }),
      ...((engines ?? defaults) && {
        samtal: { ...(engines && { engines }), ...(defaults && { defaults }) },
      }),
    },
  };
}

export function changedFields(before: DeploymentForm, after: DeploymentForm): readonly Field[] {
  const fields = Object.keys(before) as readonly Field[];
  return fields.filter((field) => before[field] !== after[field]);
}

/** What `mine` changed of `base`, on top of what `theirs` became of it in the meantime. */
export function mergeForms(
  base: DeploymentForm,
  mine: DeploymentForm,
  theirs: DeploymentForm,
): DeploymentForm {
  const own = changedFields(base, mine).map((field) => [field, mine[field]]);
  return { ...theirs, ...Object.fromEntries(own) };
}

export type FormFault = 'missing' | 'odd-name' | 'taken';

/** As the server has it: letters, digits, `.`, `_`, `:` and `-`, at most 64, the first a letter or digit. */
const NAME = /^[A-Za-z0-9][\w.:-]{0,63}$/;

/** What keeps a new deployment from being made, by field. */
export function faultsOf(form: DeploymentForm, taken: readonly string[]): Partial<Record<Field, FormFault>> {
  const name = nameFault(form.name, taken);
  return {
    ...(name && { name }),
    ...(form.model.trim() === '' && { model: 'missing' }),
  };
}

function nameFault(name: string, taken: readonly string[]): FormFault | undefined {
  if (name === '') return 'missing';
  if (!NAME.test(name)) return 'odd-name';
  return taken.includes(name) ? 'taken' : undefined;
}

function writtenOf(value: string | number): string | number | null {
  return value === '' ? null : value;
}
