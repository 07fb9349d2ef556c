import catalog from './catalog.json' with { type: 'json' };
import nodeLlamaCppLock from './node-llama-cpp.lock.json' with { type: 'json' };
import onnxruntimeNodeLock from './onnxruntime-node.lock.json' with { type: 'json' };
import onnxruntimeWebLock from './onnxruntime-web.lock.json' with { type: 'json' };
import sherpaOnnxNodeLock from './sherpa-onnx-node.lock.json' with { type: 'json' };

/** A package from the npm registry that Samtal can use and does not bring along. */
export interface PackageEntry {
  readonly name: string;
  /** The one version that is pulled. */
  readonly version: string;
  /** SPDX. */
  readonly license: string;
  readonly purpose: string;
  /** What it is of no use without. */
  readonly needs: string;
  /** Measured, with what it depends on; `files` is what stays. */
  readonly downloadBytes: number;
  readonly unpackedBytes: number;
  /** The module to import, one of `files`. */
  readonly entry: string;
  /** There is none for this system and processor. */
  readonly isForeign: boolean;
  /** The size in bytes of each file that is kept on this machine, by its path in the package's folder. */
  readonly files: Readonly<Record<string, number>>;
  /** A lockfile of npm: every package by version and digest. */
  readonly lock: object;
}

const LOCKS = {
  'node-llama-cpp': nodeLlamaCppLock,
  'onnxruntime-node': onnxruntimeNodeLock,
  'onnxruntime-web': onnxruntimeWebLock,
  'sherpa-onnx-node': sherpaOnnxNodeLock,
} as const;

export type PackageName = keyof typeof LOCKS;

const PLATFORM = `${process.platform}-${process.arch}`;

export const PACKAGES: readonly PackageEntry[] = catalog.map(({ files, platforms, ...entry }) => ({
  ...entry,
  isForeign: platforms !== undefined && !Object.hasOwn(platforms, PLATFORM),
  files: Object.fromEntries([...Object.entries(files), ...ofThisMachine(platforms)]),
  lock: LOCKS[entry.name as PackageName],
}));

/** The files of a package that are of use to this machine alone. */
function ofThisMachine(platforms: object | undefined): readonly (readonly [string, number])[] {
  const files = Object.entries(platforms ?? {}).find(([platform]) => platform === PLATFORM)?.[1];
  return Object.entries<number>(files ?? {});
}

/** @throws {Error} when the catalogue does not have what the program asks it for. */
export function packageNamed(name: PackageName): PackageEntry {
  const entry = PACKAGES.find((known) => known.name === name);
  if (entry) return entry;
  throw new Error(`The catalogue has no package ${name}.`);
}

export function diskBytes({ files }: PackageEntry): number {
  return Object.values(files).reduce((total, bytes) => total + bytes, 0);
}
