import { Button } from '@mantine/core';
import { IconMicrophone } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useText } from '../../language/language-provider.tsx';
import type { RealtimeSession } from '../../realtime/realtime-session.ts';
import { text } from './text.ts';

interface TalkButtonProps {
  readonly session: RealtimeSession;
  readonly isTalking: boolean;
  readonly isDisabled: boolean;
}

/** Is held while one speaks, by pointer or by key. */
export function TalkButton({ session, isTalking, isDisabled }: TalkButtonProps): ReactNode {
  const words = useText(text);
  const start = (): void => void session.startTalking();
  const stop = (): void => void session.stopTalking();
  return (
    <Button
      size="md"
      variant={isTalking ? 'filled' : 'light'}
      disabled={isDisabled}
      aria-pressed={isTalking}
      title={words.holdHelp}
      leftSection={<IconMicrophone size={20} />}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        start();
      }}
      onPointerUp={stop}
      onPointerCancel={stop}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={({ key, repeat }) => {
        if (isTalkKey(key) && !repeat) start();
      }}
      onKeyUp={({ key }) => {
        if (isTalkKey(key)) stop();
      }}
      onBlur={stop}
    >
      {isTalking ? words.letGo : words.holdToTalk}
    </Button>
  );
}

function isTalkKey(key: string): boolean {
  return key === ' ' || key === 'Enter';
}
