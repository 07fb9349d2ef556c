import { createInterface } from 'node:readline/promises';
import { nearestName } from '../../server/config/nearest-name.ts';
import { findHome } from '../../server/home/paths.ts';
import { diskBytes, PACKAGES, type PackageEntry } from '../../server/packages/catalog.ts';
import { findPackage, packageFolder } from '../../server/packages/find-package.ts';
import { PackageError } from '../../server/packages/package-error.ts';
import { pullPackage, toMegabytes } from '../../server/packages/pull-package.ts';
import { CliError, UsageError } from '../cli-error.ts';
import { type Command, defineCommand } from '../command.ts';
import { withProgress } from '../progress.ts';
import { stopSignals } from '../stop-signals.ts';

const pullOne = defineCommand({
  name: 'pull',
  argument: { name: 'name', description: 'What to get. Without a name, all that can be had are listed.' },
  options: {
    yes: { type: 'boolean', short: 'y', description: 'Does not ask, as when no terminal is there.' },
  },
  run: async ({ argument, options }) => {
    const entry = entryNamed(argument);
    const { enginesDirectory } = findHome(process.env);
    if ((await findPackage(enginesDirectory, entry)) !== undefined) {
      console.error(`${titleOf(entry)} is there: ${packageFolder(enginesDirectory, entry)}`);
      return;
    }
    console.error(describe(entry, enginesDirectory));
    if (!options.yes && !(await isWanted())) throw new CliError('nothing was pulled');
    await pullInto(enginesDirectory, entry);
    console.error(`${titleOf(entry)} is now in ${packageFolder(enginesDirectory, entry)}.`);
    console.error(`It needs ${entry.needs}. A server that is running looks for it when it starts again.`);
  },
});

/** `samtal pull [name]`; without a name it lists. */
export const pull: Command = {
  help: pullOne.help.replace('<name>', '[<name>]'),
  run: async (argv) => {
    if (argv.length > 0) return await pullOne.run(argv);
    const { enginesDirectory } = findHome(process.env);
    const told = PACKAGES.map(async (entry) => await tell(entry, enginesDirectory));
    console.log((await Promise.all(told)).join('\n\n'));
  },
};

async function tell(entry: PackageEntry, directory: string): Promise<string> {
  const isThere = (await findPackage(directory, entry)) !== undefined;
  if (entry.isForeign) return describe(entry, directory);
  return `${describe(entry, directory)}\n${isThere ? 'It is there.' : `Get it: samtal pull ${entry.name}`}`;
}

function entryNamed(name: string): PackageEntry {
  const entry = PACKAGES.find((known) => known.name === name);
  if (entry) return entry;
  const names = PACKAGES.map((known) => known.name);
  const nearest = nearestName(name, names);
  const advice = nearest ? `Did you mean samtal pull ${nearest}?` : `There is: ${names.join(', ')}.`;
  throw new UsageError(`samtal pull has no "${name}". ${advice}`);
}

function titleOf({ name, version }: PackageEntry): string {
  return `${name} ${version}`;
}

function describe(entry: PackageEntry, directory: string): string {
  const { license, purpose, downloadBytes, unpackedBytes, isForeign } = entry;
  if (isForeign) return `${titleOf(entry)} (licence ${license}). There is none for this machine.`;
  return [
    `${titleOf(entry)} (licence ${license}). ${purpose}`,
    `${toMegabytes(downloadBytes)} to download, ${toMegabytes(unpackedBytes)} while it is unpacked, ${toMegabytes(diskBytes(entry))} in ${directory} from then on.`,
  ].join('\n');
}

async function isWanted(): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^(|y|yes)$/i.test((await terminal.question('Get it? [Y/n] ')).trim());
  } finally {
    terminal.close();
  }
}

async function pullInto(directory: string, entry: PackageEntry): Promise<void> {
  const stop = stopSignals();
  const abort = new AbortController();
  void stop.first.then(() => abort.abort(new CliError('stopped; nothing is left behind')));
  let unpacked = 0;
  const onProgress = (bytes: number): void => {
    unpacked = bytes;
  };
  const label = (): string =>
    `Getting ${titleOf(entry)}, ${toMegabytes(unpacked)} of ${toMegabytes(entry.unpackedBytes)}`;
  try {
    await withProgress(label, pullPackage(directory, entry, { signal: abort.signal, onProgress }));
  } catch (error) {
    if (error instanceof PackageError) throw new CliError(error.message, { cause: error });
    throw error;
  } finally {
    stop.release();
  }
}
