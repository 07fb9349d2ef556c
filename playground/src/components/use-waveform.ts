import { useComputedColorScheme } from '@mantine/core';
import { type RefObject, useEffect, useRef } from 'react';
import { pageNonce } from './page-nonce.ts';

/** Enough for the bars that fit a page. */
const PEAK_RATE = 8000;

interface Drawing {
  readonly audio: Blob;
  readonly container: HTMLElement;
  readonly media: HTMLAudioElement;
}

/**
 * Draws the waveform of `audio` in the element that the returned ref is given to, with the place where `media`
 * plays. The drawing program is loaded when the first waveform is wanted.
 */
export function useWaveform(
  audio: Blob,
  media: RefObject<HTMLAudioElement | null>,
): RefObject<HTMLDivElement | null> {
  const container = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');
  // biome-ignore lint/correctness/useExhaustiveDependencies: other colours need another drawing.
  useEffect(() => {
    if (!container.current || !media.current) return;
    const leaving = new AbortController();
    // A waveform that can not be drawn leaves a player that works.
    draw({ audio, container: container.current, media: media.current }, leaving.signal).catch(() => {});
    return () => leaving.abort();
  }, [audio, media, scheme]);
  return container;
}

async function draw({ audio, container, media }: Drawing, signal: AbortSignal): Promise<void> {
  const [{ default: WaveSurfer }, decoded] = await Promise.all([import('wavesurfer.js'), decode(audio)]);
  if (signal.aborted) return;
  const nonce = pageNonce();
  const colors = getComputedStyle(container);
  const wave = WaveSurfer.create({
    container,
    media,
    peaks: [decoded.getChannelData(0)],
    duration: decoded.duration,
    height: 36,
    barWidth: 2,
    barGap: 2,
    barRadius: 2,
    barMinHeight: 2,
    cursorWidth: 0,
    normalize: true,
    hideScrollbar: true,
    dragToSeek: true,
    waveColor: colors.getPropertyValue('--waveform-ahead'),
    progressColor: colors.getPropertyValue('--waveform-heard'),
    ...(nonce !== undefined && { cspNonce: nonce }),
  });
  signal.addEventListener('abort', () => wave.destroy(), { once: true });
}

async function decode(audio: Blob): Promise<AudioBuffer> {
  const context = new OfflineAudioContext(1, 1, PEAK_RATE);
  return await context.decodeAudioData(await audio.arrayBuffer());
}
