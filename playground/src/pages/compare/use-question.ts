import { useCallback, useEffect, useRef, useState } from 'react';
import { decodeFile } from '../../audio/decode-file.ts';
import { type Microphone, openMicrophone } from '../../audio/microphone.ts';
import { recordSamples } from '../../audio/record-samples.ts';

/** Why there is no question, or no more of it: a file that can not be read, a recording that ended by itself, or
 * the name of what `getUserMedia` threw. */
export type QuestionFault = 'unreadable' | 'full' | { readonly microphone: string };

export interface Question {
  /** 24 kHz. */
  readonly samples: Int16Array<ArrayBuffer> | undefined;
  readonly isRecording: boolean;
  readonly fault: QuestionFault | undefined;
  readonly record: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly read: (file: Blob) => Promise<void>;
}

/** A question that is recorded, or read from a file. */
export function useQuestion(): Question {
  const [samples, setSamples] = useState<Int16Array<ArrayBuffer>>();
  const [isRecording, setIsRecording] = useState(false);
  const [fault, setFault] = useState<QuestionFault>();
  const microphone = useRef<Microphone>(undefined);

  const stop = useCallback(async (): Promise<void> => await microphone.current?.[Symbol.asyncDispose](), []);
  useEffect(() => () => void stop(), [stop]);

  const record = useCallback(async (): Promise<void> => {
    setFault(undefined);
    try {
      await using opened = await openMicrophone();
      microphone.current = opened;
      setIsRecording(true);
      const recorded = await recordSamples(opened.chunks());
      setSamples(recorded.samples);
      if (recorded.isFull) setFault('full');
    } catch (error) {
      setFault({ microphone: error instanceof DOMException ? error.name : 'Error' });
    } finally {
      setIsRecording(false);
    }
  }, []);

  const read = useCallback(async (file: Blob): Promise<void> => {
    try {
      setSamples(await decodeFile(file));
      setFault(undefined);
    } catch {
      setFault('unreadable');
    }
  }, []);

  return { samples, isRecording, fault, record, stop, read };
}
