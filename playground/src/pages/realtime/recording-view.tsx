import { Button, Stack, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { encodeWav } from '../../audio/encode-wav.ts';
import { SAMPLE_RATE } from '../../audio/pcm.ts';
import { AudioPlayer } from '../../components/audio-player.tsx';
import { useText } from '../../language/language-provider.tsx';
import type { RealtimeSession } from '../../realtime/realtime-session.ts';
import type { SessionState } from '../../realtime/session-state.ts';
import { whyText } from './why-text.ts';

interface RecordingViewProps {
  readonly session: RealtimeSession;
  readonly state: SessionState;
}

/** Both sides of the session as they were, to be played and saved. */
export function RecordingView({ session, state }: RecordingViewProps): ReactNode {
  const words = useText(whyText);
  const [made, setMade] = useState(() => mixdownOf(session));
  if (!made && state.log.length === 0) return <Text c="dimmed">{words.noRecording}</Text>;
  return (
    <Stack gap="sm" align="start">
      <Text size="sm" c="dimmed">
        {words.recordingHelp}
      </Text>
      {made && <AudioPlayer audio={made} label={words.bothSides} download={{ name: 'realtime.wav' }} />}
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<IconRefresh size={16} />}
        onClick={() => setMade(mixdownOf(session))}
      >
        {words.makeRecording}
      </Button>
    </Stack>
  );
}

function mixdownOf({ recording }: RealtimeSession): Blob | undefined {
  if (recording.isEmpty) return undefined;
  return new Blob([encodeWav(recording.mixdown(), SAMPLE_RATE)], { type: 'audio/wav' });
}
