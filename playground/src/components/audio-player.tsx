import { ActionIcon, Group, Text } from '@mantine/core';
import { IconDownload, IconPlayerPauseFilled, IconPlayerPlayFilled } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, type RefObject, useRef, useState } from 'react';
import { useText } from '../language/language-provider.tsx';
import classes from './audio-player.module.css';
import { clockTime } from './clock-time.ts';
import { text } from './text.ts';
import { useBlobUrl } from './use-blob-url.ts';
import { useWaveform } from './use-waveform.ts';

const STEP_SECONDS = 1;

export interface AudioPlayerProps {
  /** A whole file in a format that browsers play. */
  readonly audio: Blob;
  /** What it is, such as “Answer”; part of the name of every control. */
  readonly label: string;
  readonly download?: {
    /** Where it is not `audio` itself, such as PCM without a header. */
    readonly file?: Blob;
    readonly name: string;
  };
  readonly autoPlay?: boolean;
  readonly onPlay?: () => void;
}

/** Plays a piece of audio and shows its waveform, which is a slider to eyes, pointers and keys. */
export function AudioPlayer(props: AudioPlayerProps): ReactNode {
  const { audio, label, download, autoPlay = false, onPlay } = props;
  const words = useText(text);
  const url = useBlobUrl(audio);
  const element = useRef<HTMLAudioElement>(null);
  const [state, setState] = useState<PlayerState>(STOPPED);
  const read = (): void => setState((before) => readState(element, before));
  return (
    <Group gap="xs" wrap="nowrap" role="group" aria-label={label} className={classes['player']}>
      {/* biome-ignore lint/a11y/useMediaCaption: its words stand beside it on the page. */}
      <audio
        ref={element}
        src={url}
        autoPlay={autoPlay}
        preload="metadata"
        onPlay={({ currentTarget }) => {
          playAlone(currentTarget);
          onPlay?.();
          read();
        }}
        onPause={read}
        onEnded={read}
        onTimeUpdate={read}
        onSeeked={read}
        onDurationChange={read}
        onError={() => setState((before) => ({ ...before, isPlaying: false, isUnplayable: true }))}
      />
      <PlayButton state={state} label={label} onClick={() => toggle(element.current)} />
      {state.isUnplayable ? (
        <Text size="sm">{words.unplayable}</Text>
      ) : (
        <Track audio={audio} element={element} state={state} label={`${words.position}: ${label}`} />
      )}
      {download && (
        <DownloadLink
          file={download.file ?? audio}
          name={download.name}
          label={`${words.download}: ${label}`}
        />
      )}
    </Group>
  );
}

interface PlayerState {
  readonly isPlaying: boolean;
  readonly isUnplayable: boolean;
  readonly seconds: number;
  readonly duration: number;
}

const STOPPED: PlayerState = { isPlaying: false, isUnplayable: false, seconds: 0, duration: 0 };

interface PlayButtonProps {
  readonly state: PlayerState;
  readonly label: string;
  readonly onClick: () => void;
}

function PlayButton({ state, label, onClick }: PlayButtonProps): ReactNode {
  const words = useText(text);
  const { isPlaying, isUnplayable } = state;
  return (
    <ActionIcon
      size="lg"
      radius="xl"
      disabled={isUnplayable}
      aria-label={`${isPlaying ? words.pause : words.play}: ${label}`}
      onClick={onClick}
    >
      {isPlaying ? <IconPlayerPauseFilled size={18} /> : <IconPlayerPlayFilled size={18} />}
    </ActionIcon>
  );
}

interface TrackProps {
  readonly audio: Blob;
  readonly element: RefObject<HTMLAudioElement | null>;
  readonly state: PlayerState;
  readonly label: string;
}

function Track({ audio, element, state: { seconds, duration }, label }: TrackProps): ReactNode {
  const container = useWaveform(audio, element);
  const position = `${clockTime(seconds)} / ${clockTime(duration)}`;
  return (
    <>
      <div
        ref={container}
        className={classes['waveform']}
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={round(duration)}
        aria-valuenow={round(seconds)}
        aria-valuetext={position}
        onKeyDown={(event) => seekByKey(event, element.current)}
      />
      <Text size="xs" c="dimmed" className={classes['time']}>
        {position}
      </Text>
    </>
  );
}

function DownloadLink({
  file,
  name,
  label,
}: {
  readonly file: Blob;
  readonly name: string;
  readonly label: string;
}): ReactNode {
  const url = useBlobUrl(file);
  return (
    <ActionIcon
      component="a"
      href={url ?? ''}
      download={name}
      variant="subtle"
      size="lg"
      aria-label={label}
      title={name}
    >
      <IconDownload size={18} />
    </ActionIcon>
  );
}

function readState({ current }: RefObject<HTMLAudioElement | null>, before: PlayerState): PlayerState {
  if (!current) return before;
  // A file without a length in its header has an infinite one until it has been read.
  const duration = Number.isFinite(current.duration) ? current.duration : 0;
  return { ...before, isPlaying: !current.paused, seconds: current.currentTime, duration };
}

let playing: HTMLAudioElement | undefined;

/** One voice at a time. */
function playAlone(element: HTMLAudioElement): void {
  if (playing !== element) playing?.pause();
  playing = element;
}

function toggle(element: HTMLAudioElement | null): void {
  if (!element) return;
  if (!element.paused) element.pause();
  // What can not be played says so by its `error` event.
  else element.play().catch(() => {});
}

function seekByKey(event: KeyboardEvent, element: HTMLAudioElement | null): void {
  if (!element || !Number.isFinite(element.duration)) return;
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: element.currentTime - STEP_SECONDS,
    ArrowDown: element.currentTime - STEP_SECONDS,
    ArrowRight: element.currentTime + STEP_SECONDS,
    ArrowUp: element.currentTime + STEP_SECONDS,
    Home: 0,
    End: element.duration,
  };
  const seconds = steps[event.key];
  if (seconds === undefined) return;
  event.preventDefault();
  element.currentTime = Math.min(Math.max(seconds, 0), element.duration);
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
