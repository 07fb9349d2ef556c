import { hash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { newId } from '../../util/ids.ts';
import type { Principal, Role } from './principal.ts';
import { roleSchema } from './role-schema.ts';
import { readOrCreateSecretFile } from './secret-file.ts';

const MIN_KEY_LENGTH = 32;
/** 43 characters of 62 are 256 bits. */
const KEY_LENGTH = 43;

export const namedKeySchema = z.strictObject({
  name: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'A key is named with 1 to 64 letters, digits, dots, dashes or underscores.'),
  roles: z.array(roleSchema).min(1).default(['user']),
  /** Where the key is: in an environment variable, in a file, or only as its SHA-256 in hex. */
  from: z.union([
    z.strictObject({ env: z.string().min(1) }),
    z.strictObject({ file: z.string().min(1) }),
    z.strictObject({ sha256: z.string().regex(/^[0-9a-fA-F]{64}$/, 'A SHA-256 is 64 hexadecimal digits.') }),
  ]),
  expires: z.iso.datetime({ offset: true }).optional(),
  revoked: z.boolean().default(false),
});

export type NamedKeyConfig = z.output<typeof namedKeySchema>;

/**
 * What is kept of a key. SHA-256 without salt or stretching is enough: a key is 256 random bits, so neither
 * a dictionary nor a precomputed table finds it, and a slow hash would only let strangers burn our CPU.
 */
export interface ApiKey {
  readonly name: string;
  readonly sha256: Buffer;
  readonly roles: readonly Role[];
  /** Milliseconds since the Unix epoch. */
  readonly expiresAtMs?: number | undefined;
  readonly revoked?: boolean | undefined;
}

export type KeyVerdict =
  | { readonly status: 'valid'; readonly principal: Principal }
  | { readonly status: 'expired' | 'revoked'; readonly name: string }
  | { readonly status: 'unknown' };

/** Compares with every key in constant time, so that an answer tells nothing about how near a guess was. */
export function verifyApiKey(candidate: string, keys: readonly ApiKey[], nowMs: number): KeyVerdict {
  const digest = sha256(candidate);
  const [key] = keys.filter(({ sha256 }) => timingSafeEqual(digest, sha256));
  if (!key) return { status: 'unknown' };
  if (key.revoked) return { status: 'revoked', name: key.name };
  if (key.expiresAtMs !== undefined && key.expiresAtMs <= nowMs) return { status: 'expired', name: key.name };
  return { status: 'valid', principal: { id: `key:${key.name}`, name: key.name, roles: key.roles } };
}

/** The default key in plain text, made at first start. `samtal key` prints it. */
export async function readDefaultKey(home: string): Promise<string> {
  const path = join(home, 'api-key');
  const content = await readOrCreateSecretFile(path, async () => `${newId('samtal-', KEY_LENGTH)}\n`);
  return checkedKey(content.trim(), path);
}

/** The default key may do everything: whoever can read it owns the server's files. */
export async function openDefaultKey(home: string): Promise<ApiKey> {
  return { name: 'default', sha256: sha256(await readDefaultKey(home)), roles: ['contributor'] };
}

/** @throws {Error} that names the key and the remedy when one is missing, too short or given twice. */
export async function openNamedKeys(
  configs: readonly NamedKeyConfig[],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<ApiKey[]> {
  const keys = await Promise.all(configs.map(async (config) => await openNamedKey(config, environment)));
  for (const [index, key] of keys.entries()) {
    const twin = keys
      .slice(0, index)
      .find(({ name, sha256 }) => name === key.name || sha256.equals(key.sha256));
    if (twin)
      throw new Error(`The API keys '${twin.name}' and '${key.name}' are the same. Give each its own.`);
    if (key.name === 'default')
      throw new Error("An API key can not be named 'default': the first key has that name.");
  }
  return keys;
}

async function openNamedKey(
  config: NamedKeyConfig,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ApiKey> {
  return {
    name: config.name,
    sha256: await keyHash(config, environment),
    roles: config.roles,
    expiresAtMs: config.expires === undefined ? undefined : Date.parse(config.expires),
    revoked: config.revoked,
  };
}

async function keyHash(
  { name, from }: NamedKeyConfig,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Buffer> {
  if ('sha256' in from) return Buffer.from(from.sha256, 'hex');
  if ('file' in from) return sha256(checkedKey((await readFile(from.file, 'utf8')).trim(), from.file));
  const value = environment[from.env];
  if (!value) throw new Error(`The API key '${name}' is to come from ${from.env}, which is not set.`);
  return sha256(checkedKey(value.trim(), from.env));
}

/** A fast hash protects only what can not be guessed, and a header carries only visible ASCII. */
function checkedKey(key: string, place: string): string {
  if (key.length >= MIN_KEY_LENGTH && /^[\x21-\x7e]+$/.test(key)) return key;
  throw new Error(
    `The API key in ${place} must be ${MIN_KEY_LENGTH} or more visible ASCII characters. Make one with \`openssl rand -hex 32\`.`,
  );
}

function sha256(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
