import { useCallback, useEffect, useRef, useState } from 'react';
import { openMicrophone } from '../../audio/microphone.ts';
import { SAMPLE_RATE } from '../../audio/pcm.ts';
import { type RecordedSamples, recordSamples } from '../../audio/record-samples.ts';
import { toError } from '../../components/to-error.ts';

export interface Recording {
  readonly status: 'idle' | 'opening' | 'recording';
  readonly seconds: number;
  /** Root mean square, 0 to 1. */
  readonly level: number;
  /** Whether the last one ended by itself, being as long as the API takes. */
  readonly isFull: boolean;
  readonly error: Error | undefined;
  readonly start: () => void;
  /** Ends the recording, which is then given to `onRecorded`. */
  readonly stop: () => void;
}

interface Progress {
  readonly status: Recording['status'];
  readonly seconds: number;
  readonly level: number;
  readonly isFull: boolean;
  readonly error: Error | undefined;
}

const IDLE: Progress = { status: 'idle', seconds: 0, level: 0, isFull: false, error: undefined };

/** Records one message at a time; leaving the page lets go of the microphone and of what was recorded. */
export function useRecording(onRecorded: (samples: Int16Array) => void): Recording {
  const [progress, setProgress] = useState(IDLE);
  const running = useRef<AbortController>(undefined);
  const left = useRef(false);
  useEffect(() => {
    left.current = false;
    return () => {
      left.current = true;
      running.current?.abort();
    };
  }, []);
  const start = useCallback(() => {
    const stopping = new AbortController();
    running.current = stopping;
    setProgress({ ...IDLE, status: 'opening' });
    record(stopping.signal, ({ seconds, level }) => {
      setProgress({ ...IDLE, status: 'recording', seconds, level });
    }).then(
      ({ samples, isFull }) => {
        setProgress({ ...IDLE, isFull });
        if (!left.current && samples.length > 0) onRecorded(samples);
      },
      (error: unknown) => setProgress({ ...IDLE, error: toError(error) }),
    );
  }, [onRecorded]);
  const stop = useCallback(() => running.current?.abort(), []);
  return { ...progress, start, stop };
}

type Heard = Pick<Recording, 'seconds' | 'level'>;

/** Records until `signal` says that it is enough, or no more can be sent. */
async function record(signal: AbortSignal, onHeard: (heard: Heard) => void): Promise<RecordedSamples> {
  await using microphone = await openMicrophone();
  onHeard({ seconds: 0, level: 0 });
  return await recordSamples(microphone.chunks(), {
    signal,
    onLength: (length) => onHeard({ seconds: length / SAMPLE_RATE, level: microphone.level }),
  });
}
