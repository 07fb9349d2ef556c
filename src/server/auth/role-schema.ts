import { z } from 'zod';
import { ROLE_NAMES, toRole } from './principal.ts';

/** A role in a configuration file, under our name or Azure's. */
export const roleSchema = z.string().transform((name, context) => {
  const role = toRole(name);
  if (role) return role;
  const known = Object.keys(ROLE_NAMES).join(', ');
  context.addIssue({ code: 'custom', message: `There is no role '${name}'. Roles are: ${known}.` });
  return z.NEVER;
});
