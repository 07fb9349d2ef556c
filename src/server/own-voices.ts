import type { SpeechSynthesizer } from '../engine/speech-synthesizer.ts';

/** The synthesizer with more names for its voices: `voices` says which of them each means. */
export function withOwnVoices(
  synthesizer: SpeechSynthesizer,
  voices: Readonly<Record<string, string>>,
): SpeechSynthesizer {
  const meant = new Map(Object.entries(voices));
  const { name, sampleRate, languages } = synthesizer;
  return {
    name,
    sampleRate,
    languages,
    voices: [...new Set([...meant.keys(), ...synthesizer.voices])],
    synthesize: (text, options) =>
      synthesizer.synthesize(text, { ...options, voice: meant.get(options.voice) ?? options.voice }),
  };
}
