import { UsageError } from '../cli-error.ts';

/** What can be set of a deployment on the command line. */
export const DEPLOYMENT_OPTIONS = {
  model: { type: 'string', value: 'name', description: 'What replies call the model, and what it is for.' },
  'language-model': { type: 'string', value: 'engine', description: 'What thinks.' },
  recognizer: { type: 'string', value: 'engine', description: 'What hears.' },
  synthesizer: { type: 'string', value: 'engine', description: 'What speaks.' },
  'speech-model': {
    type: 'string',
    value: 'engine',
    description: 'What hears, thinks and speaks by itself.',
  },
  realtime: { type: 'string', value: 'engine', description: 'What realtime sessions are passed on to.' },
  voice: { type: 'string', value: 'name', description: 'The voice where a request names none.' },
  instructions: {
    type: 'string',
    value: 'text',
    description: 'The system message of conversations that have none.',
  },
  temperature: { type: 'string', value: 'number', description: '0 to 2.' },
} as const;

export type DeploymentOptions = { readonly [Name in keyof typeof DEPLOYMENT_OPTIONS]?: string };

/** What the options say, as a merge patch (RFC 7396): an empty value takes the default again. */
export function toPatch(options: DeploymentOptions): Readonly<Record<string, unknown>> {
  const { model, recognizer, synthesizer, realtime, voice, instructions } = options;
  const [languageModel, speechModel] = [options['language-model'], options['speech-model']];
  const engines = { languageModel, recognizer, synthesizer, speechModel, realtime };
  const defaults = { voice, instructions, temperature: toNumber(options.temperature) };
  return {
    properties: {
      ...(model !== undefined && { model: { name: model } }),
      samtal: { engines: given(engines), defaults: given(defaults) },
    },
  };
}

function given(values: Readonly<Record<string, string | number | undefined>>): Record<string, unknown> {
  const members = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(members.map(([name, value]) => [name, value === '' ? null : value]));
}

function toNumber(text: string | undefined): number | string | undefined {
  if (text === undefined || text === '') return text;
  const number = Number(text);
  if (Number.isFinite(number)) return number;
  throw new UsageError(`--temperature must be a number from 0 to 2, not "${text}"`);
}
