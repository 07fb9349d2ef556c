import type { Config, EngineRole } from '../config/index.ts';
import type { InstalledModel } from '../models/find-model.ts';
import { type DefaultEngine, openDefaultEars, openDefaultMind, openDefaultVoice } from './default-engines.ts';
import type { NamedEngines } from './named-engines.ts';
import type { OpenedEngine } from './opened-engine.ts';
import { pickModels } from './pick-models.ts';

export type Defaults = Readonly<Record<EngineRole, DefaultEngine>>;

export interface ChooseOptions {
  readonly config: Config;
  /** The engines of the configuration. */
  readonly configured: readonly OpenedEngine[];
  readonly named: NamedEngines;
  readonly installed: readonly InstalledModel[];
}

const CONFIGURED = 'it is the first of the configuration that can';

/** For each role the first engine of the configuration that can take it, else the best that this machine has. */
export async function chooseDefaults({
  config,
  configured,
  named,
  installed,
}: ChooseOptions): Promise<Defaults> {
  const first = (role: EngineRole): DefaultEngine | undefined => {
    const engine = configured.find((each) => each[role]);
    return engine && { ...engine, because: CONFIGURED };
  };
  const machine = (role: 'recognizer' | 'synthesizer' | 'languageModel') => ({
    named,
    pick: (failed: ReadonlySet<string>) =>
      pickModels(
        role,
        installed.filter(({ name }) => !failed.has(name)),
      ).map(({ name }) => name),
  });
  const [recognizer, synthesizer, languageModel] = await Promise.all([
    first('recognizer') ?? openDefaultEars(machine('recognizer')),
    first('synthesizer') ?? openDefaultVoice(machine('synthesizer')),
    first('languageModel') ?? openDefaultMind(config.discovery.languageModel, machine('languageModel')),
  ]);
  return { recognizer, synthesizer, languageModel, speechModel: {}, realtime: {} };
}
