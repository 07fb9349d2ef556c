import { EngineError } from '../../util/errors.ts';
import { BUILT_IN_ENGINES, CATALOG_ENGINES, type EngineConfig } from '../config/index.ts';
import type { Home } from '../home/paths.ts';
import type { InstalledModel } from '../models/find-model.ts';
import { type Missing, MissingEngine } from './missing.ts';
import { openEngine } from './open-engine.ts';
import type { OpenedEngine } from './opened-engine.ts';

interface Opening {
  readonly engine: Promise<OpenedEngine>;
  /** Holds what that engine holds. */
  readonly stack: AsyncDisposableStack;
}

/** The engines that have a name, of the configuration and of the box, each opened once and when it is needed. */
export class NamedEngines implements AsyncDisposable {
  readonly #configured: Readonly<Record<string, EngineConfig>>;
  readonly #home: Home;
  readonly #stack = new AsyncDisposableStack();
  readonly #opening = new Map<string, Opening>();
  readonly #opened = new Map<string, OpenedEngine>();
  readonly #started = new Set<string>();
  readonly #faults = new Map<string, Missing>();
  #pulled: ReadonlyMap<string, InstalledModel> = new Map();

  constructor(configured: Readonly<Record<string, EngineConfig>>, home: Home) {
    this.#configured = configured;
    this.#home = home;
  }

  /** What deployments can name, with what each is. */
  get configs(): Readonly<Record<string, EngineConfig>> {
    const pulled = Object.entries(CATALOG_ENGINES).filter(([name]) => this.#pulled.has(name));
    return { ...BUILT_IN_ENGINES, ...Object.fromEntries(pulled), ...this.#configured };
  }

  /**
   * From now on deployments can name these models. One that has gone, or has come anew, is opened again when it is
   * next asked for; whoever has it keeps it.
   */
  setPulled(models: readonly InstalledModel[]): void {
    const pulled = new Map(models.map((model) => [model.name, model]));
    for (const [name, { pulledAtMs }] of this.#pulled) {
      const isOurs = !Object.hasOwn(this.#configured, name);
      if (isOurs && pulled.get(name)?.pulledAtMs !== pulledAtMs) this.#drop(name);
    }
    this.#pulled = pulled;
  }

  /** The engine of that name if it is open. */
  find(name: string): OpenedEngine | undefined {
    return this.#opened.get(name);
  }

  /** Why the engine of that name is not open. */
  missing(name: string): Missing {
    return this.#faults.get(name) ?? unknownEngine(name);
  }

  /**
   * Opens the engine of that name unless it is open. One that could not be opened is tried again.
   * @throws {EngineError} `unavailable` when it is not installed, or there is none of that name.
   */
  async open(name: string): Promise<OpenedEngine> {
    // A model of the catalogue that has not been pulled is named as well: opening it tells how to get it.
    const known: Readonly<Record<string, EngineConfig>> = { ...CATALOG_ENGINES, ...this.configs };
    const config = Object.hasOwn(known, name) ? known[name] : undefined;
    if (config) return await this.#open(name, name, config);
    throw new MissingEngine(name, unknownEngine(name));
  }

  /** The engine of the box, also where the configuration gives its name to another. */
  async openBuiltIn(name: keyof typeof BUILT_IN_ENGINES): Promise<OpenedEngine> {
    // No name of the configuration has a space in it.
    const key = Object.hasOwn(this.#configured, name) ? `built-in ${name}` : name;
    return await this.#open(key, name, BUILT_IN_ENGINES[name]);
  }

  /** As `open`; undefined when that can not be done, and `missing` says why. */
  async tryOpen(name: string): Promise<OpenedEngine | undefined> {
    try {
      return await this.open(name);
    } catch (error) {
      if (error instanceof EngineError) return undefined;
      throw error;
    }
  }

  /**
   * Opens and starts the engine of that name, unless that has been done.
   * @throws {EngineError} as `open` does, and when it does not start.
   */
  async start(name: string): Promise<void> {
    if (this.#started.has(name)) return;
    const { warm } = await this.open(name);
    const opening = this.#opening.get(name);
    try {
      await warm?.();
      this.#started.add(name);
    } catch (error) {
      if (opening) await this.#forget(name, opening, error);
      throw error;
    }
  }

  /** As `start`; undefined when that can not be done, and `missing` says why. */
  async tryStart(name: string): Promise<OpenedEngine | undefined> {
    try {
      await this.start(name);
      return this.find(name);
    } catch (error) {
      if (error instanceof EngineError) return undefined;
      throw error;
    }
  }

  /** What is wrong at the moment with those that are open. */
  get troubles(): readonly string[] {
    return [...this.#opened.values()].flatMap((engine) => engine.trouble?.() ?? []);
  }

  /** Starts all that are open and have not been started. */
  async warm(): Promise<void> {
    const waiting = [...this.#opened].filter(([key]) => !this.#started.has(key));
    await Promise.all(waiting.map(async ([, engine]) => await engine.warm?.()));
    for (const [key] of waiting) this.#started.add(key);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }

  async #open(key: string, name: string, config: EngineConfig): Promise<OpenedEngine> {
    const opening = this.#opening.get(key) ?? this.#begin(name, config);
    this.#opening.set(key, opening);
    try {
      const engine = await opening.engine;
      this.#opened.set(key, engine);
      this.#faults.delete(key);
      return engine;
    } catch (error) {
      await this.#forget(key, opening, error);
      throw error;
    }
  }

  #begin(name: string, config: EngineConfig): Opening {
    const stack = this.#stack.use(new AsyncDisposableStack());
    return { engine: openEngine(name, config, { stack, home: this.#home }), stack };
  }

  #drop(key: string): void {
    this.#opening.delete(key);
    this.#opened.delete(key);
    this.#started.delete(key);
    this.#faults.delete(key);
  }

  /** What could not be opened or started is opened anew by the next who asks for it. */
  async #forget(key: string, opening: Opening, error: unknown): Promise<void> {
    if (this.#opening.get(key) !== opening) return;
    this.#drop(key);
    if (error instanceof EngineError) this.#faults.set(key, toMissing(error));
    // Nobody has a pulled model before it has started; others may be in use by then.
    if (!Object.hasOwn(this.#configured, key) && Object.hasOwn(CATALOG_ENGINES, key))
      await opening.stack.disposeAsync();
  }
}

function toMissing(error: EngineError): Missing {
  if (error instanceof MissingEngine) return error.missing;
  return { reason: error.message, remedy: '`samtal doctor` checks the engines of this machine.' };
}

function unknownEngine(name: string): Missing {
  const remedy = 'Let the deployment name another, or configure one of that name in samtal.config.json.';
  return { reason: `There is no engine '${name}'.`, remedy };
}
