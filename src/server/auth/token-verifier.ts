import { type CryptoKey, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import type { CompactToken } from './compact-token.ts';
import type { Principal } from './principal.ts';

/** Knows the tokens of some issuers. */
export interface TokenVerifier {
  /** Whether `issuer`, an `iss` claim that nobody has verified yet, is one of these. */
  trusts(issuer: string): boolean;
  /** Decides about a token of an issuer that it trusts. Does not throw for what a token says. */
  verify(token: CompactToken): Promise<TokenOutcome>;
}

export type TokenOutcome = { readonly ok: true; readonly principal: Principal } | TokenRefusal;

/** `detail` is for the operator's log and never holds the token. */
export interface TokenRefusal {
  readonly ok: false;
  readonly failure: 'wrong-token' | 'forbidden';
  readonly detail: string;
}

/** A claim's value is cut and quoted, so that it can not forge lines of a log. */
export function quoted(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 120) ?? 'nothing';
}

export function refuseToken(detail: string, failure: TokenRefusal['failure'] = 'wrong-token'): TokenRefusal {
  return { ok: false, failure, detail };
}

const signedClaimsSchema = z.looseObject({
  iss: z.string(),
  /** Entra ID names one audience; in a list the one we know could hide among others. */
  aud: z.string(),
  exp: z.number(),
  iat: z.number(),
  sub: z.string().min(1),
});

export type SignedClaims = z.output<typeof signedClaimsSchema>;

export interface SignatureOptions {
  readonly algorithms: readonly string[];
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly clockSkewSeconds: number;
  readonly now: Date;
}

/** Checks signature, issuer, audience and lifetime, and returns the claims that may now be believed. */
export async function verifySigned(
  token: CompactToken,
  key: CryptoKey | JWTVerifyGetKey,
  options: SignatureOptions,
): Promise<{ readonly ok: true; readonly claims: SignedClaims } | TokenRefusal> {
  const getKey = typeof key === 'function' ? key : () => key;
  try {
    const { payload } = await jwtVerify(token.text, getKey, {
      algorithms: [...options.algorithms],
      issuer: options.issuer,
      audience: [...options.audiences],
      clockTolerance: options.clockSkewSeconds,
      currentDate: options.now,
    });
    const claims = signedClaimsSchema.safeParse(payload);
    if (claims.success) return { ok: true, claims: claims.data };
    return refuseToken(
      `its claim ${quoted(claims.error.issues[0]?.path.join('.'))} is missing or of a wrong type`,
    );
  } catch (error) {
    return refuseToken(reasonOf(error, token));
  }
}

function reasonOf(error: unknown, { header, claims }: CompactToken): string {
  if (error instanceof errors.JWTExpired) return `it expired at ${quoted(claims['exp'])}`;
  if (error instanceof errors.JWTClaimValidationFailed) {
    return `its claim ${error.claim} is ${quoted(claims[error.claim])}`;
  }
  if (error instanceof errors.JWKSNoMatchingKey)
    return `no key of its issuer is called ${quoted(header.kid)}`;
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature is wrong';
  return error instanceof Error ? error.message : 'it can not be verified';
}
