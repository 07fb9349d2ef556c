import { resolve } from 'node:path';
import { findHome, type Home } from '../../server/home/paths.ts';
import type { ModelEntry } from '../../server/models/catalog.ts';
import { fillFolder } from '../../server/models/fill-folder.ts';
import { modelFolder } from '../../server/models/find-model.ts';
import { type Hub, openHub } from '../../server/models/hub.ts';
import { ModelError } from '../../server/models/model-error.ts';
import { type ModelSize, sizeOf } from '../../server/models/model-size.ts';
import { type PullProgress, pullModel } from '../../server/models/pull-model.ts';
import { settleFigures } from '../../server/models/settle-figures.ts';
import { missingOf, type Wanted } from '../../server/models/wanted.ts';
import type { PackageEntry } from '../../server/packages/catalog.ts';
import { packageFolder } from '../../server/packages/find-package.ts';
import { PackageError } from '../../server/packages/package-error.ts';
import { pullPackage, toMegabytes } from '../../server/packages/pull-package.ts';
import { ask } from '../ask.ts';
import { CliError } from '../cli-error.ts';
import { defineCommand } from '../command.ts';
import { listAll } from '../models/list.ts';
import { describeModel, describePackage, describeTotal, packageTitle } from '../models/statement.ts';
import { wantedBy } from '../models/wanted.ts';
import { withBar, withProgress } from '../progress.ts';
import { stopSignals } from '../stop-signals.ts';

/** `samtal pull [name…]`; without a name it lists. */
export const pull = defineCommand({
  name: 'pull',
  argument: {
    name: 'name',
    description: 'What to get: models, packages, presets. Without one, all that can be had are listed.',
    isRepeated: true,
  },
  options: {
    yes: { type: 'boolean', short: 'y', description: 'Does not ask, as when no terminal is there.' },
    to: {
      type: 'string',
      value: 'folder',
      description: 'Gets models into a folder that SAMTAL_HUB can name, for a machine without a network.',
    },
  },
  run: async ({ all = [], options }) => {
    const home = findHome(process.env);
    if (all.length === 0) return console.log(await listAll(home));
    const wanted = wantedBy('pull', all);
    const stop = stopSignals();
    const abort = new AbortController();
    void stop.first.then(() => abort.abort(new CliError('stopped; pull again to go on from what has come')));
    await using hub = openHub(process.env);
    const pulling = { home, hub, signal: abort.signal, yes: options.yes ?? false };
    try {
      if (options.to === undefined) await pullAll(wanted, pulling);
      else await fill(resolve(options.to), wanted, pulling);
    } catch (error) {
      if (error instanceof PackageError || error instanceof ModelError)
        throw new CliError(error.message, { cause: error });
      throw error;
    } finally {
      stop.release();
    }
  },
});

interface Pulling {
  readonly home: Home;
  readonly hub: Hub;
  readonly signal: AbortSignal;
  readonly yes: boolean;
}

async function pullAll(wanted: Wanted, pulling: Pulling): Promise<void> {
  const { home, yes } = pulling;
  const { models, packages } = await missingOf(home, wanted);
  tellThere(home, wanted, { models, packages });
  if (models.length + packages.length === 0) return;
  const asked = await askSizes(models, pulling);
  for (const { name, language } of wanted.presets) {
    console.error(`The preset ${name} is, for the language ${language}:\n`);
  }
  for (const entry of models) console.error(`${describeModel(entry, asked)}\n`);
  for (const entry of packages) console.error(`${describePackage(entry, home.enginesDirectory)}\n`);
  console.error(describeTotal(models, packages, asked));
  if (!yes && !(await isWanted())) throw new CliError('nothing was pulled');
  for (const entry of models) await pullOneModel(entry, pulling);
  for (const entry of packages) await pullOnePackage(entry, pulling);
  console.error('A server that is running sees it at once.');
}

function tellThere(home: Home, wanted: Wanted, missing: Pick<Wanted, 'models' | 'packages'>): void {
  for (const entry of wanted.packages) {
    if (missing.packages.includes(entry)) continue;
    console.error(`${packageTitle(entry)} is there: ${packageFolder(home.enginesDirectory, entry)}`);
  }
  for (const entry of wanted.models) {
    if (missing.models.includes(entry)) continue;
    console.error(`${entry.name} is there: ${modelFolder(home.modelsDirectory, entry.name)}`);
  }
}

/** Of the models whose sizes the catalogue does not know, so that they are told before anybody is asked. */
async function askSizes(
  models: readonly ModelEntry[],
  { home, hub, signal }: Pulling,
): Promise<ReadonlyMap<string, ModelSize>> {
  const asked = new Map<string, ModelSize>();
  for (const entry of models) {
    const known = sizeOf(entry);
    if (known.downloadBytes !== undefined) continue;
    const wanted = await settleFigures(home.modelsDirectory, entry, { hub, signal });
    const files = wanted.map(({ file, figures }) => ({ ...file, bytes: figures.bytes }));
    asked.set(entry.name, sizeOf({ ...entry, files }));
  }
  return asked;
}

async function isWanted(): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return true;
  return (await ask('Get it? [Y/n] ', { byDefault: 'yes' })) === 'yes';
}

async function pullOnePackage(entry: PackageEntry, { home, signal }: Pulling): Promise<void> {
  let unpacked = 0;
  const onProgress = (bytes: number): void => {
    unpacked = bytes;
  };
  const label = (): string =>
    `Getting ${packageTitle(entry)}, ${toMegabytes(unpacked)} of ${toMegabytes(entry.unpackedBytes)}`;
  await withProgress(label, pullPackage(home.enginesDirectory, entry, { signal, onProgress }));
  console.error(`${packageTitle(entry)} is now in ${packageFolder(home.enginesDirectory, entry)}.`);
  if (entry.needs) console.error(`It needs ${entry.needs}.`);
}

async function pullOneModel(entry: ModelEntry, { home, hub, signal }: Pulling): Promise<void> {
  const { directory } = await showing(
    entry.name,
    async (onProgress) => await pullModel(home.modelsDirectory, entry, { hub, signal, onProgress }),
  );
  console.error(`${entry.name} is now in ${directory}.`);
}

async function fill(folder: string, { models }: Wanted, { home, hub, signal, yes }: Pulling): Promise<void> {
  if (models.length === 0) {
    throw new CliError(
      'only models go to a folder: a package is there as the folder engines of SAMTAL_HOME, which can be copied',
    );
  }
  const asked = await askSizes(models, { home, hub, signal, yes });
  for (const entry of models) console.error(`${describeModel(entry, asked)}\n`);
  if (!yes && !(await isWanted())) throw new CliError('nothing was pulled');
  for (const entry of models) {
    await showing(
      entry.name,
      async (onProgress) => await fillFolder(folder, entry, { hub, signal, onProgress }),
    );
  }
  console.error(
    `On the other machine: SAMTAL_HUB=${folder} samtal pull ${models.map(({ name }) => name).join(' ')}`,
  );
}

const STEPS = { download: 'Getting', unpack: 'Unpacking' } as const;

/** Shows how far the work on a model is. */
async function showing<T>(
  name: string,
  work: (onProgress: (progress: PullProgress) => void) => Promise<T>,
): Promise<T> {
  let last: PullProgress | undefined;
  const state = () => ({
    label: last
      ? `${STEPS[last.step]} ${name}, ${toMegabytes(last.bytes)} of ${toMegabytes(last.totalBytes)}`
      : name,
    share: last ? last.bytes / last.totalBytes : 0,
  });
  return await withBar(
    state,
    work((progress) => {
      last = progress;
    }),
  );
}
