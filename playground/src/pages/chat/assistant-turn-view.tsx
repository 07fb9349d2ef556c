import { Button, Group, Loader, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBraces } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { isRemembered } from '../../chat/chat-request.ts';
import { answerFile } from '../../chat/code/program-files.ts';
import type { Draft } from '../../chat/conversation.ts';
import type { AssistantTurn, SpokenReply, Usage } from '../../chat/turn.ts';
import { AudioPlayer } from '../../components/audio-player.tsx';
import { ErrorMessage } from '../../components/error-message.tsx';
import { useText } from '../../language/language-provider.tsx';
import { ServerError } from '../../server/api.ts';
import classes from './assistant-turn-view.module.css';
import { useChat } from './chat-context.ts';
import { text } from './text.ts';
import { ToolCalls } from './tool-calls.tsx';
import { TurnDetails } from './turn-details.tsx';

export interface AssistantTurnViewProps {
  readonly turn: AssistantTurn;
  readonly isLast: boolean;
  readonly onEdit: (draft: Draft) => void;
}

/** One answer: its words, its sound, what it cost, and how it came about. */
export function AssistantTurnView({ turn, isLast, onEdit }: AssistantTurnViewProps): ReactNode {
  const words = useText(text);
  const [areDetailsOpen, details] = useDisclosure();
  // A page that is opened again shows earlier answers and does not speak them all.
  const [wasAwaited] = useState(turn.status === 'running');
  const { status, text: said, toolCalls, audio, error, usage } = turn;
  return (
    <article className={classes['turn']} aria-label={words.assistant} aria-busy={status === 'running'}>
      {status === 'running' && said === '' && (
        <Group gap="xs">
          <Loader type="dots" size="sm" />
          <Text size="sm" c="dimmed">
            {words.thinking}
          </Text>
        </Group>
      )}
      {said !== '' && <Text className={classes['text']}>{said}</Text>}
      {audio && <Spoken turn={turn} audio={audio} isNew={wasAwaited} />}
      {toolCalls.length > 0 && <ToolCalls calls={toolCalls} isOpen={isLast && status === 'done'} />}
      <Ending turn={turn} />
      {error && <Failure error={error} isLast={isLast} onEdit={onEdit} />}
      {status !== 'running' && (
        <Group gap="sm" justify="space-between">
          {usage ? <UsageNote usage={usage} /> : <span />}
          <Button
            variant="subtle"
            size="compact-xs"
            leftSection={<IconBraces size={14} />}
            aria-expanded={areDetailsOpen}
            onClick={details.toggle}
          >
            {words.details}
          </Button>
        </Group>
      )}
      {areDetailsOpen && <TurnDetails turn={turn} />}
    </article>
  );
}

interface SpokenProps {
  readonly turn: AssistantTurn;
  readonly audio: SpokenReply;
  readonly isNew: boolean;
}

function Spoken({ turn, audio, isNew }: SpokenProps): ReactNode {
  const words = useText(text);
  const { store, state } = useChat();
  const { file, format, playable } = audio;
  return (
    <Stack gap={4}>
      <AudioPlayer
        audio={playable}
        label={words.answer}
        download={{ file, name: answerFile(format) }}
        autoPlay={isNew && state.isHeard && format !== 'pcm16'}
        onPlay={() => store.silence()}
      />
      {audio.id !== undefined && !isRemembered(turn, Date.now() / 1000) && (
        <Text size="xs" c="dimmed">
          {words.forgotten}
        </Text>
      )}
    </Stack>
  );
}

function Ending({ turn: { status, finishReason } }: { readonly turn: AssistantTurn }): ReactNode {
  const words = useText(text);
  const isUnusual = finishReason === 'length' || finishReason === 'content_filter';
  const note = status === 'stopped' ? words.stopped : isUnusual ? words.ended[finishReason] : undefined;
  if (note === undefined) return null;
  return (
    <Text size="sm" c="dimmed" fs="italic">
      {note}
    </Text>
  );
}

interface FailureProps {
  readonly error: Error;
  readonly isLast: boolean;
  readonly onEdit: (draft: Draft) => void;
}

function Failure({ error, isLast, onEdit }: FailureProps): ReactNode {
  const words = useText(text);
  const { store } = useChat();
  const isForgotten = error instanceof ServerError && error.code === 'audio_not_found';
  const edit = (): void => {
    const draft = store.takeBack();
    if (draft) onEdit(draft);
  };
  return (
    <ErrorMessage
      error={error}
      {...(isForgotten && { advice: words.forgottenHelp })}
      onRetry={isLast && !isForgotten ? () => void store.retry() : undefined}
    >
      {isLast && isForgotten && (
        <Button size="compact-sm" onClick={() => void store.retryInWords()}>
          {words.sendWords}
        </Button>
      )}
      {isLast && (
        <Button size="compact-sm" variant="default" onClick={edit}>
          {words.edit}
        </Button>
      )}
    </ErrorMessage>
  );
}

function UsageNote({ usage }: { readonly usage: Usage }): ReactNode {
  const words = useText(text);
  return (
    <Text size="xs" c="dimmed">
      {words.usage({
        prompt: usage.prompt_tokens,
        promptAudio: usage.prompt_tokens_details?.audio_tokens ?? 0,
        completion: usage.completion_tokens,
        completionAudio: usage.completion_tokens_details?.audio_tokens ?? 0,
      })}
    </Text>
  );
}
