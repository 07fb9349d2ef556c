import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** What an operator types to get the library and its English model on Debian and Ubuntu. */
export const POCKETSPHINX_REMEDY = 'apt-get install --yes libpocketsphinx3 pocketsphinx-en-us';

const LIBRARY = 'libpocketsphinx.so.3';
const BASE_LIBRARY = 'libsphinxbase.so.3';
const MODEL_DIRECTORY = '/usr/share/pocketsphinx/model/en-us';
const TRIPLETS: Readonly<Record<string, string>> = {
  x64: 'x86_64-linux-gnu',
  arm64: 'aarch64-linux-gnu',
  arm: 'arm-linux-gnueabihf',
};

export interface PocketsphinxLocation {
  /** The path of libpocketsphinx.so.3. */
  readonly library: string;
  /** The path of libsphinxbase.so.3, which lies beside it. */
  readonly baseLibrary: string;
  /** Has the acoustic model `en-us/`, the language model `en-us.lm.bin` and `cmudict-en-us.dict`. */
  readonly modelDirectory: string;
}

/**
 * Where the library and the model are, in the given places or the system's own; undefined when one of them
 * is missing, and `POCKETSPHINX_REMEDY` is what installs them.
 */
export function findPocketsphinx(
  options: { readonly library?: string | undefined; readonly modelDirectory?: string | undefined } = {},
): PocketsphinxLocation | undefined {
  const modelDirectory = options.modelDirectory ?? MODEL_DIRECTORY;
  const candidates = options.library
    ? [options.library]
    : libraryDirectories().map((directory) => join(directory, LIBRARY));
  const library = candidates.find((path) => existsSync(path) && existsSync(baseOf(path)));
  const hasModel = modelFiles(modelDirectory).every((path) => existsSync(path));
  return library && hasModel ? { library, baseLibrary: baseOf(library), modelDirectory } : undefined;
}

function baseOf(library: string): string {
  return join(dirname(library), BASE_LIBRARY);
}

function modelFiles(directory: string): readonly string[] {
  return ['en-us/mdef', 'en-us.lm.bin', 'cmudict-en-us.dict'].map((file) => join(directory, file));
}

function libraryDirectories(): readonly string[] {
  const listed = (process.env['LD_LIBRARY_PATH'] ?? '').split(delimiter).filter(Boolean);
  const triplet = TRIPLETS[process.arch];
  return [...listed, '/usr/local/lib', ...(triplet ? [`/usr/lib/${triplet}`] : []), '/usr/lib64', '/usr/lib'];
}
