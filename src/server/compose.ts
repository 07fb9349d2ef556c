import { cascade } from '../conversation/cascade.ts';
import { newId } from '../util/ids.ts';
import type { DeploymentAnswers, MissingPart } from '../wire/management/deployment-object.ts';
import type { EngineRole } from './config/index.ts';
import type { Deployment, DeploymentDefaults } from './deployment.ts';
import type { Engines } from './engines/engines.ts';
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
}

export interface ComposedDeployment {
  readonly deployment: Deployment;
  readonly answers: DeploymentAnswers;
  readonly missing: readonly MissingPart[];
}

/** The engine role that does each part of a deployment's work. */
export const ROLES = {
  hears: 'recognizer',
  thinks: 'languageModel',
  speaks: 'synthesizer',
} as const satisfies Readonly<Record<keyof Purpose, EngineRole>>;

/** A deployment on shared engines. What its engines can not do is missing, and the rest works. */
export function composeDeployment(plan: DeploymentPlan, engines: Engines): ComposedDeployment {
  const { name, model, createdAt, purpose, defaults } = plan;
  const recognizer = engines.recognizer(plan.engines.recognizer);
  const synthesizer = engines.synthesizer(plan.engines.synthesizer);
  const languageModel = purpose.thinks ? engines.languageModel(plan.engines.languageModel) : undefined;
  const deployment: Deployment = {
    name,
    model,
    createdAt,
    recognizer: purpose.hears ? recognizer : undefined,
    synthesizer: purpose.speaks ? synthesizer : undefined,
    voiceActivity: engines.voiceActivity,
    noiseReducer: engines.noiseReducer,
    responder: languageModel && cascade({ recognizer, languageModel, synthesizer, newId }),
    defaults: {
      voice: defaults.voice,
      instructions: defaults.instructions ?? '',
      temperature: defaults.temperature,
      maxOutputTokens: defaults.maxOutputTokens,
    },
  };
  const thinks = languageModel ? { engine: languageModel.name } : null;
  return { deployment, answers: { ...senses(deployment), thinks }, missing: findMissing(plan, engines) };
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
    const missing = purpose[part] && engines.missing(ROLES[part], names[ROLES[part]]);
    return missing ? [{ part, ...missing }] : [];
  });
}
