import type { SpeechSynthesizer } from '../../engine/speech-synthesizer.ts';
import { VOICES } from '../../wire/voices.ts';
import type { OpenedEngine } from './opened-engine.ts';

const NAMES: readonly string[] = VOICES;

/**
 * Who speaks with a voice of the API: the first that can, and where that is a model of one speaker, the models of one
 * speaker in turn, so that the voices are as many people as there are.
 */
export function castVoices(
  opened: readonly OpenedEngine[],
): (voice: string, able: readonly [SpeechSynthesizer, ...SpeechSynthesizer[]]) => SpeechSynthesizer {
  const alone = new Set(opened.flatMap(({ synthesizer, speakers }) => (speakers === 1 ? synthesizer : [])));
  return (voice, able) => {
    const [first] = able;
    if (!alone.has(first)) return first;
    const people = able.filter((each) => alone.has(each));
    return people[NAMES.indexOf(voice) % people.length] ?? first;
  };
}
