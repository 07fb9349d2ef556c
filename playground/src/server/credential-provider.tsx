import { createContext, type ReactNode, use, useMemo, useState } from 'react';

const STORED = 'samtal.credential';

export interface Credential {
  /** An API key, or the token of a sign-in; `undefined` before anybody has signed in. */
  readonly secret: string | undefined;
  readonly signIn: (secret: string) => void;
  readonly signOut: () => void;
}

const CredentialContext = createContext<Credential>({
  secret: undefined,
  signIn: () => {},
  signOut: () => {},
});

/** Keeps the credential for as long as the tab lives, and nowhere else. */
export function CredentialProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [secret, setSecret] = useState(() => sessionStorage.getItem(STORED) ?? undefined);
  const credential = useMemo<Credential>(
    () => ({
      secret,
      signIn: (next) => {
        sessionStorage.setItem(STORED, next);
        setSecret(next);
      },
      signOut: () => {
        sessionStorage.removeItem(STORED);
        setSecret(undefined);
      },
    }),
    [secret],
  );
  return <CredentialContext value={credential}>{children}</CredentialContext>;
}

export function useCredential(): Credential {
  return use(CredentialContext);
}
