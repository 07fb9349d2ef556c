import { EngineError } from '../../util/errors.ts';
import { BUILT_IN_ENGINES, type EngineConfig } from '../config/index.ts';
import type { Missing } from './missing.ts';
import { openEngine } from './open-engine.ts';
import type { OpenedEngine } from './opened-engine.ts';

/** The engines that have a name, of the configuration and of the box, each opened once and when it is needed. */
export class NamedEngines implements AsyncDisposable {
  readonly #configured: Readonly<Record<string, EngineConfig>>;
  readonly #stack = new AsyncDisposableStack();
  readonly #opening = new Map<string, Promise<OpenedEngine>>();
  readonly #opened = new Map<string, OpenedEngine>();
  readonly #faults = new Map<string, Missing>();

  constructor(configured: Readonly<Record<string, EngineConfig>>) {
    this.#configured = configured;
  }

  /** What deployments can name, with what each is. */
  get configs(): Readonly<Record<string, EngineConfig>> {
    return { ...BUILT_IN_ENGINES, ...this.#configured };
  }

  /** The engine of that name if it is open. */
  find(name: string): OpenedEngine | undefined {
    return this.#opened.get(name);
  }

  /** Why the engine of that name is not open. */
  missing(name: string): Missing {
    return this.#faults.get(name) ?? { reason: `There is no engine '${name}'.`, remedy: UNKNOWN_REMEDY };
  }

  /**
   * Opens the engine of that name unless it is open. One that could not be opened is tried again.
   * @throws {EngineError} `unavailable` when it is not installed, or there is none of that name.
   */
  async open(name: string): Promise<OpenedEngine> {
    const config = Object.hasOwn(this.configs, name) ? this.configs[name] : undefined;
    if (config) return await this.#open(name, name, config);
    throw new EngineError(name, 'unavailable', `There is no engine '${name}'.`);
  }

  /** The engine of the box, also where the configuration gives its name to another. */
  async openBuiltIn(name: keyof typeof BUILT_IN_ENGINES): Promise<OpenedEngine> {
    // No name of the configuration has a space in it.
    const key = Object.hasOwn(this.#configured, name) ? `built-in ${name}` : name;
    return await this.#open(key, name, BUILT_IN_ENGINES[name]);
  }

  /** Opens the engine of that name if that can be done; `missing` says why not. */
  async tryOpen(name: string): Promise<OpenedEngine | undefined> {
    try {
      return await this.open(name);
    } catch (error) {
      if (error instanceof EngineError) return undefined;
      throw error;
    }
  }

  async warm(): Promise<void> {
    await Promise.all([...this.#opened.values()].map(async (engine) => await engine.warm?.()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }

  async #open(key: string, name: string, config: EngineConfig): Promise<OpenedEngine> {
    const opening = this.#opening.get(key) ?? openEngine(name, config, this.#stack);
    this.#opening.set(key, opening);
    try {
      const engine = await opening;
      this.#opened.set(key, engine);
      this.#faults.delete(key);
      return engine;
    } catch (error) {
      this.#opening.delete(key);
      if (error instanceof EngineError) this.#faults.set(key, { reason: error.message, remedy: REMEDY });
      throw error;
    }
  }
}

const REMEDY = 'Install what it needs, and then start the server again or change the deployment.';
const UNKNOWN_REMEDY = 'Let the deployment name another, or configure one of that name.';
