import { cascade } from '../conversation/cascade.ts';
import { nativeSpeech } from '../conversation/native-speech.ts';
import type { Responder } from '../conversation/responder.ts';
import type { SpeechSynthesizer } from '../engine/speech-synthesizer.ts';
import { newId } from '../util/ids.ts';
import type { DeploymentAnswers, MissingPart } from '../wire/management/deployment-object.ts';
import type { EngineRole } from './config/index.ts';
import type { Deployment, DeploymentDefaults } from './deployment.ts';
import type { Engines } from './engines/engines.ts';
import { withOwnVoices } from './own-voices.ts';
import type { Purpose } from './standard-deployments.ts';

/** What a deployment is to be made of. An engine that is not named is the default of the machine. */
export interface DeploymentPlan {
  readonly name: string;
  readonly model: string;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly purpose: Purpose;
  readonly engines: { readonly [Role in EngineRole]?: string | undefined };
  readonly defaults: { readonly [Name in keyof DeploymentDefaults]?: DeploymentDefaults[Name] | undefined };
  /** Names of its own, each for a voice of its synthesizer. */
  readonly voices?: Readonly<Record<string, string>> | undefined;
}

export interface ComposedDeployment {
  readonly deployment: Deployment;
  readonly answers: DeploymentAnswers;
  readonly missing: readonly MissingPart[];
}

/** The engine role that does each part of a deployment's work. */
const ROLES = {
  hears: 'recognizer',
  thinks: 'languageModel',
  speaks: 'synthesizer',
} as const satisfies Readonly<Record<keyof Purpose, EngineRole>>;

export const EVERY_ROLE: readonly EngineRole[] = [...Object.values(ROLES), 'speechModel', 'realtime'];

/** A deployment on shared engines. What its engines can not do is missing, and the rest works. */
export function composeDeployment(plan: DeploymentPlan, engines: Engines): ComposedDeployment {
  const { name, model, createdAt, purpose, defaults } = plan;
  const recognizer = engines.recognizer(plan.engines.recognizer);
  const synthesizer = synthesizerOf(plan, engines);
  const responder = purpose.thinks ? composeResponder(plan, engines) : undefined;
  const deployment: Deployment = {
    name,
    model,
    createdAt,
    recognizer: purpose.hears ? recognizer : undefined,
    synthesizer: purpose.speaks ? synthesizer : undefined,
    voiceActivity: engines.voiceActivity,
    noiseReducer: engines.noiseReducer,
    responder: responder?.responder,
    realtime: purpose.thinks ? engines.realtime(plan.engines.realtime) : undefined,
    defaults: {
      voice: defaults.voice,
      instructions: defaults.instructions ?? '',
      temperature: defaults.temperature,
      maxOutputTokens: defaults.maxOutputTokens,
    },
  };
  const thinks = responder ? { engine: responder.thinks } : null;
  return { deployment, answers: { ...senses(deployment), thinks }, missing: findMissing(plan, engines) };
}

function synthesizerOf(
  { engines: names, voices }: DeploymentPlan,
  engines: Engines,
): SpeechSynthesizer | undefined {
  const synthesizer = engines.synthesizer(names.synthesizer);
  return synthesizer && voices ? withOwnVoices(synthesizer, voices) : synthesizer;
}

/** One model that does it all where one is named, else three engines. */
function composeResponder(
  plan: DeploymentPlan,
  engines: Engines,
): { readonly responder: Responder; readonly thinks: string } | undefined {
  const { engines: names } = plan;
  if (names.speechModel !== undefined) {
    const model = engines.speechModel(names.speechModel);
    return model && { responder: nativeSpeech({ model, newId }), thinks: model.name };
  }
  const languageModel = engines.languageModel(names.languageModel);
  if (!languageModel) return undefined;
  const recognizer = engines.recognizer(names.recognizer);
  const synthesizer = synthesizerOf(plan, engines);
  const responder = cascade({ recognizer, languageModel, synthesizer, newId });
  return { responder, thinks: languageModel.name };
}

function senses({ recognizer, synthesizer }: Deployment): Pick<DeploymentAnswers, 'hears' | 'speaks'> {
  return {
    hears: recognizer ? { engine: recognizer.name, languages: recognizer.languages } : null,
    speaks: synthesizer
      ? { engine: synthesizer.name, languages: synthesizer.languages, voices: synthesizer.voices }
      : null,
  };
}

function findMissing({ purpose, engines: names }: DeploymentPlan, engines: Engines): readonly MissingPart[] {
  return (['hears', 'thinks', 'speaks'] as const).flatMap((part) => {
    const roles = rolesOf(part, names);
    return roles.flatMap((role) => {
      const missing = purpose[part] && engines.missing(role, names[role]);
      return missing ? [{ part, ...missing }] : [];
    });
  });
}

/** What does a part of the work where the engines have these names. */
export function rolesOf(part: keyof Purpose, names: DeploymentPlan['engines']): readonly EngineRole[] {
  if (part !== 'thinks') return [ROLES[part]];
  const mind = names.speechModel === undefined ? ROLES.thinks : 'speechModel';
  return names.realtime === undefined ? [mind] : [mind, 'realtime'];
}
