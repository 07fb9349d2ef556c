import { expect, test } from 'vitest';
import type { LanguageModel } from '../engine/language-model.ts';
import type { SpeechRecognizer } from '../engine/speech-recognizer.ts';
import type { SpeechSynthesizer } from '../engine/speech-synthesizer.ts';
import { flite } from '../engines/flite/flite.ts';
import { scripted } from '../engines/scripted/index.ts';
import { webrtcVad } from '../engines/webrtc-vad/webrtc-vad.ts';
import { describeEngines } from './describe-engines.ts';

const voiceActivity = await webrtcVad();

interface Answering {
  readonly recognizer?: SpeechRecognizer;
  readonly languageModel: LanguageModel;
  readonly synthesizer?: SpeechSynthesizer;
}

function lines({ recognizer, languageModel, synthesizer }: Answering): readonly string[] {
  const roles = describeEngines({
    recognizer: () => recognizer,
    languageModel: () => languageModel,
    synthesizer: () => synthesizer,
    voiceActivity,
  });
  return roles.map(({ role, engine }) => `${role}: ${engine}`);
}

test('each role is told with its engine and the languages of that', async () => {
  await using voice = flite();
  expect(lines({ languageModel: await scripted(), synthesizer: voice })).toEqual([
    'Hears: nothing',
    'Thinks: scripted',
    'Speaks: flite (English)',
    'Detects: webrtc-vad',
  ]);
});

test('many languages are counted, and none are left out', async () => {
  await using voice = flite();
  const languageModel = await scripted();
  const many = { ...voice, languages: ['en', 'sv', 'de', 'fr'] };
  expect(lines({ languageModel, synthesizer: many })).toContain('Speaks: flite (4 languages)');
  expect(lines({ languageModel, synthesizer: { ...voice, languages: [] } })).toContain('Speaks: flite');
});
