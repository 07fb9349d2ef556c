import { useEffect, useState } from 'react';
import { useCredential } from '../../server/credential-provider.tsx';
import { followPull, type Pull } from '../../server/models.ts';
import { isOpen } from './fitting-models.ts';

/**
 * The pulls that were read, with what has happened to the running one since. Followed is one alone, as browsers
 * open few connections to a server; `onEnd` is called when it has ended, or can be followed no longer.
 */
export function usePulls(
  read: readonly Pull[] | undefined,
  onEnd: (pull: Pull | undefined) => void,
): readonly Pull[] {
  const { secret } = useCredential();
  const [latest, setLatest] = useState<Pull>();
  useEffect(() => {
    const followed = read?.find(isOpen)?.id;
    if (followed === undefined) return;
    const leaving = new AbortController();
    const { signal } = leaving;
    let last: Pull | undefined;
    const follow = async (): Promise<void> => {
      for await (const pull of followPull(followed, { secret, signal })) {
        last = pull;
        setLatest(pull);
      }
    };
    // Whatever ends it, reading anew tells what has become of it.
    const end = (): void => {
      if (!signal.aborted) onEnd(last);
    };
    follow().then(end, end);
    return () => leaving.abort();
  }, [read, secret, onEnd]);
  return (read ?? []).map((pull) => (isOpen(pull) && pull.id === latest?.id ? latest : pull));
}
