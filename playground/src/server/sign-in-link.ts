const LINK = /^#sign-in=(\w+)$/;

/** Whether the page was opened by a link that signs in. */
export function isSignInLink(): boolean {
  return LINK.test(location.hash);
}

/** The secret of the link, which leaves the address bar and the history with it; `undefined` without one. */
export function takeLinkSecret(): string | undefined {
  const secret = LINK.exec(location.hash)?.[1];
  if (secret !== undefined) history.replaceState(history.state, '', location.pathname + location.search);
  return secret;
}
