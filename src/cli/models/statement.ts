import { availableParallelism, totalmem } from 'node:os';
import type { ModelEntry } from '../../server/models/catalog.ts';
import { mostTokensPerSecond } from '../../server/models/expected-speed.ts';
import { type ModelSize, sizeOf, sumOf } from '../../server/models/model-size.ts';
import { diskBytes, type PackageEntry } from '../../server/packages/catalog.ts';
import { toMegabytes } from '../../server/packages/pull-package.ts';

/** Sizes that the hub has told, by the name of the model. */
export type AskedSizes = ReadonlyMap<string, ModelSize>;

export function packageTitle({ name, version }: PackageEntry): string {
  return `${name} ${version}`;
}

export function describePackage(entry: PackageEntry, directory: string): string {
  const { license, purpose, downloadBytes, unpackedBytes, isForeign } = entry;
  if (isForeign) return `${packageTitle(entry)} (licence ${license}). There is none for this machine.`;
  return [
    `${packageTitle(entry)} (licence ${license}). ${purpose}`,
    `${toMegabytes(downloadBytes)} to download, ${toMegabytes(unpackedBytes)} while it is unpacked, ${toMegabytes(diskBytes(entry))} in ${directory} from then on.`,
  ].join('\n');
}

const MOST_LANGUAGES = 6;

export function describeModel(entry: ModelEntry, asked: AskedSizes = new Map()): string {
  const { name, title, license, purpose, memoryBytes } = entry;
  const { downloadBytes, diskBytes: onDisk } = asked.get(name) ?? sizeOf(entry);
  const isUnpacked = entry.files.some(({ archive }) => archive);
  const download = downloadBytes === undefined ? 'A size that the hub tells' : toMegabytes(downloadBytes);
  const disk = onDisk === undefined ? 'as much' : `${isUnpacked ? 'at most ' : ''}${toMegabytes(onDisk)}`;
  return [
    `${name}: ${title} (licence ${license}). ${purpose}`,
    `${languagesOf(entry)}${download} to download, ${disk} on disk, some ${toMegabytes(memoryBytes)} of memory when it runs (${entry.memoryFrom}).${speedOf(entry, { downloadBytes })}`,
  ].join('\n');
}

/** How fast English is spoken: 150 words a minute, of four thirds of a token each. */
const SPOKEN_TOKENS_PER_SECOND = 3.3;

/** Expected of language models alone: of others nothing but a measurement tells. */
function speedOf(entry: ModelEntry, size: Pick<ModelSize, 'downloadBytes'>): string {
  const tokens = mostTokensPerSecond(entry, size);
  if (tokens === undefined) return '';
  const told = ` On this machine it writes at most ${tokens.toFixed(tokens < 10 ? 1 : 0)} tokens a second, by what its memory reads`;
  return tokens < SPOKEN_TOKENS_PER_SECOND
    ? `${told}: slower than one speaks, which takes ${SPOKEN_TOKENS_PER_SECOND}.`
    : `${told}; one speaks ${SPOKEN_TOKENS_PER_SECOND}.`;
}

function languagesOf({ languages }: ModelEntry): string {
  if (languages.length === 0) return '';
  const told = languages.slice(0, MOST_LANGUAGES).join(', ');
  const more = languages.length - MOST_LANGUAGES;
  return `Languages: ${told}${more > 0 ? ` and ${more} more` : ''}. `;
}

/** What all of it takes together, in a sentence or two. */
export function describeTotal(
  models: readonly ModelEntry[],
  packages: readonly PackageEntry[],
  asked: AskedSizes,
): string {
  const sizes = models.map((entry) => asked.get(entry.name) ?? sizeOf(entry));
  const download = sumOf([
    ...sizes.map(({ downloadBytes }) => downloadBytes),
    ...packages.map(({ downloadBytes }) => downloadBytes),
  ]);
  const disk = sumOf([...sizes.map((size) => size.diskBytes), ...packages.map((entry) => diskBytes(entry))]);
  const memory = models.reduce((total, { memoryBytes }) => total + memoryBytes, 0);
  const told = `Together ${download === undefined ? 'a size that the hub tells' : toMegabytes(download)} to download, and ${disk === undefined ? 'as much' : `at most ${toMegabytes(disk)}`} on disk.`;
  return models.length === 0 ? told : `${told}\n${describeMachine(memory)}`;
}

/** What else there is to know before it has run there. */
function describeMachine(memoryBytes: number): string {
  const machine = `This machine has ${availableParallelism()} cores and ${toMegabytes(totalmem())} of memory`;
  const fit =
    memoryBytes > totalmem()
      ? `, less than the ${toMegabytes(memoryBytes)} that they take at once: choose smaller ones`
      : '';
  return `${machine}${fit}. How fast they hear and speak on it nobody has measured: samtal doctor --hear --speak --think does, once they are there.`;
}
