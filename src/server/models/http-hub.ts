import { EnvHttpProxyAgent } from 'undici';
import type { Hub, HubPatience, OpenedFile, OpenOptions } from './hub.ts';
import { HubFault } from './hub-fault.ts';
import { hubPath } from './hub-path.ts';
import { type HubAnswer, type HubConnection, request } from './hub-request.ts';

interface HttpHubOptions extends HubPatience {
  /** For the proxy (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`, in either case) and the token (`HF_TOKEN`). */
  readonly env: NodeJS.ProcessEnv;
  /** Serves both hubs, each below its host. */
  readonly mirror?: URL;
}

const HUGGING_FACE = 'huggingface.co';
/** The list of a release of two thousand files has 4 MB. */
const MOST_TEXT_BYTES = 32_000_000;

/** Hugging Face and GitHub, or a mirror of both. */
export function httpHub({ env, mirror, stallMs, retryMs }: HttpHubOptions): Hub {
  const connection: HubConnection = {
    dispatcher: new EnvHttpProxyAgent({
      ...proxiesOf(env),
      bodyTimeout: stallMs,
      headersTimeout: stallMs,
      connect: { timeout: stallMs },
    }),
    token: env['HF_TOKEN'],
  };
  const ask = async (url: string, options: Parameters<typeof request>[2]): Promise<HubAnswer> => {
    const isTold = new URL(url).host === HUGGING_FACE;
    return await request(
      { ...connection, token: isTold ? connection.token : undefined },
      addressOf(url, mirror),
      options,
    );
  };
  return {
    title: mirror ? mirror.href : 'the public hubs',
    isPublic: mirror === undefined,
    retryMs,
    open: async (url, options) =>
      toOpenedFile(await ask(url, { headers: rangeOf(options), ...options }), options),
    readText: async (url, { signal }) => await toText(await ask(url, { signal, mayBeMissing: true })),
    sizeOf: async (url, { signal }) => {
      const answer = await ask(url, { signal, method: 'HEAD', mayBeMissing: true });
      return answer.status === 200 ? lengthOf(answer) : undefined;
    },
    [Symbol.asyncDispose]: async () => await connection.dispatcher.destroy(),
  };
}

function proxiesOf(env: NodeJS.ProcessEnv): EnvHttpProxyAgent.Options {
  return {
    httpProxy: env['http_proxy'] ?? env['HTTP_PROXY'] ?? '',
    httpsProxy: env['https_proxy'] ?? env['HTTPS_PROXY'] ?? '',
    noProxy: env['no_proxy'] ?? env['NO_PROXY'] ?? '',
  };
}

function addressOf(url: string, mirror: URL | undefined): URL {
  if (!mirror) return new URL(url);
  const base = mirror.href.endsWith('/') ? mirror.href : `${mirror.href}/`;
  return new URL(hubPath(url).split('/').map(encodeURIComponent).join('/'), base);
}

function rangeOf({ offset, validator }: OpenOptions): Record<string, string> {
  if (offset === 0) return {};
  return { range: `bytes=${offset}-`, ...(validator !== undefined && { 'if-range': validator }) };
}

function toOpenedFile(answer: HubAnswer, { offset }: OpenOptions): OpenedFile {
  const { status, headers, bytes, address } = answer;
  const etag = headers['etag'];
  if (String(headers['content-type']).startsWith('text/html')) {
    const remedy = 'Does a network want you to log in first?';
    throw new HubFault(`${address} answers with a web page, not with the file. ${remedy}`, {
      isPassing: false,
    });
  }
  const validator = typeof etag === 'string' && etag.startsWith('"') ? etag : undefined;
  if (status === 200) return { offset: 0, totalBytes: lengthOf(answer), validator, bytes };
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(String(headers['content-range'])) ?? [];
  if (status !== 206 || Number(start) !== offset || total === undefined) {
    const told = `${status}, ${String(headers['content-range'] ?? 'no Content-Range')}`;
    throw new HubFault(`${address} answered a request for bytes from ${offset} on with ${told}`, {
      isPassing: true,
      isOfRange: true,
    });
  }
  return { offset, totalBytes: Number(total), validator, bytes };
}

function lengthOf({ headers }: HubAnswer): number | undefined {
  const length = headers['content-length'];
  return typeof length === 'string' && /^\d+$/.test(length) ? Number(length) : undefined;
}

async function toText({ status, bytes, address }: HubAnswer): Promise<string | undefined> {
  if (status !== 200) return undefined;
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of bytes) {
    total += chunk.byteLength;
    if (total > MOST_TEXT_BYTES)
      throw new HubFault(`${address} sends more than ${MOST_TEXT_BYTES} bytes`, { isPassing: false });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
