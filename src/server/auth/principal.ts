/** Who is asking, once the credentials have been verified. */
export interface Principal {
  /**
   * Owns what the server stores for this caller. Stays the same when a credential is renewed:
   * `key:<name>`, `entra:<tenant>/<object id>` or `local`.
   */
  readonly id: string;
  /** For logs; not unique. */
  readonly name: string;
  readonly roles: readonly Role[];
}

export type Role = 'user' | 'contributor';

/** `call` is the data plane (completions, speech, realtime); `manage` changes deployments. */
export type Permission = 'call' | 'manage';

const PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  user: ['call'],
  contributor: ['call', 'manage'],
};

/** Every name that a configuration may give a role, the names of Azure's built-in roles included. */
export const ROLE_NAMES: Readonly<Record<string, Role>> = {
  user: 'user',
  contributor: 'contributor',
  'Cognitive Services User': 'user',
  'Cognitive Services OpenAI User': 'user',
  'Cognitive Services Contributor': 'contributor',
  'Cognitive Services OpenAI Contributor': 'contributor',
};

export function toRole(name: string): Role | undefined {
  return Object.hasOwn(ROLE_NAMES, name) ? ROLE_NAMES[name] : undefined;
}

export function isPermitted(principal: Principal, permission: Permission): boolean {
  return principal.roles.some((role) => PERMISSIONS[role].includes(permission));
}
