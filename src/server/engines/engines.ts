import type { LanguageModel } from '../../engine/language-model.ts';
import type { NoiseReducer } from '../../engine/noise-reducer.ts';
import type { RealtimeUpstream } from '../../engine/realtime-upstream.ts';
import type { SpeechModel } from '../../engine/speech-model.ts';
import type { SpeechRecognizer } from '../../engine/speech-recognizer.ts';
import type { SpeechSynthesizer } from '../../engine/speech-synthesizer.ts';
import type { VoiceActivityDetector } from '../../engine/voice-activity-detector.ts';
import { rnnoise } from '../../engines/rnnoise/rnnoise.ts';
import { inTurn } from '../../util/in-turn.ts';
import { BUILT_IN_ENGINES, type Config, type EngineConfig, type EngineRole } from '../config/index.ts';
import type { Home } from '../home/paths.ts';
import { installedModels } from '../models/find-model.ts';
import { PACKAGES } from '../packages/catalog.ts';
import { findPackage } from '../packages/find-package.ts';
import { chooseDefaults, type Defaults } from './choose-defaults.ts';
import { type OpenedDetector, openDetector } from './default-detector.ts';
import { describeKnown, type KnownEngine } from './known-engine.ts';
import { type Missing, toNotice } from './missing.ts';
import { NamedEngines } from './named-engines.ts';
import type { OpenedEngine } from './opened-engine.ts';

/** The engines that deployments share. A name asks for the one that has it, no name for the default. */
export interface Engines extends AsyncDisposable {
  recognizer(name?: string): SpeechRecognizer | undefined;
  languageModel(name?: string): LanguageModel | undefined;
  synthesizer(name?: string): SpeechSynthesizer | undefined;
  /** No engine is the default of these two: what leaves this machine is named. */
  speechModel(name?: string): SpeechModel | undefined;
  realtime(name?: string): RealtimeUpstream | undefined;
  /** Why nothing does the work of `role`, or nothing good does. */
  missing(role: EngineRole, name?: string): Missing | undefined;
  /** The same for every deployment. */
  readonly voiceActivity: VoiceActivityDetector;
  readonly noiseReducer: NoiseReducer;
  /** What deployments can name, with what each is. */
  readonly configs: Readonly<Record<string, EngineConfig>>;
  /** What deployments can name, with what each can do on this machine. */
  catalog(): Promise<readonly KnownEngine[]>;
  /**
   * Makes the engine of that name ready, so that it is found from now on.
   * @throws {EngineError} `unavailable` when that can not be done on this machine.
   */
  start(name: string): Promise<void>;
  /** What an operator should know of them at the moment, such as that nothing can hear. */
  readonly notices: readonly string[];
  /** Why the engine that does the work of `role` where none is named is that one; undefined where there is none. */
  reason(role: EngineRole): string | undefined;
  /**
   * Looks again what has been pulled. When that has changed, makes the best of it ready, lets it do the work where no
   * engine is named, and resolves with true. Whoever has an engine keeps it.
   */
  refresh(): Promise<boolean>;
  /** Starts what takes time to start, so that the first request does not wait for it. */
  warm(): Promise<void>;
}

/**
 * Opens every engine of the configuration, and for what it leaves open the best that this machine has.
 * @throws {EngineError} `unavailable` when a configured engine is not installed.
 */
export async function openEngines(config: Config, home: Home): Promise<Engines> {
  await using stack = new AsyncDisposableStack();
  const named = stack.use(new NamedEngines(config.engines, home));
  const configured: OpenedEngine[] = [];
  for (const name of namesIn(config)) configured.push(await named.open(name));
  const noiseReducer = stack.use(rnnoise());
  const engines = new SharedEngines({ config, home, named, configured, noiseReducer, stack: stack.move() });
  try {
    await engines.refresh();
    return engines;
  } catch (error) {
    await engines[Symbol.asyncDispose]();
    throw error;
  }
}

interface SharedEnginesOptions {
  readonly config: Config;
  readonly home: Home;
  readonly named: NamedEngines;
  /** The engines of the configuration. */
  readonly configured: readonly OpenedEngine[];
  readonly noiseReducer: NoiseReducer;
  /** Holds all of them. */
  readonly stack: AsyncDisposableStack;
}

interface Choice {
  /** What it was chosen from. */
  readonly pulled: string;
  readonly defaults: Defaults;
  readonly detector: OpenedDetector;
}

class SharedEngines implements Engines {
  readonly #options: SharedEnginesOptions;
  #choice: Choice | undefined;
  /** One look at a time, or what was seen first might be chosen last. */
  readonly #chooseAnew = inTurn(async () => {
    const choice = await this.#look();
    if (choice.pulled === this.#choice?.pulled) return false;
    this.#choice = choice;
    return true;
  });

  constructor(options: SharedEnginesOptions) {
    this.#options = options;
  }

  async refresh(): Promise<boolean> {
    return await this.#chooseAnew();
  }

  recognizer(name?: string): SpeechRecognizer | undefined {
    return this.#pick('recognizer', name).recognizer;
  }

  languageModel(name?: string): LanguageModel | undefined {
    return this.#pick('languageModel', name).languageModel;
  }

  synthesizer(name?: string): SpeechSynthesizer | undefined {
    return this.#pick('synthesizer', name).synthesizer;
  }

  speechModel(name?: string): SpeechModel | undefined {
    return this.#pick('speechModel', name).speechModel;
  }

  realtime(name?: string): RealtimeUpstream | undefined {
    return this.#pick('realtime', name).realtime;
  }

  missing(role: EngineRole, name?: string): Missing | undefined {
    if (name === undefined) return this.#chosen.defaults[role].missing;
    return this.#pick(role, name)[role] ? undefined : this.#options.named.missing(name);
  }

  reason(role: EngineRole): string | undefined {
    const chosen = this.#chosen.defaults[role];
    return chosen[role] && chosen.because;
  }

  get voiceActivity(): VoiceActivityDetector {
    return this.#chosen.detector.voiceActivity;
  }

  get noiseReducer(): NoiseReducer {
    return this.#options.noiseReducer;
  }

  get configs(): Readonly<Record<string, EngineConfig>> {
    return this.#options.named.configs;
  }

  async catalog(): Promise<readonly KnownEngine[]> {
    const { named } = this.#options;
    const { defaults } = this.#chosen;
    return await Promise.all(
      Object.entries(named.configs).map(async ([name, { type }]) => {
        const engine = await named.tryOpen(name);
        const missing = engine ? undefined : named.missing(name);
        return describeKnown({ name, type, missing, engine, defaults });
      }),
    );
  }

  async start(name: string): Promise<void> {
    await this.#options.named.start(name);
  }

  get notices(): readonly string[] {
    const { defaults, detector } = this.#chosen;
    const lasting = [...Object.values(defaults), detector].flatMap(({ missing, notices = [] }) =>
      missing ? [toNotice(missing), ...notices] : notices,
    );
    const troubles = [...this.#options.named.troubles, detector.trouble?.()];
    return [...lasting, ...new Set(troubles.filter((trouble) => trouble !== undefined))];
  }

  async warm(): Promise<void> {
    const { defaults } = this.#chosen;
    await Promise.all([
      this.#options.named.warm(),
      ...Object.values(defaults).map(async ({ warm }) => await warm?.()),
    ]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#options.stack.disposeAsync();
  }

  get #chosen(): Choice {
    if (this.#choice) return this.#choice;
    throw new Error('The engines have not been chosen yet.');
  }

  async #look(): Promise<Choice> {
    const { config, home, named, configured, stack } = this.#options;
    const installed = await installedModels(home.modelsDirectory);
    named.setPulled(installed);
    const packages = await Promise.all(
      PACKAGES.map(async (entry) => await findPackage(home.enginesDirectory, entry)),
    );
    const pulled = JSON.stringify([installed.map(({ name, pulledAtMs }) => [name, pulledAtMs]), packages]);
    if (pulled === this.#choice?.pulled) return this.#choice;
    const before = this.#choice?.detector;
    return {
      pulled,
      defaults: await chooseDefaults({ config, configured, named, installed }),
      detector: await openDetector(config, { named, configured, stack, home, before }),
    };
  }

  #pick(role: EngineRole, name: string | undefined): OpenedEngine {
    return (name === undefined ? this.#chosen.defaults[role] : this.#options.named.find(name)) ?? {};
  }
}

/** What is configured, and what of the box a deployment of the configuration names. */
function namesIn(config: Config): readonly string[] {
  const used = new Set(
    Object.values(config.deployments).flatMap(({ languageModel, recognizer, synthesizer }) => [
      languageModel,
      recognizer,
      synthesizer,
    ]),
  );
  const builtIn = Object.keys(BUILT_IN_ENGINES).filter((name) => used.has(name));
  return [...new Set([...builtIn, ...Object.keys(config.engines)])];
}
