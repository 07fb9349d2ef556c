import { Alert, Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconMicrophoneOff, IconPlugConnectedX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useText } from '../../language/language-provider.tsx';
import type { Drop } from '../../realtime/connection.ts';
import type { RealtimeSession } from '../../realtime/realtime-session.ts';
import type { SessionState } from '../../realtime/session-state.ts';
import { text } from './text.ts';

interface SessionAlertsProps {
  readonly session: RealtimeSession;
  readonly state: SessionState;
}

/** What went wrong with the connection, the microphone or a request, and what to do about it. */
export function SessionAlerts({ session, state }: SessionAlertsProps): ReactNode {
  const words = useText(text);
  const { drop, microphoneFault, conversation } = state;
  const { fault } = conversation;
  return (
    <>
      {microphoneFault !== undefined && (
        <Alert role="alert" color="orange" icon={<IconMicrophoneOff />} variant="light">
          {words.microphoneFaults[microphoneFault] ?? words.microphoneFault}
        </Alert>
      )}
      {fault && (
        <Alert
          role="alert"
          color="orange"
          icon={<IconAlertTriangle />}
          title={words.serverSays}
          variant="light"
        >
          {fault.message}
        </Alert>
      )}
      {drop && <DropAlert drop={drop} onAgain={() => void session.connect()} />}
    </>
  );
}

function DropAlert({ drop, onAgain }: { readonly drop: Drop; readonly onAgain: () => void }): ReactNode {
  const words = useText(text);
  const { wasOpen, reason, code } = drop;
  return (
    <Alert
      role="alert"
      color="red"
      icon={<IconPlugConnectedX />}
      title={wasOpen ? words.dropped : words.refused}
      variant="light"
    >
      <Text size="sm">
        {reason || (wasOpen ? words.droppedHelp : words.refusedHelp)}
        {code !== undefined && ` (${words.closeCode(code)})`}
      </Text>
      <Group mt="xs">
        <Button size="compact-sm" variant="default" onClick={onAgain}>
          {words.connectAgain}
        </Button>
      </Group>
    </Alert>
  );
}
