/** What the page's policy asks of every style that a script makes; `undefined` where there is no policy. */
export function pageNonce(): string | undefined {
  return document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce || undefined;
}
