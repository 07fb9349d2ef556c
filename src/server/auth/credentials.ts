/** One secret as it was presented. Only a bearer may be a token; either may be an API key. */
export interface Credential {
  readonly kind: 'key' | 'bearer';
  readonly secret: string;
  /** Where it stood, for the log. */
  readonly place: string;
}

export interface Credentials {
  readonly presented: readonly Credential[];
  /** The peer's address, by which failed attempts are counted. */
  readonly address: string | undefined;
}

export interface CredentialSource {
  /** Names and values by turns, as `IncomingMessage` has them: joined headers would hide a second value. */
  readonly rawHeaders: readonly string[];
  /** Path and query as they came. */
  readonly url?: string | undefined;
  readonly address?: string | undefined;
}

/** Where a kind of request may carry credentials: browsers can not set the headers of a WebSocket. */
export type CredentialPlaces = 'headers' | 'realtime';

const KEY_HEADERS = ['api-key', 'ocp-apim-subscription-key'];
const KEY_SUBPROTOCOL = 'openai-insecure-api-key.';
/** Scheme names ignore case: RFC 9110 section 11.1. */
const BEARER = /^bearer +(\S.*)$/i;

/** Reads every credential of a request. What is empty or of another scheme counts as absent. */
export function readCredentials(source: CredentialSource, places: CredentialPlaces = 'headers'): Credentials {
  const found = fromHeaders(source.rawHeaders);
  if (places === 'realtime') {
    found.push(...fromQuery(source.url ?? ''), ...fromSubprotocols(source.rawHeaders));
  }
  return { presented: found.filter(({ secret }) => secret !== ''), address: source.address };
}

function fromHeaders(rawHeaders: readonly string[]): Credential[] {
  const found: Credential[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    if (KEY_HEADERS.includes(name)) found.push(key(value, `header ${name}`));
    if (name === 'authorization') found.push(bearer(value, 'header authorization'));
  }
  return found;
}

function* fromQuery(url: string): Generator<Credential> {
  const start = url.indexOf('?');
  if (start < 0) return;
  for (const [name, value] of new URLSearchParams(url.slice(start))) {
    if (name.toLowerCase() === 'api-key') yield key(value, 'query api-key');
    if (name.toLowerCase() === 'authorization') yield bearer(value, 'query authorization');
  }
}

function* fromSubprotocols(rawHeaders: readonly string[]): Generator<Credential> {
  for (const value of valuesOf(rawHeaders, 'sec-websocket-protocol')) {
    for (const offered of value.split(',').map((protocol) => protocol.trim())) {
      if (!offered.startsWith(KEY_SUBPROTOCOL)) continue;
      // A token fits here too: what separates its parts is allowed in the name of a protocol (RFC 9110 5.6.2).
      const secret = offered.slice(KEY_SUBPROTOCOL.length);
      yield { kind: 'bearer', secret, place: 'subprotocol openai-insecure-api-key' };
    }
  }
}

function valuesOf(rawHeaders: readonly string[], header: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === header);
}

function key(value: string, place: string): Credential {
  return { kind: 'key', secret: value.trim(), place };
}

function bearer(value: string, place: string): Credential {
  return { kind: 'bearer', secret: BEARER.exec(value.trim())?.[1]?.trim() ?? '', place };
}
