import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folderHub } from './folder-hub.ts';
import { httpHub } from './http-hub.ts';

/** Where models come from: the public hubs, a mirror of them, or a folder. */
export interface Hub extends AsyncDisposable {
  /** For messages: `the public hubs`, or the address or folder that stands for them. */
  readonly title: string;
  /** Nobody but the hubs themselves stands behind it: no mirror, and no folder. */
  readonly isPublic: boolean;
  /** How long to wait before another try; twice as long before each that follows. */
  readonly retryMs: number;
  /**
   * Opens the file that is known by this public address, from `offset` on where that can be had.
   * @throws {HubFault} when it can not be had now, or at all.
   */
  open(url: string, options: OpenOptions): Promise<OpenedFile>;
  /**
   * The text that is known by this address; `undefined` where the hub has none.
   * @throws {HubFault}
   */
  readText(url: string, options: { readonly signal: AbortSignal }): Promise<string | undefined>;
  /** The length in bytes of the file, where the hub tells it. @throws {HubFault} */
  sizeOf(url: string, options: { readonly signal: AbortSignal }): Promise<number | undefined>;
}

export interface OpenOptions {
  readonly signal: AbortSignal;
  /** Bytes that are there already. */
  readonly offset: number;
  /** Of the answer that those bytes are from: where the file is another now, it is opened at its beginning. */
  readonly validator: string | undefined;
}

export interface OpenedFile {
  /** Where `bytes` begins: the offset that was asked for, or 0. */
  readonly offset: number;
  /** Of the whole file, where the hub tells it. */
  readonly totalBytes: number | undefined;
  /** A strong ETag (RFC 9110, 8.8.3), where the hub tells one. */
  readonly validator: string | undefined;
  /** Leaving the loop closes the connection. @throws {HubFault} when it breaks. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

export interface HubPatience {
  /** How long may pass without a byte. */
  readonly stallMs: number;
  /** See `Hub`. */
  readonly retryMs: number;
}

const PATIENCE: HubPatience = { stallMs: 30_000, retryMs: 1_000 };

/** What `SAMTAL_HUB` names: an address or a folder; the public hubs where it is not set. */
export function openHub(env: NodeJS.ProcessEnv, patience: Partial<HubPatience> = {}): Hub {
  const named = env['SAMTAL_HUB'];
  const all = { ...PATIENCE, ...patience };
  if (!named) return httpHub({ env, ...all });
  if (/^https?:\/\//i.test(named)) return httpHub({ env, mirror: new URL(named), ...all });
  return folderHub(/^file:/i.test(named) ? fileURLToPath(named) : resolve(named));
}
