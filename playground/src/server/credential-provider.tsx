import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from 'react';
import { toError } from '../components/to-error.ts';
import { onRefusal, ServerError } from './api.ts';
import { checkKey, redeemLink } from './sign-in.ts';
import { isSignInLink, takeLinkSecret } from './sign-in-link.ts';

const STORED = 'samtal.credential';

/** Why nobody is signed in, where there is more to say than that nobody has tried. */
export type SignInProblem =
  | { readonly type: 'expired' }
  | { readonly type: 'spent-link' }
  | { readonly type: 'failed'; readonly error: Error };

export interface Credential {
  /** An API key, or the token of a sign-in; `undefined` while nobody is signed in. */
  readonly secret: string | undefined;
  /** Whether a link is being followed right now. */
  readonly isSigningIn: boolean;
  readonly problem: SignInProblem | undefined;
  /** Takes `key` once the server has. @throws {ServerError} when the server does not. */
  readonly signIn: (key: string) => Promise<void>;
  readonly signOut: () => void;
}

const CredentialContext = createContext<Credential>({
  secret: undefined,
  isSigningIn: false,
  problem: undefined,
  signIn: async () => {},
  signOut: () => {},
});

type State = Pick<Credential, 'secret' | 'isSigningIn' | 'problem'>;

/** Keeps the credential for as long as the tab lives, and nowhere else. */
export function CredentialProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [state, setState] = useState<State>(() => ({
    secret: sessionStorage.getItem(STORED) ?? undefined,
    isSigningIn: isSignInLink(),
    problem: undefined,
  }));
  const keep = useCallback((secret: string) => {
    sessionStorage.setItem(STORED, secret);
    setState({ secret, isSigningIn: false, problem: undefined });
  }, []);
  const forget = useCallback((problem?: SignInProblem) => {
    sessionStorage.removeItem(STORED);
    setState({ secret: undefined, isSigningIn: false, problem });
  }, []);
  useRefusals(state.secret, forget);
  useLinks(keep, setState);
  const credential = useMemo<Credential>(
    () => ({
      ...state,
      signIn: async (key) => {
        await checkKey(key);
        keep(key);
      },
      signOut: () => forget(),
    }),
    [state, keep, forget],
  );
  return <CredentialContext value={credential}>{children}</CredentialContext>;
}

export function useCredential(): Credential {
  return use(CredentialContext);
}

/** Once the server no longer takes the credential, the page asks for another. */
function useRefusals(secret: string | undefined, forget: (problem: SignInProblem) => void): void {
  useEffect(
    () =>
      onRefusal((refused) => {
        if (refused === secret) forget({ type: 'expired' });
      }),
    [secret, forget],
  );
}

/** Follows the link that the page was opened by, and each that is pasted into the address bar later. */
function useLinks(keep: (secret: string) => void, setState: (change: (state: State) => State) => void): void {
  useEffect(() => {
    const follow = (): void => {
      const linkSecret = takeLinkSecret();
      if (linkSecret === undefined) return;
      setState((state) => ({ ...state, isSigningIn: true }));
      redeemLink(linkSecret).then(keep, (fault: unknown) => {
        setState((state) => ({ ...state, isSigningIn: false, problem: toProblem(fault) }));
      });
    };
    follow();
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, [keep, setState]);
}

function toProblem(fault: unknown): SignInProblem {
  if (fault instanceof ServerError && fault.status === 401) return { type: 'spent-link' };
  return { type: 'failed', error: toError(fault) };
}
