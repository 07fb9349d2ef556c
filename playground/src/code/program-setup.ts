import type { Access } from './program.ts';

export interface ProgramPackages {
  /** Such as `npm install openai`. */
  readonly install: string;
  /** The package that fetches a token, where a program shows no key. */
  readonly identity: string;
}

/** The setup of a program: its packages, where it has any, and the server's address and credential. */
export function setupOf(access: Access, packages?: ProgramPackages): string {
  const isKeyless = access === 'keyless';
  const environment = isKeyless ? 'eval "$(npx samtal env)"' : 'eval "$(npx samtal env --key)"';
  if (!packages) return environment;
  const { install, identity } = packages;
  return `${isKeyless ? `${install} ${identity}` : install}\n${environment}`;
}
