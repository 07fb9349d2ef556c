import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { EngineError } from '../../util/errors.ts';
import { type OnnxMetadata, readOnnxMetadata } from './onnx-metadata.ts';
import { NAME } from './sherpa-onnx.ts';

/** Which of the files is taken where a model is there in both. */
export type Precision = 'int8' | 'float';

export const VOCODER = /vocos|vocoder|hifigan/i;
/** Of a network that is a model by itself, rather than a part of one. */
export const ALONE = new RegExp(`^(?!.*(?:${VOCODER.source}|encode|decode|joiner|preprocess))`, 'i');

const REDUCED = /[._-](?:int8|uint8|q8|quantized|fp16)(?=[._-])/i;
const TOKENS_LONGEST_BYTES = 64 * 2 ** 20;

/** The files of one folder, found by what their names hold. */
export class ModelFolder {
  readonly path: string;
  readonly #files: ReadonlyMap<string, number>;
  readonly #precision: Precision;

  private constructor(path: string, files: ReadonlyMap<string, number>, precision: Precision) {
    this.path = path;
    this.#files = files;
    this.#precision = precision;
  }

  /** @throws {EngineError} `unavailable` when there is no such folder. */
  static async open(path: string, precision: Precision): Promise<ModelFolder> {
    try {
      const names = await readdir(path);
      const sizes = await Promise.all(
        names.map(async (name) => [name, (await stat(join(path, name))).size] as const),
      );
      return new ModelFolder(path, new Map(sizes), precision);
    } catch (cause) {
      throw new EngineError(NAME, 'unavailable', `${path} is no folder with a model.`, cause);
    }
  }

  get name(): string {
    return basename(this.path);
  }

  get bytes(): number {
    return [...this.#files.values()].reduce((total, size) => total + size, 0);
  }

  /** The path of a file or folder of this name, if it is there. */
  find(name: string): string | undefined {
    return this.#files.has(name) ? join(this.path, name) : undefined;
  }

  /** The paths of all whose names match. */
  matching(pattern: RegExp): readonly string[] {
    return [...this.#files.keys()]
      .filter((name) => pattern.test(name))
      .toSorted()
      .map((name) => join(this.path, name));
  }

  /**
   * The one network, an `.onnx` or `.ort` file, whose name matches, in the precision that is preferred.
   * @throws {EngineError} `unavailable` when several match, so that nobody knows which is meant.
   */
  network(pattern: RegExp): string | undefined {
    const found = this.matching(/\.(?:onnx|ort)$/i).filter((path) => pattern.test(basename(path)));
    const reduced = found.filter((path) => REDUCED.test(basename(path)));
    const full = found.filter((path) => !reduced.includes(path));
    const [preferred, others] = this.#precision === 'int8' ? [reduced, full] : [full, reduced];
    const chosen = preferred.length > 0 ? preferred : others;
    if (chosen.length > 1) throw this.ambiguous(chosen);
    return chosen[0];
  }

  /** The file with the model's symbols, `tokens.txt` or one whose name ends so. */
  tokens(): string {
    const found = this.find('tokens.txt') ?? this.#only(this.matching(/tokens\.txt$/i));
    if (found === undefined) throw this.missing('tokens.txt');
    const size = this.#files.get(basename(found)) ?? 0;
    if (size > 0 && size <= TOKENS_LONGEST_BYTES) return found;
    throw new EngineError(NAME, 'unavailable', `${found} has ${size} bytes. Get it again.`);
  }

  /** What the network at `path` says of itself; nothing for a format that can not tell. */
  async metadata(path: string): Promise<OnnxMetadata> {
    return path.endsWith('.onnx') ? await readOnnxMetadata(path) : {};
  }

  missing(what: string): EngineError {
    return new EngineError(
      NAME,
      'unavailable',
      `${this.path} has no file ${what}, which the model that is there needs. Get the model again.`,
    );
  }

  ambiguous(paths: readonly string[]): EngineError {
    const names = paths.map((path) => basename(path)).join(' and ');
    return new EngineError(
      NAME,
      'unavailable',
      `${this.path} has ${names}, and only one of them can be meant. Keep one model in a folder.`,
    );
  }

  #only(paths: readonly string[]): string | undefined {
    if (paths.length > 1) throw this.ambiguous(paths);
    return paths[0];
  }
}
