import type { Clock } from '../../util/clock.ts';
import type { CompactToken } from './compact-token.ts';
import { AZURE_AUDIENCES, type EntraConfig, type EntraTenant } from './entra-config.ts';
import { rolesOf, toEntraCaller } from './entra-roles.ts';
import { RemoteKeySet, type RemoteKeySetOptions } from './remote-key-set.ts';
import {
  quoted,
  refuseToken,
  type TokenOutcome,
  type TokenVerifier,
  verifySigned,
} from './token-verifier.ts';

export interface EntraOptions
  extends Pick<RemoteKeySetOptions, 'freshMs' | 'keepMs' | 'cooldownMs' | 'timeoutMs'> {
  readonly clock: Clock;
}

interface TrustedTenant extends EntraTenant {
  readonly keys: RemoteKeySet;
}

/**
 * Access tokens of Microsoft Entra ID, v1 and v2, of the configured tenants. Keys are fetched when a token
 * of one of these tenants first comes; nothing else uses the network.
 */
export function createEntraVerifier(config: EntraConfig, options: EntraOptions): TokenVerifier {
  const tenants = config.tenants.map((tenant) => ({ ...tenant, keys: keysOf(tenant, options) }));
  const tenantOf = (issuer: unknown): TrustedTenant | undefined =>
    tenants.find(({ issuers }) => issuers.some((trusted) => trusted === issuer));
  return {
    trusts: (issuer) => tenantOf(issuer) !== undefined,
    async verify(token) {
      const tenant = tenantOf(token.claims['iss']);
      if (!tenant)
        return refuseToken(`its issuer ${quoted(token.claims['iss'])} is no tenant of this server`);
      return await verifyOf(tenant, token, { config, clock: options.clock });
    },
  };
}

function keysOf(tenant: EntraTenant, options: EntraOptions): RemoteKeySet {
  const { keysUrl, metadataUrl, issuers } = tenant;
  return new RemoteKeySet({ ...options, source: keysUrl ? { keysUrl } : { metadataUrl, issuers } });
}

async function verifyOf(
  tenant: TrustedTenant,
  token: CompactToken,
  { config, clock }: { readonly config: EntraConfig; readonly clock: Clock },
): Promise<TokenOutcome> {
  const signed = await verifySigned(token, async (header) => await tenant.keys.find(header), {
    algorithms: ['RS256', 'ES256'],
    issuer: String(token.claims['iss']),
    audiences: config.acceptAzureAudience ? [...config.audiences, ...AZURE_AUDIENCES] : config.audiences,
    clockSkewSeconds: config.clockSkewSeconds,
    now: new Date(clock.now()),
  });
  if (!signed.ok) return signed;
  const identity = toEntraCaller(signed.claims);
  if (!identity.ok) return identity;
  const { caller } = identity;
  if (caller.tenantId !== tenant.id) return refuseToken(`its tenant ${caller.tenantId} is not its issuer's`);
  const granted = rolesOf(caller, config.grants);
  if (!granted.ok) return granted;
  const id = `entra:${caller.tenantId}/${caller.objectId}`;
  return { ok: true, principal: { id, name: caller.name, roles: granted.roles } };
}
