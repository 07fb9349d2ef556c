import { cascade } from '../conversation/cascade.ts';
import { newId } from '../util/ids.ts';
import type { Config, DeploymentConfig } from './config/index.ts';
import { type Deployment, Deployments } from './deployment.ts';
import type { Engines } from './engines/engines.ts';
import { STANDARD_DEPLOYMENTS } from './standard-deployments.ts';

/** Every deployment of `config` and those that come with the server, on shared engines. */
export function composeDeployments(config: Config, engines: Engines, createdAt: number): Deployments {
  const named = new Map<string, Deployment>();
  for (const { name, hears, thinks, speaks } of STANDARD_DEPLOYMENTS) {
    const deployment = compose(name, noSettings, engines, createdAt);
    named.set(name, {
      ...deployment,
      recognizer: hears ? deployment.recognizer : undefined,
      responder: thinks ? deployment.responder : undefined,
      synthesizer: speaks ? deployment.synthesizer : undefined,
    });
  }
  for (const [name, settings] of Object.entries(config.deployments)) {
    named.set(name, compose(name, settings, engines, createdAt));
  }
  return new Deployments([...named.values()]);
}

const noSettings: DeploymentConfig = { defaults: {} };

function compose(name: string, settings: DeploymentConfig, engines: Engines, createdAt: number): Deployment {
  const recognizer = engines.recognizer(settings.recognizer);
  const synthesizer = engines.synthesizer(settings.synthesizer);
  const languageModel = engines.languageModel(settings.languageModel);
  return {
    name,
    model: settings.model ?? name,
    createdAt,
    recognizer,
    synthesizer,
    voiceActivity: engines.voiceActivity,
    responder: cascade({ recognizer, languageModel, synthesizer, newId }),
    defaults: {
      voice: settings.defaults.voice ?? 'alloy',
      instructions: settings.defaults.instructions ?? '',
      temperature: settings.defaults.temperature,
      maxOutputTokens: settings.defaults.maxOutputTokens,
    },
  };
}
