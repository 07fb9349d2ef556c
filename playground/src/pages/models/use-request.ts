import { useCallback, useState } from 'react';
import { type ServerError, toServerError } from '../../server/api.ts';
import { useCredential } from '../../server/credential-provider.tsx';

export interface Request {
  readonly isRunning: boolean;
  readonly error: ServerError | undefined;
  /** Asks the server for something as who is signed in. @returns whether it has done it */
  readonly run: (ask: (secret: string | undefined) => Promise<void>) => Promise<boolean>;
}

/** One thing at a time that the server is asked to do. */
export function useRequest(): Request {
  const { secret } = useCredential();
  const [isRunning, setIsRunning] = useState(false);
  const [error, setError] = useState<ServerError>();
  const run = useCallback(
    async (ask: (secret: string | undefined) => Promise<void>): Promise<boolean> => {
      setIsRunning(true);
      setError(undefined);
      try {
        await ask(secret);
        return true;
      } catch (fault) {
        setError(toServerError(fault));
        return false;
      } finally {
        setIsRunning(false);
      }
    },
    [secret],
  );
  return { isRunning, error, run };
}
