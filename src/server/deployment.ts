import type { Responder } from '../conversation/responder.ts';
import type { NoiseReducer } from '../engine/noise-reducer.ts';
import type { RealtimeUpstream } from '../engine/realtime-upstream.ts';
import type { SpeechRecognizer } from '../engine/speech-recognizer.ts';
import type { SpeechSynthesizer } from '../engine/speech-synthesizer.ts';
import type { VoiceActivityDetector } from '../engine/voice-activity-detector.ts';
import { ApiError } from '../util/errors.ts';
import { excerpt } from '../util/excerpt.ts';
import type { Address } from '../wire/address/address.ts';

/** A name that clients ask for, in the path or as `model`, and the engines that answer to it. */
export interface Deployment {
  readonly name: string;
  /** What answers call the model. */
  readonly model: string;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly responder: Responder | undefined;
  readonly recognizer: SpeechRecognizer | undefined;
  readonly synthesizer: SpeechSynthesizer | undefined;
  /** Hears in realtime sessions when somebody speaks. */
  readonly voiceActivity: VoiceActivityDetector | undefined;
  /** Takes noise out of what realtime sessions hear, where they ask for it. */
  readonly noiseReducer: NoiseReducer | undefined;
  /** What realtime sessions are passed on to, in the place of being held here. */
  readonly realtime?: RealtimeUpstream | undefined;
  readonly defaults: DeploymentDefaults;
}

/** What a request that does not say otherwise gets. */
export interface DeploymentDefaults {
  /** `undefined` for the voice that the services begin with, which is not the same everywhere. */
  readonly voice: string | undefined;
  readonly instructions: string;
  readonly temperature: number | undefined;
  readonly maxOutputTokens: number | undefined;
}

/** The deployments that there are at the moment. Whoever has found one keeps it as it was. */
export class Deployments {
  #byName: ReadonlyMap<string, Deployment>;

  constructor(deployments: readonly Deployment[]) {
    this.#byName = byName(deployments);
  }

  /** There are these from now on, and no others. */
  replace(deployments: readonly Deployment[]): void {
    this.#byName = byName(deployments);
  }

  list(): readonly Deployment[] {
    return [...this.#byName.values()];
  }

  find(name: string): Deployment | undefined {
    return this.#byName.get(name);
  }

  /**
   * The deployment that a request is for: the path's, else the body's `model`.
   * @throws {ApiError} `missing-parameter` without a name, `deployment-not-found` for one that is not there.
   */
  resolve(address: Address, model: string | undefined): Deployment {
    const name = address.deployment ?? model;
    if (name === undefined) {
      throw new ApiError('missing-parameter', 'you must provide a model parameter', { param: 'model' });
    }
    const deployment = this.#byName.get(name);
    if (deployment) return deployment;
    throw new ApiError(
      'deployment-not-found',
      `The model \`${excerpt(name)}\` does not exist or you do not have access to it.`,
    );
  }
}

function byName(deployments: readonly Deployment[]): ReadonlyMap<string, Deployment> {
  return new Map(deployments.map((deployment) => [deployment.name, deployment]));
}
