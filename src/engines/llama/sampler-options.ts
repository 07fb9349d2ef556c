import type { SamplingOptions } from '../../engine/language-model.ts';
import { EngineError } from '../../util/errors.ts';
import type { LlamaRuntime, LoadedModel, SamplerOptions, TokenBias } from './llama-runtime.ts';
import { NAME } from './model-file.ts';

/** What llama.cpp's own server samples with where a request says nothing (its tools/server/README.md). */
const DEFAULTS = { temperature: 0.8, topP: 0.95, topK: 40, minP: 0.05 } as const;

/**
 * How the next token is chosen. Penalties look at the tokens of the reply, as OpenAI's do.
 * @throws {EngineError} `unsupported` for a `logit_bias` that can not be kept.
 */
export function toSamplerOptions(
  sampling: SamplingOptions,
  { runtime, model, contextTokens, vocabularySize }: SampledModel,
): SamplerOptions {
  const { presencePenalty = 0, frequencyPenalty = 0, seed, logitBias = {} } = sampling;
  const hasBias = Object.keys(logitBias).length > 0;
  return {
    ...DEFAULTS,
    temperature: sampling.temperature ?? DEFAULTS.temperature,
    topP: sampling.topP ?? DEFAULTS.topP,
    // The sampler takes 32 bits without a sign.
    ...(seed !== undefined && { seed: seed >>> 0 }),
    repeatPenalty: (presencePenalty !== 0 || frequencyPenalty !== 0) && {
      lastTokens: contextTokens,
      penalty: 1,
      penalizeNewLine: true,
      presencePenalty,
      frequencyPenalty,
    },
    ...(hasBias && { tokenBias: toTokenBias(logitBias, { runtime, model, vocabularySize }) }),
  };
}

export interface SampledModel {
  readonly runtime: LlamaRuntime;
  readonly model: LoadedModel;
  readonly contextTokens: number;
  readonly vocabularySize: number;
}

function toTokenBias(
  logitBias: Readonly<Record<string, number>>,
  { runtime, model, vocabularySize }: Omit<SampledModel, 'contextTokens'>,
): TokenBias {
  const bias = runtime.TokenBias.for(model);
  for (const [key, logit] of Object.entries(logitBias)) {
    const token = Number(key);
    if (!Number.isInteger(token) || token < 0 || token >= vocabularySize)
      throw unsupported(
        `logit_bias names token ${key}, and the model has tokens 0 to ${vocabularySize - 1}.`,
      );
    if (model.isEogToken(token))
      throw unsupported(
        `logit_bias names token ${key}, which ends a reply and can not be weighed. Leave it out.`,
      );
    bias.set(token, { logit });
  }
  return bias;
}

function unsupported(message: string): EngineError {
  return new EngineError(NAME, 'unsupported', message);
}
