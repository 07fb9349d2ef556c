import { EngineError } from '../../util/errors.ts';
import { describeRecognizer } from './describe-recognizer.ts';
import { describeSynthesizer } from './describe-synthesizer.ts';
import type { SherpaModelDescription } from './model-description.ts';
import { ModelFolder, type Precision } from './model-folder.ts';
import { NAME } from './sherpa-onnx.ts';

/**
 * Tells what kind of model lies in `folder`, from the names of its files and from what its networks say of
 * themselves. Nothing is loaded. Where a network is there twice, the one of `precision` is meant: `int8` unless given.
 * @throws {EngineError} `unavailable` when a file is missing, cut short or one too many, or when it is no model that
 *   sherpa-onnx runs; `unsupported` for one that it runs and Samtal has no use for.
 */
export async function describeModelFolder(
  folder: string,
  precision: Precision = 'int8',
): Promise<SherpaModelDescription> {
  const description = await describe(await ModelFolder.open(folder, precision));
  if (description) return description;
  throw new EngineError(
    NAME,
    'unavailable',
    `${folder} has no model that sherpa-onnx is known to run. docs/guide/sherpa.md lists what it runs.`,
  );
}

async function describe(folder: ModelFolder): Promise<SherpaModelDescription | undefined> {
  try {
    return (await describeSynthesizer(folder)) ?? (await describeRecognizer(folder));
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    throw new EngineError(NAME, 'unavailable', `A file in ${folder.path} can not be read.`, cause);
  }
}
