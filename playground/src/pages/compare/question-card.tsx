import { Alert, Button, FileButton, Group, Text, Title } from '@mantine/core';
import { IconFileMusic, IconMicrophone, IconPlayerStopFilled } from '@tabler/icons-react';
import { type ReactNode, useMemo } from 'react';
import { encodeWav } from '../../audio/encode-wav.ts';
import { SAMPLE_RATE } from '../../audio/pcm.ts';
import { AudioPlayer } from '../../components/audio-player.tsx';
import { useText } from '../../language/language-provider.tsx';
import { text as realtimeText } from '../realtime/text.ts';
import classes from './compare-page.module.css';
import { text } from './text.ts';
import type { Question } from './use-question.ts';

/** Where the question is recorded, or taken from a file. */
export function QuestionCard({ question }: { readonly question: Question }): ReactNode {
  const words = useText(text);
  const { samples, isRecording } = question;
  const wav = useMemo(
    () => samples && new Blob([encodeWav(samples, SAMPLE_RATE)], { type: 'audio/wav' }),
    [samples],
  );
  return (
    <section
      className={classes['card']}
      aria-label={words.question}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        const file = event.dataTransfer.files[0];
        if (file) void question.read(file);
      }}
    >
      <Title order={2} size="h4" mb="sm">
        {words.question}
      </Title>
      <Group gap="sm">
        <Button
          variant={isRecording ? 'light' : 'filled'}
          leftSection={isRecording ? <IconPlayerStopFilled size={18} /> : <IconMicrophone size={18} />}
          onClick={() => void (isRecording ? question.stop() : question.record())}
        >
          {isRecording ? words.stopRecording : words.record}
        </Button>
        <FileButton accept="audio/*,video/*" onChange={(file) => file && void question.read(file)}>
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconFileMusic size={18} />}>
              {words.chooseFile}
            </Button>
          )}
        </FileButton>
        <Text size="sm" c="dimmed">
          {words.dropHelp}
        </Text>
      </Group>
      <Fault fault={question.fault} />
      {wav && !isRecording && (
        <div className={classes['player']}>
          <AudioPlayer audio={wav} label={words.question} download={{ name: 'question.wav' }} />
        </div>
      )}
    </section>
  );
}

function Fault({ fault }: Pick<Question, 'fault'>): ReactNode {
  const words = useText(text);
  const { microphoneFaults, microphoneFault } = useText(realtimeText);
  if (fault === undefined) return null;
  const message =
    typeof fault === 'string' ? words[fault] : (microphoneFaults[fault.microphone] ?? microphoneFault);
  return (
    <Alert role="alert" color="orange" variant="light" mt="sm">
      {message}
    </Alert>
  );
}
