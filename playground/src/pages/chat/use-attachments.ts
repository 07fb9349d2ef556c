import { useCallback, useState } from 'react';
import { toClip } from '../../chat/attach.ts';
import type { Draft } from '../../chat/conversation.ts';
import type { Turn } from '../../chat/turn.ts';

export const EMPTY_DRAFT: Draft = { text: '', clips: [] };

/** The names that clips of this conversation have. */
export function takenNames(draft: Draft, turns: readonly Turn[]): readonly string[] {
  const sent = turns.flatMap((turn) => (turn.role === 'user' ? turn.clips : []));
  return [...sent, ...draft.clips].map(({ name }) => name);
}

export interface Attachments {
  /** The name of the file that could not be read. */
  readonly unreadable: string | undefined;
  /** Reads files one by one; `taken` are names that clips have already. */
  readonly attach: (files: readonly File[], taken: readonly string[]) => Promise<Draft['clips']>;
}

export function useAttachments(): Attachments {
  const [unreadable, setUnreadable] = useState<string>();
  const attach = useCallback(async (files: readonly File[], taken: readonly string[]) => {
    setUnreadable(undefined);
    const clips: Draft['clips'][number][] = [];
    for (const file of files) {
      try {
        clips.push(await toClip(file, [...taken, ...clips.map(({ name }) => name)]));
      } catch {
        // What the browser says of it, “EncodingError”, tells nobody more.
        setUnreadable(file.name);
      }
    }
    return clips;
  }, []);
  return { unreadable, attach };
}
