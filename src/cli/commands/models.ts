import { findHome, type Home } from '../../server/home/paths.ts';
import { MODELS, type ModelEntry } from '../../server/models/catalog.ts';
import { findModel, modelFolder } from '../../server/models/find-model.ts';
import { sizeOf } from '../../server/models/model-size.ts';
import { bytesBelow } from '../../server/models/remove-model.ts';
import { verifyModel } from '../../server/models/verify-model.ts';
import { toMegabytes } from '../../server/packages/pull-package.ts';
import { CliError } from '../cli-error.ts';
import { defineCommand, formatRows } from '../command.ts';
import { withProgress } from '../progress.ts';

/** `samtal models`: what is there, whether it is whole, and what can be had. */
export const models = defineCommand({
  name: 'models',
  options: {
    verify: {
      type: 'boolean',
      description: 'Reads every model that is there, and compares it with what was pulled.',
    },
    json: { type: 'boolean', description: 'Prints them as JSON.' },
  },
  run: async ({ options }) => {
    const home = findHome(process.env);
    const told = await withProgress('Reading', tellAll(home, options.verify ?? false));
    console.log(options.json ? JSON.stringify(told, null, 2) : format(told));
    const damaged = told.filter(({ state }) => state === 'damaged').map(({ name }) => name);
    if (damaged.length > 0) {
      throw new CliError(`damaged: ${damaged.join(', ')}. Pull again: samtal pull ${damaged.join(' ')}`);
    }
  },
});

interface Told {
  readonly name: string;
  readonly title: string;
  readonly role: ModelEntry['role'];
  readonly languages: readonly string[];
  readonly license: string;
  readonly state: 'whole' | 'damaged' | 'missing';
  /** Where it is, of one that is there. */
  readonly directory?: string;
  /** On disk; of one that is not there, what it would take at most, where that is known. */
  readonly bytes?: number;
}

async function tellAll(home: Home, verify: boolean): Promise<readonly Told[]> {
  const told: Told[] = [];
  for (const entry of MODELS) told.push(await tell(home, entry, verify));
  return told;
}

async function tell({ modelsDirectory }: Home, entry: ModelEntry, verify: boolean): Promise<Told> {
  const { name, title, role, languages, license } = entry;
  const about = { name, title, role, languages, license };
  const directory = modelFolder(modelsDirectory, name);
  const bytes = await bytesBelow(directory);
  if (bytes === 0) {
    const { diskBytes } = sizeOf(entry);
    return { ...about, state: 'missing', ...(diskBytes !== undefined && { bytes: diskBytes }) };
  }
  const isWhole = (await findModel(modelsDirectory, name)) !== undefined;
  const { signal } = new AbortController();
  const verified = isWhole && verify ? await verifyModel(modelsDirectory, name, { signal }) : undefined;
  const state = isWhole && (verified?.state ?? 'whole') === 'whole' ? 'whole' : 'damaged';
  return { ...about, state, directory, bytes };
}

function format(told: readonly Told[]): string {
  const there = told.filter(({ state }) => state !== 'missing');
  const missing = told.filter(({ state }) => state === 'missing');
  return [
    there.length === 0 ? 'No models are there.' : 'There:',
    ...formatRows(
      there.map((each) => [each.name, `${sizeText(each)}, ${each.state}, in ${each.directory}`] as const),
    ),
    '',
    'To be had with samtal pull:',
    ...formatRows(
      missing.map((each) => [each.name, `${each.title}, ${each.role}, ${sizeText(each)}`] as const),
    ),
  ].join('\n');
}

function sizeText({ bytes, state }: Told): string {
  if (bytes === undefined) return 'a size that the hub tells';
  return `${state === 'missing' ? 'at most ' : ''}${toMegabytes(bytes)}`;
}
