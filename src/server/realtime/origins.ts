import { isLoopbackHost } from '../auth/loopback.ts';

export interface OriginRules {
  /** Origins such as `https://app.example.com`, or `*`. */
  readonly allowed: readonly string[];
  /** Whether the server answers this machine alone. */
  readonly isLocal: boolean;
}

/**
 * Whether a page of `origin` may open a WebSocket, which browsers let any page do anywhere (RFC 6455 10.2).
 * Programs send no origin. The server's own pages may, and on a server for this machine alone those of
 * other local servers.
 */
export function isAllowedOrigin(
  { origin, host }: { readonly origin?: string | undefined; readonly host?: string | undefined },
  { allowed, isLocal }: OriginRules,
): boolean {
  if (origin === undefined || allowed.includes('*')) return true;
  const parsed = URL.parse(origin);
  if (!parsed || parsed.origin === 'null') return false;
  if (allowed.some((entry) => URL.parse(entry)?.origin === parsed.origin)) return true;
  // On a local server a name that leads here may be an attacker's, as in DNS rebinding.
  if (isLocal) return isLoopbackHost(parsed.host) && isLoopbackHost(host);
  return host !== undefined && parsed.host === host.toLowerCase();
}
