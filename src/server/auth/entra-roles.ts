import { z } from 'zod';
import type { RoleGrant } from './entra-config.ts';
import type { Role } from './principal.ts';
import { refuseToken, type SignedClaims, type TokenRefusal } from './token-verifier.ts';

const lowerCase = z.string().transform((text) => text.toLowerCase());

/**
 * What Entra ID says of the caller. An access token names its client (`appid` in v1, `azp` in v2), which an
 * ID token does not: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
const callerSchema = z.discriminatedUnion('ver', [
  z.looseObject({ ver: z.literal('1.0'), appid: lowerCase.pipe(z.guid()) }),
  z.looseObject({ ver: z.literal('2.0'), azp: lowerCase.pipe(z.guid()) }),
]);

const identitySchema = z.looseObject({
  oid: lowerCase.pipe(z.guid()),
  tid: lowerCase.pipe(z.guid()),
  scp: z.string().min(1).optional(),
  idtyp: z.string().optional(),
  roles: z.array(z.string()).default([]),
  groups: z.array(lowerCase).default([]),
  name: z.string().optional(),
  hasgroups: z.unknown().optional(),
  _claim_names: z.record(z.string(), z.unknown()).optional(),
});

export interface EntraCaller {
  readonly objectId: string;
  readonly tenantId: string;
  readonly name: string;
  readonly clientId: string;
  /** An app that calls for itself, with no person signed in. */
  readonly isApp: boolean;
  readonly appRoles: readonly string[];
  readonly groups: readonly string[];
  /** In more groups than fit in a token: https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference#groups-overage-claim */
  readonly groupsLeftOut: boolean;
}

export function toEntraCaller(
  claims: SignedClaims,
): { readonly ok: true; readonly caller: EntraCaller } | TokenRefusal {
  const client = callerSchema.safeParse(claims);
  const identity = identitySchema.safeParse(claims);
  if (!client.success || !identity.success) {
    const claim = (client.error ?? identity.error)?.issues[0]?.path.join('.');
    return refuseToken(`its claim ${claim} is missing or of a wrong form: it is no access token of Entra ID`);
  }
  const { oid, tid, scp, idtyp, roles, groups, name, hasgroups, _claim_names: elsewhere } = identity.data;
  const isApp = scp === undefined && (idtyp === 'app' || claims.sub.toLowerCase() === oid);
  if (!isApp && scp === undefined) return refuseToken('it has neither scopes nor an app as its subject');
  return {
    ok: true,
    caller: {
      objectId: oid,
      tenantId: tid,
      name: name?.slice(0, 200) ?? oid,
      clientId: client.data.ver === '1.0' ? client.data.appid : client.data.azp,
      isApp,
      appRoles: roles,
      groups,
      groupsLeftOut: elsewhere?.['groups'] !== undefined || hasgroups === true || hasgroups === 'true',
    },
  };
}

/** The roles that the operator's table gives to the caller. None is a refusal that says what was missing. */
export function rolesOf(
  caller: EntraCaller,
  grants: readonly RoleGrant[],
): { readonly ok: true; readonly roles: readonly Role[] } | TokenRefusal {
  const roles = new Set(grants.filter((grant) => isGranted(grant, caller)).map(({ role }) => role));
  if (roles.size > 0) return { ok: true, roles: [...roles] };
  const who = `${caller.isApp ? 'app' : 'user'} ${caller.objectId}`;
  if (caller.groupsLeftOut && grants.some((grant) => 'group' in grant)) {
    return refuseToken(
      `${who} is in more groups than its token lists. Limit the groups claim to groups assigned to the app, or grant by app role.`,
      'forbidden',
    );
  }
  return refuseToken(
    `${who} has no role here. Add the object id, a group, an app or an app role to grants.`,
    'forbidden',
  );
}

/** A client's own grant is not for the people who sign in through it: anybody may use a public client. */
function isGranted(grant: RoleGrant, caller: EntraCaller): boolean {
  if ('objectId' in grant) return grant.objectId === caller.objectId;
  if ('group' in grant) return caller.groups.includes(grant.group);
  if ('app' in grant) return caller.isApp && grant.app === caller.clientId;
  return caller.appRoles.includes(grant.appRole);
}
