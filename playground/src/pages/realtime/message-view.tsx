import { ActionIcon, Group, Text } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { encodeWav } from '../../audio/encode-wav.ts';
import { SAMPLE_RATE } from '../../audio/pcm.ts';
import { AudioPlayer } from '../../components/audio-player.tsx';
import { useText } from '../../language/language-provider.tsx';
import type { MessageItem } from '../../realtime/item.ts';
import type { RealtimeSession } from '../../realtime/realtime-session.ts';
import classes from './conversation-view.module.css';
import { text } from './text.ts';

interface MessageViewProps {
  readonly item: MessageItem;
  readonly session: RealtimeSession;
}

export function MessageView({ item, session }: MessageViewProps): ReactNode {
  const words = useText(text);
  const names = { user: words.you, assistant: words.assistant, system: words.system };
  const [replay, setReplay] = useState<Blob>();
  const isReplayable = item.isSpoken && (item.state === 'done' || item.state === 'unwritten');
  return (
    <>
      <Group gap={4} mih={26}>
        <Text size="xs" c="dimmed" fw={600}>
          {names[item.role]}
        </Text>
        {isReplayable && !replay && (
          <ActionIcon
            variant="subtle"
            size="sm"
            aria-label={`${words.replay}: ${names[item.role]}`}
            onClick={() => setReplay(soundOf(session, item))}
          >
            <IconPlayerPlay size={14} />
          </ActionIcon>
        )}
      </Group>
      <div className={classes['bubble']}>
        <Words item={item} />
      </div>
      {replay && (
        <AudioPlayer
          audio={replay}
          label={names[item.role]}
          autoPlay
          download={{ name: `${item.role}-${item.id}.wav` }}
        />
      )}
    </>
  );
}

function soundOf(session: RealtimeSession, { role, id }: MessageItem): Blob {
  const samples = role === 'user' ? session.heardOf(id) : session.recording.outputOf(id);
  return new Blob([encodeWav(samples, SAMPLE_RATE)], { type: 'audio/wav' });
}

/** What was never heard is struck through, and said to be so to who can not see that. */
function Words({ item }: { readonly item: MessageItem }): ReactNode {
  const words = useText(text);
  const { text: said, cutAt, fault } = item;
  if (fault !== undefined) return <span className={classes['pending']}>{words.noTranscript(fault)}</span>;
  if (said === '') return <span className={classes['pending']}>{pendingWords(item, words)}</span>;
  if (cutAt === undefined) return said;
  return (
    <>
      {said.slice(0, cutAt)}
      <span className={classes['hidden']}> {words.notHeard} </span>
      <s className={classes['cut']}>{said.slice(cutAt)}</s>
      <Text span size="xs" c="dimmed">
        {' '}
        ({words.interrupted})
      </Text>
    </>
  );
}

function pendingWords({ state }: MessageItem, words: (typeof text)['en']): string {
  if (state === 'listening') return words.listeningTo;
  if (state === 'transcribing') return words.transcribing;
  if (state === 'unwritten') return words.notWritten;
  return state === 'speaking' ? '…' : words.noWords;
}
