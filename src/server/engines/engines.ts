import type { LanguageModel } from '../../engine/language-model.ts';
import type { NoiseReducer } from '../../engine/noise-reducer.ts';
import type { RealtimeUpstream } from '../../engine/realtime-upstream.ts';
import type { SpeechModel } from '../../engine/speech-model.ts';
import type { SpeechRecognizer } from '../../engine/speech-recognizer.ts';
import type { SpeechSynthesizer } from '../../engine/speech-synthesizer.ts';
import type { VoiceActivityDetector } from '../../engine/voice-activity-detector.ts';
import { rnnoise } from '../../engines/rnnoise/rnnoise.ts';
import { BUILT_IN_ENGINES, type Config, type EngineConfig, type EngineRole } from '../config/index.ts';
import type { Home } from '../home/paths.ts';
import { openDetector } from './default-detector.ts';
import { type DefaultEngine, openDefaultEars, openDefaultMind, openDefaultVoice } from './default-engines.ts';
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
  const defaults = await openDefaults(config, configured, named);
  const detector = await openDetector(config, { named, configured, stack, home });
  const noiseReducer = stack.use(rnnoise());
  const notices = [...Object.values(defaults), detector].flatMap(({ missing, notice }) =>
    missing ? [toNotice(missing)] : (notice ?? []),
  );
  const held = stack.move();
  const pick = (role: EngineRole, name: string | undefined): OpenedEngine =>
    (name === undefined ? defaults[role] : named.find(name)) ?? {};
  return {
    recognizer: (name) => pick('recognizer', name).recognizer,
    languageModel: (name) => pick('languageModel', name).languageModel,
    synthesizer: (name) => pick('synthesizer', name).synthesizer,
    speechModel: (name) => pick('speechModel', name).speechModel,
    realtime: (name) => pick('realtime', name).realtime,
    missing: (role, name) => {
      if (name === undefined) return defaults[role].missing;
      return pick(role, name)[role] ? undefined : named.missing(name);
    },
    voiceActivity: detector.voiceActivity,
    noiseReducer,
    configs: named.configs,
    catalog: async () =>
      await Promise.all(
        Object.entries(named.configs).map(async ([name, { type }]) => {
          const engine = await named.tryOpen(name);
          const missing = engine ? undefined : named.missing(name);
          return describeKnown({ name, type, missing, engine, defaults });
        }),
      ),
    start: async (name) => await named.start(name),
    get notices() {
      const troubles = [...named.troubles, detector.trouble?.()].filter((trouble) => trouble !== undefined);
      return [...notices, ...new Set(troubles)];
    },
    warm: async () => {
      await Promise.all([named.warm(), ...Object.values(defaults).map(async ({ warm }) => await warm?.())]);
    },
    [Symbol.asyncDispose]: async () => await held.disposeAsync(),
  };
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

/** For each role the first engine of the configuration that can take it, else what comes with the server. */
async function openDefaults(
  config: Config,
  configured: readonly OpenedEngine[],
  named: NamedEngines,
): Promise<Readonly<Record<EngineRole, DefaultEngine>>> {
  return {
    recognizer: configured.find(({ recognizer }) => recognizer) ?? (await openDefaultEars(named)),
    synthesizer: configured.find(({ synthesizer }) => synthesizer) ?? (await openDefaultVoice(named)),
    languageModel:
      configured.find(({ languageModel }) => languageModel) ??
      (await openDefaultMind(config.discovery.languageModel, named)),
    speechModel: {},
    realtime: {},
  };
}
