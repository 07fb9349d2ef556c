import { ActionIcon, Button, Fieldset, Group, Input, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import { useText } from '../../language/language-provider.tsx';
import { TOOL_CHOICES } from '../../realtime/settings.ts';
import { NEW_TOOL, type ToolAnswer, type ToolSetting, toolFault } from '../../realtime/tool-setting.ts';
import { SettingSelect, SettingText } from './setting-fields.tsx';
import type { SettingsProps } from './settings-panel.tsx';
import { settingsText } from './settings-text.ts';

/** Functions that the model may call, and what this page answers for them. */
export function ToolSettings({ settings, change }: SettingsProps): ReactNode {
  const words = useText(settingsText);
  const { tools } = settings;
  return (
    <>
      {tools.map((tool, index) => (
        <Tool
          // biome-ignore lint/suspicious/noArrayIndexKey: a tool's name is what is being edited.
          key={index}
          tool={tool}
          onChange={(next) => change({ tools: tools.with(index, next) })}
          onRemove={() => change({ tools: tools.toSpliced(index, 1) })}
        />
      ))}
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<IconPlus size={16} />}
        onClick={() => change({ tools: [...tools, { ...NEW_TOOL, name: freeName(tools) }] })}
      >
        {words.addTool}
      </Button>
      {tools.length > 0 && (
        <SettingSelect
          label={words.toolChoice}
          value={settings.toolChoice}
          options={TOOL_CHOICES}
          nameOf={(choice) => words.toolChoices[choice]}
          onSettle={(toolChoice) => change({ toolChoice })}
        />
      )}
    </>
  );
}

function freeName(tools: readonly ToolSetting[]): string {
  const isTaken = (name: string): boolean => tools.some((tool) => tool.name === name);
  if (!isTaken(NEW_TOOL.name)) return NEW_TOOL.name;
  const number = tools.findIndex((_, index) => !isTaken(`tool_${index + 1}`));
  return `tool_${(number === -1 ? tools.length : number) + 1}`;
}

interface ToolProps {
  readonly tool: ToolSetting;
  readonly onChange: (tool: ToolSetting) => void;
  readonly onRemove: () => void;
}

function Tool({ tool, onChange, onRemove }: ToolProps): ReactNode {
  const words = useText(settingsText);
  const fault = toolFault(tool);
  return (
    <Fieldset
      p="sm"
      legend={
        <Group gap={4}>
          <Text size="sm" ff="monospace">
            {tool.name}
          </Text>
          <ActionIcon variant="subtle" size="sm" aria-label={words.removeTool(tool.name)} onClick={onRemove}>
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      }
    >
      <Stack gap="sm">
        <SettingText
          label={words.toolName}
          value={tool.name}
          error={fault === 'name' ? words.toolFaults.name : undefined}
          onSettle={(name) => onChange({ ...tool, name: name.trim() })}
        />
        <SettingText
          label={words.toolDescription}
          value={tool.description}
          onSettle={(description) => onChange({ ...tool, description })}
        />
        <SettingText
          label={words.toolParameters}
          rows={3}
          isCode
          value={tool.parameters}
          error={fault === 'parameters' ? words.toolFaults.parameters : undefined}
          onSettle={(parameters) => onChange({ ...tool, parameters })}
        />
        <Answer answer={tool.answer} onChange={(answer) => onChange({ ...tool, answer })} />
      </Stack>
    </Fieldset>
  );
}

interface AnswerProps {
  readonly answer: ToolAnswer;
  readonly onChange: (answer: ToolAnswer) => void;
}

function Answer({ answer, onChange }: AnswerProps): ReactNode {
  const words = useText(settingsText);
  const labelId = useId();
  const isCode = answer.type === 'javascript';
  return (
    <Stack gap={4}>
      <Input.Label component="div" id={labelId}>
        {words.toolAnswer}
      </Input.Label>
      <SegmentedControl
        size="xs"
        aria-labelledby={labelId}
        value={answer.type}
        onChange={(type) => onChange({ ...answer, type })}
        data={(['canned', 'javascript'] as const).map((value) => ({ value, label: words[value] }))}
      />
      <SettingText
        label={words[answer.type]}
        {...(isCode && { description: words.javascriptHelp })}
        rows={3}
        isCode
        value={answer[answer.type]}
        onSettle={(source) => onChange({ ...answer, [answer.type]: source })}
      />
    </Stack>
  );
}
