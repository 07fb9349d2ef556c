import { Button, Paper, Stack, Text, Textarea } from '@mantine/core';
import { IconTool } from '@tabler/icons-react';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { ToolCall } from '../../chat/request-message.ts';
import { JsonView } from '../../components/json-view.tsx';
import { useText } from '../../language/language-provider.tsx';
import { useChat } from './chat-context.ts';
import classes from './settings-panel.module.css';
import { text } from './text.ts';

export interface ToolCallsProps {
  readonly calls: readonly ToolCall[];
  /** Whether they wait for their answers. */
  readonly isOpen: boolean;
}

/** What the model asks its tools, to be answered by whoever sits here. */
export function ToolCalls({ calls, isOpen }: ToolCallsProps): ReactNode {
  const words = useText(text);
  const { store } = useChat();
  const [outputs, setOutputs] = useState<Readonly<Record<string, string>>>({});
  const answer = (event: FormEvent): void => {
    event.preventDefault();
    void store.answerTools(
      calls.map(({ id, name }) => ({ callId: id, name, output: outputs[id]?.trim() ?? '' })),
    );
  };
  return (
    <form onSubmit={answer}>
      <Stack gap="sm">
        {calls.map((call) => (
          <Paper key={call.id} withBorder p="sm">
            <Stack gap="xs">
              <Text size="sm" fw={500}>
                <IconTool size={16} aria-hidden /> {words.toolCall(call.name)}
              </Text>
              <JsonView label={words.toolCall(call.name)} value={parsed(call.arguments)} />
              {isOpen && (
                <Textarea
                  label={words.toolAnswer(call.name)}
                  required
                  autosize
                  minRows={2}
                  classNames={{ input: classes['source'] ?? '' }}
                  value={outputs[call.id] ?? ''}
                  onChange={({ currentTarget: { value } }) => setOutputs({ ...outputs, [call.id]: value })}
                />
              )}
            </Stack>
          </Paper>
        ))}
        {isOpen && (
          <div>
            <Button type="submit" size="sm">
              {words.sendAnswers}
            </Button>
          </div>
        )}
      </Stack>
    </form>
  );
}

/** A model may write arguments that are no JSON; then they are shown as they are. */
function parsed(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return source;
  }
}
