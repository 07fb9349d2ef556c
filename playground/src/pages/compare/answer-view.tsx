import { Alert, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import { encodeWav } from '../../audio/encode-wav.ts';
import { SAMPLE_RATE } from '../../audio/pcm.ts';
import { AudioPlayer } from '../../components/audio-player.tsx';
import { useText } from '../../language/language-provider.tsx';
import type { MessageItem } from '../../realtime/item.ts';
import type { RecordedTurn } from '../../realtime/recorded-turn.ts';
import { waterfall } from '../../realtime/waterfall.ts';
import { WaterfallTable } from '../realtime/waterfall-table.tsx';
import { text } from './text.ts';
import type { Answer } from './use-comparison.ts';

interface AnswerViewProps {
  readonly answer: Answer;
  /** Such as “Side A”. */
  readonly label: string;
}

/** What one side understood and answered, and how long it took. */
export function AnswerView({ answer: { turn, error, isAsked }, label }: AnswerViewProps): ReactNode {
  const words = useText(text);
  if (error) {
    return (
      <Alert role="alert" color="red" variant="light">
        {error.message}
      </Alert>
    );
  }
  if (!turn) return isAsked ? <Text c="dimmed">{words.waiting}</Text> : null;
  const timed = turn.state.timeline.turns.find((one) => waterfall(one).length > 0);
  return (
    <Stack gap="md">
      <Said title={words.heard} speaker="user" turn={turn} isAsked={isAsked} />
      <Said title={words.answered} speaker="assistant" turn={turn} isAsked={isAsked} />
      {!isAsked && turn.answer.length > 0 && (
        <Sound answer={turn.answer} label={`${words.answer}, ${label}`} />
      )}
      {timed && <WaterfallTable turn={timed} caption={words.latency} />}
    </Stack>
  );
}

interface SaidProps {
  readonly title: string;
  readonly speaker: MessageItem['role'];
  readonly turn: RecordedTurn;
  readonly isAsked: boolean;
}

function Said({ title, speaker, turn, isAsked }: SaidProps): ReactNode {
  const words = useText(text);
  const said = turn.state.conversation.items
    .flatMap((item) => (item.type === 'message' && item.role === speaker ? [item.text] : []))
    .join(' ');
  return (
    <div>
      <Title order={3} size="h6">
        {title}
      </Title>
      <Text {...(said === '' && { c: 'dimmed' })}>{said || (isAsked ? words.waiting : words.nothing)}</Text>
    </div>
  );
}

function Sound({ answer, label }: { readonly answer: Int16Array; readonly label: string }): ReactNode {
  const wav = useMemo(() => new Blob([encodeWav(answer, SAMPLE_RATE)], { type: 'audio/wav' }), [answer]);
  return <AudioPlayer audio={wav} label={label} download={{ name: 'answer.wav' }} />;
}
