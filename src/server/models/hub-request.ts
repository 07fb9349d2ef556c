import { type Dispatcher, request as send } from 'undici';
import { HubFault } from './hub-fault.ts';

export interface HubConnection {
  readonly dispatcher: Dispatcher;
  /** Goes to the first host that is asked, and to no other. */
  readonly token: string | undefined;
}

interface RequestOptions {
  readonly signal: AbortSignal;
  readonly method?: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  /** A 404 is an answer. */
  readonly mayBeMissing?: boolean;
}

export interface HubAnswer {
  /** Where it came from in the end. */
  readonly address: string;
  /** 200, 206, or 404 where that may be. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Has to be read or left; nothing comes with a 404. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

const MOST_REDIRECTS = 5;
/** Longer than that, nobody wants to sit in front of a terminal. */
const MOST_RETRY_AFTER_MS = 120_000;

/**
 * Asks a hub, and those to which it redirects.
 * @throws {HubFault} for whatever is no answer of the kind that was asked for; the reason of the signal.
 */
export async function request(
  { dispatcher, token }: HubConnection,
  first: URL,
  { signal, method = 'GET', headers = {}, mayBeMissing = false }: RequestOptions,
): Promise<HubAnswer> {
  let address = first;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const isTold = token !== undefined && address.origin === first.origin && isPrivate(address);
    const sent = {
      ...headers,
      'accept-encoding': 'identity',
      'user-agent': 'samtal',
      ...(isTold && { authorization: `Bearer ${token}` }),
    };
    const answer = await sendTo(address, { dispatcher, method, headers: sent, signal });
    const next = answer.headers['location'];
    if (answer.statusCode < 300 || answer.statusCode >= 400 || typeof next !== 'string') {
      return await toAnswer(answer, address, mayBeMissing);
    }
    await answer.body.dump();
    address = follow(address, next);
  }
  throw new HubFault(`${first.href} redirects more than ${MOST_REDIRECTS} times`, { isPassing: false });
}

/** A token does not go over a wire that others can read. */
function isPrivate({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
}

function follow(from: URL, location: string): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  const isKept = to && (to.protocol === from.protocol || to.protocol === 'https:');
  if (to && isKept) return to;
  throw new HubFault(`${from.href} redirects to ${location}, which is not followed`, { isPassing: false });
}

async function sendTo(
  address: URL,
  options: {
    readonly dispatcher: Dispatcher;
    readonly method: 'GET' | 'HEAD';
    readonly headers: Record<string, string>;
    readonly signal: AbortSignal;
  },
): Promise<Dispatcher.ResponseData> {
  try {
    return await send(address, options);
  } catch (error) {
    options.signal.throwIfAborted();
    throw broken(address.href, error);
  }
}

function broken(address: string, cause: unknown): HubFault {
  const why = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new HubFault(`${address}: ${why}`, { isPassing: true, cause });
}

async function toAnswer(
  answer: Dispatcher.ResponseData,
  { href, host }: URL,
  mayBeMissing: boolean,
): Promise<HubAnswer> {
  const { statusCode: status, headers, body } = answer;
  const fault = faultOf(answer, href, host);
  if (fault) {
    await body.dump();
    if (!(status === 404 && mayBeMissing)) throw fault;
  }
  return { address: href, status, headers, bytes: chunksOf(body, href) };
}

function faultOf(
  { statusCode: status, headers }: Dispatcher.ResponseData,
  href: string,
  host: string,
): HubFault | undefined {
  const encoding = headers['content-encoding'];
  if (status === 200 || status === 206) {
    if (encoding === undefined || encoding === 'identity') return undefined;
    return new HubFault(`${href} comes as ${String(encoding)}, and was asked for as it is`, {
      isPassing: false,
    });
  }
  if (status === 401 || status === 403) {
    const remedy = host.endsWith('huggingface.co')
      ? ' Accept its licence on its page there, and set HF_TOKEN to a token of yours.'
      : '';
    return new HubFault(`${href} is not given to us (${status}).${remedy}`, { isPassing: false });
  }
  const isPassing = status >= 500 || [408, 416, 425, 429].includes(status);
  const retryAfterMs = retryAfter(headers['retry-after']);
  const isTooLong = retryAfterMs !== undefined && retryAfterMs > MOST_RETRY_AFTER_MS;
  const wait = isTooLong ? `, and asks to come back in ${Math.ceil(retryAfterMs / 60_000)} minutes` : '';
  return new HubFault(`${href} answers ${status}${wait}`, {
    isPassing: isPassing && !isTooLong,
    retryAfterMs,
    isOfRange: status === 416,
  });
}

/** Seconds or a date (RFC 9110, 10.2.3). */
function retryAfter(value: string | string[] | undefined): number | undefined {
  if (typeof value !== 'string') return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

async function* chunksOf(
  body: Dispatcher.ResponseData['body'],
  href: string,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    for await (const chunk of body) yield chunk;
  } catch (error) {
    throw broken(href, error);
  }
}
