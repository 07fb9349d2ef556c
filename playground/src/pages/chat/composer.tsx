import { ActionIcon, Button, FileButton, Group, Paper, Progress, Stack, Text, Textarea } from '@mantine/core';
import { IconMicrophone, IconPaperclip, IconPlayerStopFilled, IconSend, IconX } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { toRecordedClip } from '../../chat/attach.ts';
import { type Draft, openCalls } from '../../chat/conversation.ts';
import { parseTools } from '../../chat/parse-tools.ts';
import type { Clip } from '../../chat/request-message.ts';
import type { Turn } from '../../chat/turn.ts';
import { AudioPlayer } from '../../components/audio-player.tsx';
import { clockTime } from '../../components/clock-time.ts';
import { ErrorMessage } from '../../components/error-message.tsx';
import { useText } from '../../language/language-provider.tsx';
import { useChat } from './chat-context.ts';
import classes from './composer.module.css';
import { text } from './text.ts';
import { EMPTY_DRAFT, takenNames, useAttachments } from './use-attachments.ts';
import { type Recording, useRecording } from './use-recording.ts';

export interface ComposerProps {
  readonly draft: Draft;
  readonly onChange: (change: (draft: Draft) => Draft) => void;
}

/** Where a message is written, recorded and put together. */
export function Composer({ draft, onChange }: ComposerProps): ReactNode {
  const words = useText(text);
  const { store, state } = useChat();
  const { turns, settings } = state;
  const { unreadable, attach } = useAttachments();
  const add = (clips: readonly Clip[]): void =>
    onChange((before) => ({ ...before, clips: [...before.clips, ...clips] }));
  const taken = takenNames(draft, turns);
  const attachAll = async (files: readonly File[]): Promise<void> => add(await attach(files, taken));
  const recording = useRecording((samples) => {
    void toRecordedClip(samples, taken).then((clip) => add([clip]));
  });
  const waitsForTool = openCalls(turns).length > 0;
  const isEmpty = draft.text.trim() === '' && draft.clips.length === 0;
  const canSend = !isEmpty && !isRunning(turns) && !waitsForTool && parseTools(settings.tools).ok;
  const send = (): void => {
    if (!canSend) return;
    onChange(() => EMPTY_DRAFT);
    void store.say({ ...draft, text: draft.text.trim() });
  };
  return (
    <DropArea onFiles={(files) => void attachAll(files)}>
      <DraftClips draft={draft} onChange={onChange} />
      <Textarea
        aria-label={words.message}
        placeholder={words.messageExample}
        variant="unstyled"
        autosize
        minRows={1}
        maxRows={10}
        value={draft.text}
        onChange={({ currentTarget: { value } }) => onChange((before) => ({ ...before, text: value }))}
        onKeyDown={(event) => sendByKey(event, send)}
        onPaste={(event) => void attachAll([...event.clipboardData.files])}
      />
      {waitsForTool && <Text size="sm">{words.answerFirst}</Text>}
      <Group gap="xs" justify="space-between" wrap="nowrap">
        <Group gap="xs" wrap="nowrap" className={classes['sources']}>
          <AttachButton onFiles={(files) => void attachAll(files)} />
          <RecordButton recording={recording} />
        </Group>
        <SendButton canSend={canSend} onSend={send} />
      </Group>
      <SourceErrors unreadable={unreadable} recording={recording} />
    </DropArea>
  );
}

interface SourceErrorsProps {
  readonly unreadable: string | undefined;
  readonly recording: Recording;
}

/** Why a file or the microphone gave no sound, or no more of it. */
function SourceErrors({ unreadable, recording }: SourceErrorsProps): ReactNode {
  const words = useText(text);
  return (
    <>
      {unreadable !== undefined && (
        <ErrorMessage error={new Error(words.unreadable(unreadable))} advice={words.unreadableHelp} />
      )}
      {recording.isFull && (
        <Text size="sm" role="status">
          {words.recordingFull}
        </Text>
      )}
      {recording.error && (
        <ErrorMessage error={recording.error} advice={words.microphoneHelp} onRetry={recording.start} />
      )}
    </>
  );
}

interface FilesProps {
  readonly onFiles: (files: readonly File[]) => void;
}

function DropArea({ onFiles, children }: FilesProps & { readonly children: ReactNode }): ReactNode {
  const words = useText(text);
  const [isDropping, setDropping] = useState(false);
  return (
    <div className={classes['dock']}>
      <Paper
        withBorder
        className={classes['composer']}
        data-dropping={isDropping || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setDropping(true);
        }}
        onDragLeave={() => setDropping(false)}
        onDrop={(event) => {
          event.preventDefault();
          setDropping(false);
          onFiles([...event.dataTransfer.files]);
        }}
      >
        <Stack gap="xs">
          {isDropping && <Text className={classes['drop']}>{words.dropHere}</Text>}
          {children}
        </Stack>
      </Paper>
    </div>
  );
}

function AttachButton({ onFiles }: FilesProps): ReactNode {
  const words = useText(text);
  return (
    <FileButton multiple accept="audio/*" onChange={onFiles}>
      {(open) => (
        <ActionIcon
          {...open}
          variant="default"
          size="lg"
          aria-label={words.attach}
          title={`${words.attach}: ${words.attachHelp}`}
        >
          <IconPaperclip size={18} />
        </ActionIcon>
      )}
    </FileButton>
  );
}

interface SendButtonProps {
  readonly canSend: boolean;
  readonly onSend: () => void;
}

function SendButton({ canSend, onSend }: SendButtonProps): ReactNode {
  const words = useText(text);
  const { store, state } = useChat();
  if (isRunning(state.turns) || state.isSpeaking) {
    return (
      <Button variant="default" leftSection={<IconPlayerStopFilled size={16} />} onClick={() => store.stop()}>
        {words.stopAnswer}
      </Button>
    );
  }
  return (
    <Button leftSection={<IconSend size={16} />} disabled={!canSend} onClick={onSend}>
      {words.send}
    </Button>
  );
}

function DraftClips({ draft, onChange }: ComposerProps): ReactNode {
  return draft.clips.map((clip) => (
    <AttachedClip
      key={clip.name}
      clip={clip}
      onRemove={() =>
        onChange((before) => ({ ...before, clips: before.clips.filter((one) => one !== clip) }))
      }
    />
  ));
}

function AttachedClip({ clip, onRemove }: { readonly clip: Clip; readonly onRemove: () => void }): ReactNode {
  const words = useText(text);
  return (
    <Group gap="xs" wrap="nowrap">
      <AudioPlayer audio={clip.file} label={clip.name} />
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`${words.remove}: ${clip.name}`}
        title={words.remove}
        onClick={onRemove}
      >
        <IconX size={16} />
      </ActionIcon>
    </Group>
  );
}

/** Quiet speech is about 0.02, loud speech 0.2: the root spreads them over the meter. */
function toMeter(level: number): number {
  return Math.min(100, 180 * Math.sqrt(level));
}

function RecordButton({ recording }: { readonly recording: Recording }): ReactNode {
  const words = useText(text);
  const { status, seconds, level, start, stop } = recording;
  if (status !== 'recording') {
    return (
      <ActionIcon
        variant="default"
        size="lg"
        loading={status === 'opening'}
        aria-label={words.record}
        title={words.record}
        onClick={start}
      >
        <IconMicrophone size={18} />
      </ActionIcon>
    );
  }
  return (
    <Group gap="xs" wrap="nowrap" className={classes['recording']}>
      <ActionIcon
        color="red"
        size="lg"
        aria-label={words.stopRecording}
        title={words.stopRecording}
        onClick={stop}
      >
        <IconPlayerStopFilled size={18} />
      </ActionIcon>
      <Text size="sm" role="status">
        {words.recording}
      </Text>
      <Text size="sm" c="dimmed" className={classes['time']}>
        {clockTime(seconds)}
      </Text>
      <Progress
        value={toMeter(level)}
        aria-hidden
        className={classes['meter'] ?? ''}
        transitionDuration={0}
      />
    </Group>
  );
}

function sendByKey(event: KeyboardEvent, send: () => void): void {
  // While an input method composes, Enter chooses a word.
  if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
  event.preventDefault();
  send();
}

function isRunning(turns: readonly Turn[]): boolean {
  const last = turns.at(-1);
  return last?.role === 'assistant' && last.status === 'running';
}
