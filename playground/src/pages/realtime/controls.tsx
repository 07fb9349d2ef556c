import { ActionIcon, Button, Group, TextInput } from '@mantine/core';
import {
  IconHandStop,
  IconMicrophone,
  IconPhoneOff,
  IconPlayerStopFilled,
  IconSend2,
} from '@tabler/icons-react';
import { type ReactNode, type RefObject, useLayoutEffect, useRef, useState } from 'react';
import { useText } from '../../language/language-provider.tsx';
import { activeResponse } from '../../realtime/conversation.ts';
import type { RealtimeSession } from '../../realtime/realtime-session.ts';
import type { SessionState } from '../../realtime/session-state.ts';
import type { RealtimeSettings } from '../../realtime/settings.ts';
import { StatusLine } from './status-line.tsx';
import { TalkButton } from './talk-button.tsx';
import { text } from './text.ts';
import { VoiceMeter } from './voice-meter.tsx';

export interface ControlsProps {
  readonly session: RealtimeSession;
  readonly state: SessionState;
  readonly settings: RealtimeSettings;
}

/** How one speaks, writes, interrupts and leaves. */
export function Controls({ session, state, settings }: ControlsProps): ReactNode {
  const words = useText(text);
  const isDisabled = settings.deployment === '';
  const message = useRef<HTMLInputElement>(null);
  const isAnswering = state.isPlaying || activeResponse(state.conversation) !== undefined;
  return (
    <>
      {state.microphone !== 'off' && (
        <VoiceMeter session={session} threshold={settings.turnDetection.threshold} />
      )}
      <Group gap="xs">
        <ListenButton {...{ session, state, settings }} />
        {isAnswering && <InterruptButton session={session} next={message} />}
        <StatusLine state={state} />
        {state.phase !== 'idle' && (
          <Button
            size="compact-sm"
            variant="subtle"
            color="red"
            ml="auto"
            leftSection={<IconPhoneOff size={16} />}
            onClick={() => void session.disconnect()}
          >
            {words.endSession}
          </Button>
        )}
      </Group>
      <TextBox session={session} isDisabled={isDisabled} input={message} />
    </>
  );
}

function ListenButton({ session, state, settings }: ControlsProps): ReactNode {
  const words = useText(text);
  const isDisabled = settings.deployment === '';
  if (settings.turnDetection.type === 'none') {
    return <TalkButton session={session} isTalking={state.isTalking} isDisabled={isDisabled} />;
  }
  const isOn = state.microphone === 'on';
  return (
    <Button
      size="md"
      variant={isOn ? 'light' : 'filled'}
      disabled={isDisabled}
      loading={state.microphone === 'opening'}
      leftSection={isOn ? <IconPlayerStopFilled size={18} /> : <IconMicrophone size={20} />}
      onClick={() => void (isOn ? session.stopListening() : session.listen())}
    >
      {isOn ? words.stopListening : words.startListening}
    </Button>
  );
}

interface InterruptButtonProps {
  readonly session: RealtimeSession;
  /** Where a keyboard goes on when there is nothing left to interrupt. */
  readonly next: RefObject<HTMLElement | null>;
}

/** There for as long as there is something to interrupt. */
function InterruptButton({ session, next }: InterruptButtonProps): ReactNode {
  const words = useText(text);
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    const shown = button.current;
    return () => {
      // A finger that tapped it wants no keyboard on the screen.
      if (shown?.matches(':focus-visible')) next.current?.focus();
    };
  }, [next]);
  return (
    <Button
      ref={button}
      size="md"
      variant="default"
      leftSection={<IconHandStop size={18} />}
      onClick={() => void session.interrupt()}
    >
      {words.interrupt}
    </Button>
  );
}

interface TextBoxProps {
  readonly session: RealtimeSession;
  readonly isDisabled: boolean;
  readonly input: RefObject<HTMLInputElement | null>;
}

function TextBox({ session, isDisabled, input }: TextBoxProps): ReactNode {
  const words = useText(text);
  const [typed, setTyped] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() === '') return;
        void session.sendText(typed.trim());
        setTyped('');
      }}
    >
      <TextInput
        ref={input}
        aria-label={words.message}
        placeholder={words.messagePlaceholder}
        size="md"
        disabled={isDisabled}
        value={typed}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        rightSection={
          <ActionIcon type="submit" size="lg" variant="subtle" disabled={isDisabled} aria-label={words.send}>
            <IconSend2 size={20} />
          </ActionIcon>
        }
        rightSectionWidth={46}
      />
    </form>
  );
}
