import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconMessageCircle } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import type { Draft } from '../../chat/conversation.ts';
import type { ToolTurn, Turn, UserTurn } from '../../chat/turn.ts';
import { AudioPlayer } from '../../components/audio-player.tsx';
import { useText } from '../../language/language-provider.tsx';
import { AssistantTurnView } from './assistant-turn-view.tsx';
import { useChat } from './chat-context.ts';
import classes from './conversation-view.module.css';
import { text } from './text.ts';

export interface ConversationViewProps {
  readonly onExample: (text: string) => void;
  readonly onEdit: (draft: Draft) => void;
}

/** What has been said, the newest last. */
export function ConversationView({ onExample, onEdit }: ConversationViewProps): ReactNode {
  const words = useText(text);
  const { state } = useChat();
  const { turns } = state;
  const end = useRef<HTMLDivElement>(null);
  const shown = useRef(turns.length);
  useEffect(() => {
    const isNew = turns.length > shown.current;
    shown.current = turns.length;
    if (isNew || isNearEnd()) end.current?.scrollIntoView({ block: 'end' });
  }, [turns]);
  if (turns.length === 0) return <Welcome onExample={onExample} />;
  return (
    <section className={classes['conversation']} aria-label={words.conversation} role="log">
      {turns.map((turn) => (
        <TurnView key={turn.id} turn={turn} isLast={turn === turns.at(-1)} onEdit={onEdit} />
      ))}
      <div ref={end} className={classes['end']} />
    </section>
  );
}

interface TurnViewProps {
  readonly turn: Turn;
  readonly isLast: boolean;
  readonly onEdit: (draft: Draft) => void;
}

function TurnView({ turn, isLast, onEdit }: TurnViewProps): ReactNode {
  switch (turn.role) {
    case 'user':
      return <UserTurnView turn={turn} />;
    case 'tool':
      return <ToolTurnView turn={turn} />;
    case 'assistant':
      return <AssistantTurnView turn={turn} isLast={isLast} onEdit={onEdit} />;
  }
}

/** Whoever has scrolled up to read is left there. */
const NEAR_END_PIXELS = 320;

function isNearEnd(): boolean {
  const { scrollHeight, scrollTop, clientHeight } = document.documentElement;
  return scrollHeight - scrollTop - clientHeight < NEAR_END_PIXELS;
}

function Welcome({ onExample }: { readonly onExample: (text: string) => void }): ReactNode {
  const words = useText(text);
  return (
    <Stack className={classes['welcome']} align="center" gap="md">
      <IconMessageCircle size={44} stroke={1.4} className={classes['mark']} aria-hidden />
      <Title order={2} size="h3" ta="center">
        {words.emptyTitle}
      </Title>
      <Text c="dimmed" ta="center" maw={440}>
        {words.emptyText}
      </Text>
      <Group justify="center" gap="xs">
        {words.examples.map((example) => (
          <Button
            key={example}
            variant="default"
            radius="xl"
            size="sm"
            classNames={{ root: classes['example'] ?? '', label: classes['exampleText'] ?? '' }}
            onClick={() => onExample(example)}
          >
            {example}
          </Button>
        ))}
      </Group>
    </Stack>
  );
}

function UserTurnView({ turn: { text: said, clips } }: { readonly turn: UserTurn }): ReactNode {
  const words = useText(text);
  return (
    <article className={classes['user']} aria-label={words.you}>
      {said !== '' && <Text className={classes['text']}>{said}</Text>}
      {clips.map((clip) => (
        <AudioPlayer key={clip.name} audio={clip.file} label={clip.name} download={{ name: clip.name }} />
      ))}
    </article>
  );
}

function ToolTurnView({ turn: { name, output } }: { readonly turn: ToolTurn }): ReactNode {
  const words = useText(text);
  return (
    <article className={classes['user']} aria-label={words.toolOutput(name)}>
      <Text size="xs" c="dimmed">
        {words.toolOutput(name)}
      </Text>
      <Text ff="monospace" size="sm" className={classes['text']}>
        {output}
      </Text>
    </article>
  );
}
