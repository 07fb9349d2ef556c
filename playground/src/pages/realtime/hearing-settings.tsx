import { Switch } from '@mantine/core';
import type { ReactNode } from 'react';
import { useText } from '../../language/language-provider.tsx';
import { AUDIO_FORMATS, NOISE_REDUCTIONS } from '../../realtime/settings.ts';
import { SettingSelect, SettingText } from './setting-fields.tsx';
import type { SettingsProps } from './settings-panel.tsx';
import { settingsText } from './settings-text.ts';

/** The services' names, of which a server takes those that it can stand in for. */
const TRANSCRIPTION_MODELS: readonly string[] = ['whisper-1', 'gpt-4o-transcribe', 'gpt-4o-mini-transcribe'];

/** In which form speech goes over the wire, and what is made of it. */
export function HearingSettings({ settings, change }: SettingsProps): ReactNode {
  const words = useText(settingsText);
  return (
    <>
      <Switch
        label={words.transcription}
        checked={settings.isTranscribed}
        onChange={({ currentTarget }) => change({ isTranscribed: currentTarget.checked })}
      />
      {settings.isTranscribed && (
        <>
          <SettingSelect
            label={words.transcriptionModel}
            value={settings.transcriptionModel}
            options={TRANSCRIPTION_MODELS}
            nameOf={(model) => model}
            onSettle={(transcriptionModel) => change({ transcriptionModel })}
          />
          <SettingText
            label={words.transcriptionLanguage}
            description={words.languageHelp}
            value={settings.transcriptionLanguage}
            onSettle={(language) => change({ transcriptionLanguage: language.trim() })}
          />
        </>
      )}
      <SettingSelect
        label={words.noiseReduction}
        value={settings.noiseReduction}
        options={NOISE_REDUCTIONS}
        nameOf={(reduction) => words.noiseReductions[reduction]}
        onSettle={(noiseReduction) => change({ noiseReduction })}
      />
      <SettingSelect
        label={words.inputFormat}
        value={settings.inputFormat}
        options={AUDIO_FORMATS}
        nameOf={(format) => words.formats[format]}
        onSettle={(inputFormat) => change({ inputFormat })}
      />
      <SettingSelect
        label={words.outputFormat}
        value={settings.outputFormat}
        options={AUDIO_FORMATS}
        nameOf={(format) => words.formats[format]}
        onSettle={(outputFormat) => change({ outputFormat })}
      />
    </>
  );
}
