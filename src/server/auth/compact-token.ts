import { z } from 'zod';

/** A token that is well formed and claims to be signed. Nothing it says is verified yet. */
export interface CompactToken {
  readonly text: string;
  readonly header: z.output<typeof headerSchema>;
  readonly claims: Readonly<Record<string, unknown>>;
}

export type ParsedToken =
  | { readonly ok: true; readonly token: CompactToken }
  | { readonly ok: false; readonly detail: string };

/** Node accepts 16 KiB of headers; Entra ID stops listing groups well before. */
const MAX_LENGTH = 16_000;
/** Signatures by a secret that we would share (HS*), and none at all, are no signatures of an issuer. */
const ALGORITHMS = ['RS256', 'ES256'] as const;

/**
 * The whole list of what a header may say: a key that comes with the token (`jwk`, `jku`, `x5c`, `x5u`)
 * would be the sender's own, and `crit`, `b64` and `zip` change what the signature means (RFC 7515 4.1).
 */
const headerSchema = z.strictObject({
  alg: z.enum(ALGORITHMS),
  kid: z.string().min(1).max(256),
  typ: z
    .string()
    .regex(/^(application\/)?(at\+)?jwt$/i)
    .optional(),
  x5t: z.string().optional(),
});

const claimsSchema = z.record(z.string(), z.unknown());

/** Reads a JWS in compact serialization (RFC 7515 section 7.1), strictly: one text for one token. */
export function parseToken(text: string): ParsedToken {
  if (text.length > MAX_LENGTH) return refused(`it has ${text.length} characters, more than ${MAX_LENGTH}`);
  const segments = text.split('.');
  if (segments.length === 5) return refused('it is encrypted (JWE)');
  if (segments.length !== 3) return refused(`it has ${segments.length} segments, not 3`);
  if (segments[2] === '') return refused('it is not signed');
  if (!segments.every(isCanonicalBase64Url)) return refused('its segments are not canonical base64url');

  const header = headerSchema.safeParse(parseJson(segments[0] ?? ''));
  if (!header.success) return refused(`its header is refused: ${faultsOf(header.error)}`);
  const claims = claimsSchema.safeParse(parseJson(segments[1] ?? ''));
  if (!claims.success) return refused('its claims are not a JSON object');
  return { ok: true, token: { text, header: header.data, claims: claims.data } };
}

/** Padding, other alphabets and stray trailing bits would give one token many spellings. */
function isCanonicalBase64Url(segment: string): boolean {
  return segment !== '' && Buffer.from(segment, 'base64url').toString('base64url') === segment;
}

function parseJson(segment: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(segment, 'base64url')));
  } catch {
    return undefined;
  }
}

function refused(detail: string): ParsedToken {
  return { ok: false, detail };
}

function faultsOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => [...path, message].join(' ')).join('; ');
}
