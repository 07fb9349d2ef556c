import type { LanguageModel } from '../../engine/language-model.ts';
import type { SpeechRecognizer } from '../../engine/speech-recognizer.ts';
import type { SpeechSynthesizer } from '../../engine/speech-synthesizer.ts';
import type { VoiceActivityDetector } from '../../engine/voice-activity-detector.ts';
import { webrtcVad } from '../../engines/webrtc-vad/webrtc-vad.ts';
import { BUILT_IN_ENGINES, type Config, type EngineConfig } from '../config/index.ts';
import { openDefaultEars, openDefaultMind, openDefaultVoice } from './default-engines.ts';
import { openEngine } from './open-engine.ts';
import type { OpenedEngine } from './opened-engine.ts';

/** The engines that deployments share. A name asks for one of the configuration, no name for the default. */
export interface Engines extends AsyncDisposable {
  recognizer(name?: string): SpeechRecognizer | undefined;
  languageModel(name?: string): LanguageModel;
  synthesizer(name?: string): SpeechSynthesizer | undefined;
  /** The same for every deployment. */
  readonly voiceActivity: VoiceActivityDetector;
  /** What an operator should know of them now, such as that nothing can hear, or that one keeps ending. */
  readonly notices: readonly string[];
  /** Starts what takes time to start, so that the first request does not wait for it. */
  warm(): Promise<void>;
}

/**
 * Opens every engine of the configuration, and for what it leaves open the best that this machine has.
 * @throws {EngineError} `unavailable` when a configured engine is not installed.
 */
export async function openEngines(config: Config): Promise<Engines> {
  await using stack = new AsyncDisposableStack();
  const named = new Map<string, OpenedEngine>();
  for (const [name, settings] of Object.entries(engineConfigs(config))) {
    named.set(name, await openEngine(name, settings, stack));
  }
  const notices: string[] = [];
  const defaults = await openDefaults(config, [...named.values()], { stack, notices });
  const voiceActivity = await webrtcVad();
  const held = stack.move();
  const pick = (name: string | undefined): OpenedEngine =>
    (name === undefined ? defaults : named.get(name)) ?? {};
  return {
    recognizer: (name) => pick(name).recognizer,
    languageModel: (name) => pick(name).languageModel ?? defaults.languageModel,
    synthesizer: (name) => pick(name).synthesizer,
    voiceActivity,
    get notices() {
      const troubles = [defaults, ...named.values()].flatMap((engine) => engine.trouble?.() ?? []);
      return [...notices, ...new Set(troubles)];
    },
    warm: async () => {
      await Promise.all([defaults, ...named.values()].map(async (engine) => await engine.warm?.()));
    },
    [Symbol.asyncDispose]: async () => await held.disposeAsync(),
  };
}

/** What is configured, and what of the box a deployment names. */
function engineConfigs(config: Config): Readonly<Record<string, EngineConfig>> {
  const used = new Set(
    Object.values(config.deployments).flatMap(({ languageModel, recognizer, synthesizer }) => [
      languageModel,
      recognizer,
      synthesizer,
    ]),
  );
  const builtIn = Object.entries(BUILT_IN_ENGINES).filter(([name]) => used.has(name));
  return { ...Object.fromEntries(builtIn), ...config.engines };
}

/** For each role the first engine of the configuration that can take it, else what comes with the server. */
async function openDefaults(
  config: Config,
  configured: readonly OpenedEngine[],
  { stack, notices }: { readonly stack: AsyncDisposableStack; readonly notices: string[] },
): Promise<OpenedEngine & { readonly languageModel: LanguageModel }> {
  const notify = (notice: string): void => {
    notices.push(notice);
  };
  const ears = configured.find((engine) => engine.recognizer) ?? openDefaultEars(stack, notify);
  const voice = configured.find((engine) => engine.synthesizer) ?? (await openDefaultVoice(stack, notify));
  const [thinking] = configured.flatMap((engine) => engine.languageModel ?? []);
  const mind = thinking
    ? { languageModel: thinking }
    : await openDefaultMind(config.discovery.languageModel, notify);
  return {
    ...(ears.recognizer && { recognizer: ears.recognizer }),
    ...(voice.synthesizer && { synthesizer: voice.synthesizer }),
    ...mind,
    warm: async () => {
      await Promise.all([ears.warm?.(), voice.warm?.(), 'warm' in mind && mind.warm?.()]);
    },
    trouble: () =>
      [ears.trouble?.(), voice.trouble?.()].filter((trouble) => trouble !== undefined).join(' ') || undefined,
  };
}
