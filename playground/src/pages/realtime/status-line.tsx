import { Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useText } from '../../language/language-provider.tsx';
import type { SessionState } from '../../realtime/session-state.ts';
import classes from './status-line.module.css';
import { text } from './text.ts';

/** What the session is doing, in a word that is also read out. */
export function StatusLine({ state }: { readonly state: SessionState }): ReactNode {
  const words = useText(text);
  const status = statusOf(state);
  return (
    <Group gap={8} wrap="nowrap" role="status">
      <span className={classes['dot']} data-status={status} aria-hidden />
      <Text size="sm">{words.status[status]}</Text>
    </Group>
  );
}

type Status = keyof (typeof text)['en']['status'];

function statusOf({ phase, microphone, isPlaying, isTalking, conversation }: SessionState): Status {
  if (phase !== 'live') return phase === 'connecting' ? 'connecting' : 'idle';
  if (microphone === 'opening') return 'opening';
  if (conversation.isUserSpeaking || isTalking) return 'hearing';
  if (isPlaying) return 'answering';
  return microphone === 'on' ? 'listening' : 'live';
}
