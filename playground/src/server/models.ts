import { EventSourceParserStream } from 'eventsource-parser/stream';
import { type Asking, call, type ServerError } from './api.ts';
import { useReading } from './use-reading.ts';

export type ModelRole = 'recognizer' | 'languageModel' | 'synthesizer' | 'voiceActivity';

/** A model of the server's catalogue. Sizes in bytes. */
export interface Model {
  readonly name: string;
  readonly title: string;
  readonly role: ModelRole;
  readonly purpose: string;
  /** BCP 47; none means that it does not go by language. */
  readonly languages: readonly string[];
  readonly license: string;
  /** The page that tells what it is. */
  readonly source: string;
  /** 0 to 100, as those judge who make the catalogue. */
  readonly quality: number;
  readonly isStreaming: boolean;
  /** `null` where it is known once the hub has been asked. */
  readonly downloadBytes: number | null;
  /** What it takes; of one that is not there, at most. */
  readonly diskBytes: number | null;
  readonly memoryBytes: number;
  readonly package: string;
  readonly state: 'whole' | 'damaged' | 'missing';
}

export interface Preset {
  readonly name: string;
  readonly models: readonly string[];
}

/** What does a part of the work now, and why. */
export interface RoleUse {
  readonly role: ModelRole;
  readonly engine: string | null;
  readonly why: string | null;
}

export interface Machine {
  readonly cores: number;
  readonly memoryBytes: number;
  readonly freeBytes: number;
}

export interface Pull {
  readonly id: string;
  readonly names: readonly string[];
  /** What of it was not there, in the order in which it comes. */
  readonly items: readonly string[];
  readonly state: 'waiting' | 'running' | 'succeeded' | 'cancelled' | 'failed';
  readonly progress?: PullProgress | null;
  readonly error?: { readonly message: string };
}

export interface PullProgress {
  readonly name: string;
  readonly step: 'download' | 'unpack' | 'install';
  readonly bytes: number;
  readonly totalBytes: number;
}

export interface PullPlan {
  readonly items: readonly PlannedItem[];
  readonly downloadBytes: number;
  readonly diskBytes: number;
  readonly memoryBytes: number;
}

export interface PlannedItem {
  readonly name: string;
  readonly kind: 'model' | 'package';
  readonly title: string;
  readonly license: string;
  readonly downloadBytes: number;
}

export interface Library {
  readonly models: readonly Model[];
  /** Those that run models; one that is foreign is not made for this machine. */
  readonly packages: readonly {
    readonly name: string;
    readonly isThere: boolean;
    readonly isForeign: boolean;
  }[];
  readonly presets: readonly Preset[];
  /** The latest last. */
  readonly pulls: readonly Pull[];
  readonly uses: readonly RoleUse[];
  readonly machine: Machine;
}

const MODELS = '/samtal/v1/models';

/** What a pull of these would bring. @throws {ServerError} when the hub does not tell a size. */
export async function planPull(names: readonly string[], asking: Asking): Promise<PullPlan> {
  const response = await call(`${MODELS}/plans`, { ...asking, method: 'POST', body: { names } });
  return (await response.json()) as PullPlan;
}

export async function startPull(names: readonly string[], asking: Asking): Promise<void> {
  await call(`${MODELS}/pulls`, { ...asking, method: 'POST', body: { names } });
}

export async function cancelPull(id: string, asking: Asking): Promise<void> {
  await call(`${MODELS}/pulls/${id}`, { ...asking, method: 'DELETE' });
}

export async function removeModel(name: string, asking: Asking): Promise<void> {
  await call(`${MODELS}/${encodeURIComponent(name)}`, { ...asking, method: 'DELETE' });
}

/** A pull as it is and as it goes on, until it has ended or the connection breaks. */
export async function* followPull(id: string, asking: Asking): AsyncGenerator<Pull, void, void> {
  const { body } = await call(`${MODELS}/pulls/${id}/events`, asking);
  if (!body) return;
  const events = body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  for await (const { data } of events) {
    const pull = JSON.parse(data) as Pull | { readonly error: object; readonly id?: undefined };
    if (pull.id !== undefined) yield pull;
  }
}

export interface Models {
  /** `undefined` until the first answer has come. */
  readonly library: Library | undefined;
  /** Why the last reading failed; what was read before stays. */
  readonly error: ServerError | undefined;
  readonly refresh: () => void;
}

/** The models of the server, read when the page opens and whenever `refresh` is called. */
export function useModels(): Models {
  const { value: library, error, refresh } = useReading(readLibrary);
  return { library, error, refresh };
}

async function readLibrary(asking: Asking): Promise<Library> {
  return (await (await call(MODELS, asking)).json()) as Library;
}
