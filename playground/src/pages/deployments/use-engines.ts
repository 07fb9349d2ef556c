import { useEffect, useState } from 'react';
import { useCredential } from '../../server/credential-provider.tsx';
import { type Engine, type EngineRole, listEngines } from '../../server/deployments.ts';

export interface Engines {
  readonly of: (role: EngineRole) => readonly Engine[];
  readonly defaultOf: (role: EngineRole) => Engine | undefined;
}

/** What a deployment can name; nothing until the server has said, or when it does not say. */
export function useEngines(): Engines {
  const { secret } = useCredential();
  const [engines, setEngines] = useState<readonly Engine[]>([]);
  useEffect(() => {
    const leaving = new AbortController();
    // Without the list the form still works: the engines that are named stay named.
    listEngines({ secret, signal: leaving.signal }).then(setEngines, () => {});
    return () => leaving.abort();
  }, [secret]);
  return {
    of: (role) => engines.filter(({ roles }) => roles.includes(role)),
    defaultOf: (role) => engines.find(({ isDefaultFor }) => isDefaultFor.includes(role)),
  };
}
