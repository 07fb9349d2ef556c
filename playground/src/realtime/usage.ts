import { fieldOf, numberOf } from './wire-event.ts';

/** Tokens that a response took. */
export interface Usage {
  readonly inputText: number;
  readonly inputAudio: number;
  readonly cached: number;
  readonly outputText: number;
  readonly outputAudio: number;
  readonly total: number;
}

export function readUsage(usage: unknown): Usage | undefined {
  const total = numberOf(usage, 'total_tokens');
  if (total === undefined) return undefined;
  const input = fieldOf(usage, 'input_token_details');
  const output = fieldOf(usage, 'output_token_details');
  return {
    inputText: numberOf(input, 'text_tokens') ?? 0,
    inputAudio: numberOf(input, 'audio_tokens') ?? 0,
    cached: numberOf(input, 'cached_tokens') ?? 0,
    outputText: numberOf(output, 'text_tokens') ?? 0,
    outputAudio: numberOf(output, 'audio_tokens') ?? 0,
    total,
  };
}

export function addUsage(usages: readonly Usage[]): Usage {
  const sum = (field: keyof Usage): number => usages.reduce((total, usage) => total + usage[field], 0);
  return {
    inputText: sum('inputText'),
    inputAudio: sum('inputAudio'),
    cached: sum('cached'),
    outputText: sum('outputText'),
    outputAudio: sum('outputAudio'),
    total: sum('total'),
  };
}
