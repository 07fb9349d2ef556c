import { useCallback, useEffect, useState } from 'react';
import { type Asking, type ServerError, toServerError } from './api.ts';
import { useCredential } from './credential-provider.tsx';

export interface Reading<Value> {
  /** `undefined` until the first answer has come. */
  readonly value: Value | undefined;
  /** Why the last reading failed; what was read before stays. */
  readonly error: ServerError | undefined;
  readonly refresh: () => void;
}

/** What `read` asks of the server, when the page opens and whenever `refresh` is called; `read` stays the same. */
export function useReading<Value>(read: (asking: Asking) => Promise<Value>): Reading<Value> {
  const { secret } = useCredential();
  const [value, setValue] = useState<Value>();
  const [error, setError] = useState<ServerError>();
  const [reading, setReading] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a higher `reading` asks for reading again.
  useEffect(() => {
    const leaving = new AbortController();
    read({ secret, signal: leaving.signal }).then(
      (answer) => {
        setValue(() => answer);
        setError(undefined);
      },
      (fault: unknown) => {
        if (!leaving.signal.aborted) setError(toServerError(fault));
      },
    );
    return () => leaving.abort();
  }, [read, secret, reading]);
  const refresh = useCallback(() => setReading((count) => count + 1), []);
  return { value, error, refresh };
}
