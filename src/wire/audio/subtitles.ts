import type { Utterance } from './transcript.ts';

/** SubRip subtitles, one for each utterance. */
export function toSrt(utterances: readonly Utterance[]): string {
  return utterances
    .map((utterance, index) => `${index + 1}\n${toTimes(utterance, ',')}\n${toLine(utterance.text)}\n\n`)
    .join('');
}

/** WebVTT (W3C WebVTT 4.1), one cue for each utterance. */
export function toVtt(utterances: readonly Utterance[]): string {
  const cues = utterances.map((utterance) => {
    const text = toLine(utterance.text).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    return `${toTimes(utterance, '.')}\n${text}\n\n`;
  });
  return `WEBVTT\n\n${cues.join('')}`;
}

/** An arrow or an empty line inside a text would be read as the begin of another subtitle. */
function toLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().replaceAll('-->', '->');
}

function toTimes({ startMs, endMs }: Utterance, point: string): string {
  return `${toTime(startMs, point)} --> ${toTime(endMs, point)}`;
}

function toTime(ms: number, point: string): string {
  const whole = Math.round(ms);
  const parts = [
    Math.floor(whole / 3_600_000),
    Math.floor(whole / 60_000) % 60,
    Math.floor(whole / 1000) % 60,
  ];
  const clock = parts.map((part) => String(part).padStart(2, '0')).join(':');
  return `${clock}${point}${String(whole % 1000).padStart(3, '0')}`;
}
