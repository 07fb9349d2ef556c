import {
  Accordion,
  Button,
  Fieldset,
  Input,
  NativeSelect,
  NumberInput,
  SegmentedControl,
  Stack,
  Switch,
  TagsInput,
  Textarea,
} from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { VOICES } from '../../../../src/wire/voices.ts';
import { AUDIO_FORMATS, type ChatSettings } from '../../chat/chat-settings.ts';
import { parseTools } from '../../chat/parse-tools.ts';
import { ErrorMessage } from '../../components/error-message.tsx';
import { useText } from '../../language/language-provider.tsx';
import { useDeployments } from '../../server/deployments.ts';
import { useChat } from './chat-context.ts';
import classes from './settings-panel.module.css';
import { text } from './text.ts';

/** In line with the fields above. */
const FLUSH = { control: { paddingInline: 0 }, content: { paddingInline: 0 }, item: { border: 0 } };

/** Everything that the next answer is asked with. */
export function SettingsPanel(): ReactNode {
  const words = useText(text);
  const { store, state } = useChat();
  const { settings } = state;
  return (
    <Stack gap="md">
      <DeploymentChoice />
      <AnswerChoice />
      <Textarea
        label={words.instructions}
        placeholder={words.instructionsExample}
        autosize
        minRows={3}
        maxRows={10}
        value={settings.instructions}
        onChange={(event) => store.choose({ instructions: event.currentTarget.value })}
      />
      <Accordion styles={FLUSH}>
        <Accordion.Item value="more">
          <Accordion.Control>{words.more}</Accordion.Control>
          <Accordion.Panel>
            <Stack gap="md">
              <Sampling settings={settings} />
              <Tools source={settings.tools} />
            </Stack>
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </Stack>
  );
}

function DeploymentChoice(): ReactNode {
  const words = useText(text);
  const { store, state } = useChat();
  const { deployments, error, refresh } = useDeployments();
  const { deployment, voice } = state.settings;
  const thinking = (deployments ?? []).filter(({ properties }) => properties.samtal.answers.thinks !== null);
  const names = [...new Set([...thinking.map(({ name }) => name), deployment])].sort();
  const choose = (name: string): void => {
    const defaults = thinking.find((one) => one.name === name)?.properties.samtal.defaults;
    store.choose({ deployment: name, voice: defaults?.voice ?? voice });
  };
  return (
    <>
      <NativeSelect
        label={words.deployment}
        data={names}
        value={deployment}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      {error && <ErrorMessage error={error} onRetry={refresh} />}
    </>
  );
}

function AnswerChoice(): ReactNode {
  const words = useText(text);
  const { store, state } = useChat();
  const { isSpoken } = state.settings;
  const label = useId();
  return (
    <Stack gap="sm">
      <div>
        <Input.Label component="div" id={label}>
          {words.answers}
        </Input.Label>
        <SegmentedControl
          fullWidth
          aria-labelledby={label}
          value={isSpoken ? 'audio' : 'text'}
          onChange={(value) => store.choose({ isSpoken: value === 'audio' })}
          data={[
            { value: 'audio', label: words.textAndAudio },
            { value: 'text', label: words.textOnly },
          ]}
        />
      </div>
      <SpeechChoice />
    </Stack>
  );
}

function SpeechChoice(): ReactNode {
  const words = useText(text);
  const { store, state } = useChat();
  const { isSpoken, voice, format } = state.settings;
  return (
    <Fieldset variant="unstyled" m={0} disabled={!isSpoken}>
      <Stack gap="sm">
        <NativeSelect
          label={words.voice}
          data={[...new Set([...VOICES, voice])]}
          value={voice}
          onChange={(event) => store.choose({ voice: event.currentTarget.value })}
        />
        <NativeSelect
          label={words.format}
          description={words.formatHelp}
          data={AUDIO_FORMATS.map((value) => ({
            value,
            label: value === 'pcm16' ? `${value} (${words.streamed})` : value,
          }))}
          value={format}
          onChange={({ currentTarget: { value } }) => {
            const chosen = AUDIO_FORMATS.find((one) => one === value);
            if (chosen) store.choose({ format: chosen });
          }}
        />
        <Switch
          label={words.hear}
          checked={state.isHeard}
          onChange={(event) => store.hear(event.currentTarget.checked)}
        />
      </Stack>
    </Fieldset>
  );
}

function Sampling({ settings }: { readonly settings: ChatSettings }): ReactNode {
  const words = useText(text);
  const { store } = useChat();
  return (
    <>
      <NumberInput
        label={words.temperature}
        placeholder={words.asDeployment}
        min={0}
        max={2}
        step={0.1}
        decimalScale={2}
        value={settings.temperature ?? ''}
        onChange={(value) => store.choose({ temperature: toNumber(value) })}
      />
      <NumberInput
        label={words.maxTokens}
        placeholder={words.asDeployment}
        min={1}
        allowDecimal={false}
        value={settings.maxTokens ?? ''}
        onChange={(value) => store.choose({ maxTokens: toNumber(value) })}
      />
      <TagsInput
        label={words.stop}
        description={words.stopHelp}
        maxTags={4}
        value={[...settings.stop]}
        onChange={(stop) => store.choose({ stop })}
      />
    </>
  );
}

function Tools({ source }: { readonly source: string }): ReactNode {
  const words = useText(text);
  const { store } = useChat();
  const parsed = parseTools(source);
  return (
    <Stack gap="xs">
      <Textarea
        label={words.tools}
        description={words.toolsHelp}
        error={parsed.ok ? undefined : words.toolFaults[parsed.fault]}
        autosize
        minRows={3}
        maxRows={16}
        spellCheck={false}
        classNames={{ input: classes['source'] ?? '' }}
        value={source}
        onChange={(event) => store.choose({ tools: event.currentTarget.value })}
      />
      {source === '' && (
        <Button variant="default" size="compact-sm" onClick={() => store.choose({ tools: EXAMPLE_TOOLS })}>
          {words.toolsExample}
        </Button>
      )}
    </Stack>
  );
}

/** An empty field, and one that is being typed, such as “-”, leave it to the deployment. */
function toNumber(value: number | string): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

const EXAMPLE_TOOLS = JSON.stringify(
  [
    {
      name: 'get_weather',
      description: 'Tells the weather of a city.',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
  ],
  null,
  2,
);
