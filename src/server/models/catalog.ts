import type { PackageName } from '../packages/catalog.ts';
import catalog from './catalog.json' with { type: 'json' };

export type ModelRole = 'recognizer' | 'synthesizer' | 'languageModel' | 'voiceActivity';

/** A model that Samtal can get from a hub and run. */
export interface ModelEntry {
  /** What `samtal pull` and the engines of a configuration say. */
  readonly name: string;
  readonly title: string;
  readonly role: ModelRole;
  readonly engine: 'sherpa-recognizer' | 'sherpa-synthesizer' | 'llama' | 'silero';
  /** The package that runs it; the hub does not have that. */
  readonly package: PackageName;
  /** Primary subtags of BCP 47; none means that it does not go by language. */
  readonly languages: readonly string[];
  /** SPDX where it has one. */
  readonly license: string;
  /** The page that tells what it is. */
  readonly source: string;
  readonly purpose: string;
  /**
   * 0 to 100, to choose between models of one role and language. It is our judgement, not a measurement: 20 is
   * barely of use, 50 does its work, 80 is as good as what runs without a graphics card gets.
   */
  readonly quality: number;
  /** Takes a sound while it is made, or makes it in pieces; of recognizers, tells words while they are spoken. */
  readonly isStreaming: boolean;
  /** What it takes when it runs, as `memoryFrom` tells. */
  readonly memoryBytes: number;
  readonly memoryFrom: string;
  readonly files: readonly ModelFile[];
}

/** What is downloaded for a model. */
export interface ModelFile {
  /** Where it lies in the model's folder; for an archive, where its content goes, `.` being that folder. */
  readonly path: string;
  /**
   * `https://huggingface.co/<owner>/<repository>/resolve/<revision>/<path>`,
   * `https://github.com/<owner>/<repository>/raw/<tag>/<path>` or
   * `https://github.com/<owner>/<repository>/releases/download/<tag>/<asset>`.
   */
  readonly url: string;
  /** `null` where no public source states it: the hub then tells it before anything is downloaded. */
  readonly bytes: number | null;
  /** In hexadecimal; `null` as with `bytes`: what the hub tells first is enforced from then on. */
  readonly sha256: string | null;
  /** The public source of both figures. */
  readonly figuresFrom: string | null;
  /** Set for an archive whose content is what the model is made of. */
  readonly archive?: ArchiveTerms;
}

export interface ArchiveTerms {
  readonly format: 'tar.bz2' | 'tar.gz';
  /** The one folder at the top of the archive, which is left out of the paths of its files. */
  readonly folder: string;
  /** What its files may have in all: stated by a public source, or three times the archive. */
  readonly unpackedBytes: number;
  /** The files that are kept, and folders with all that is below them; all where it is not set. */
  readonly keep?: readonly string[];
}

// What `catalog.json` holds is checked by its test, which the compiler can not do for the unions.
export const MODELS = catalog as readonly ModelEntry[];

export function modelNamed(name: string): ModelEntry | undefined {
  return MODELS.find((entry) => entry.name === name);
}
