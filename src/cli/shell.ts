/** Lines that set and unset environment variables, to be evaluated by a shell. */
export type ShellName = keyof typeof SHELLS;

interface Shell {
  set(name: string, value: string): string;
  unset(name: string): string;
}

const SHELLS = {
  bash: {
    set: (name, value) => `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'`,
    unset: (name) => `unset ${name}`,
  },
  fish: {
    set: (name, value) => `set -gx ${name} '${value.replaceAll(/['\\]/g, String.raw`\$&`)}'`,
    unset: (name) => `set -e ${name}`,
  },
  powershell: {
    // PowerShell takes the typographic quotes for quotes as well, and doubling escapes each of them.
    set: (name, value) => `$env:${name} = '${value.replaceAll(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`,
    unset: (name) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue`,
  },
} as const satisfies Readonly<Record<string, Shell>>;

export const SHELL_NAMES: readonly string[] = Object.keys(SHELLS);

export function isShellName(name: string): name is ShellName {
  return Object.hasOwn(SHELLS, name);
}

export function shellLines(
  shell: ShellName,
  variables: Readonly<Record<string, string>>,
  unset: readonly string[],
): string[] {
  const { set, unset: remove } = SHELLS[shell];
  return [...unset.map(remove), ...Object.entries(variables).map(([name, value]) => set(name, value))];
}

export function usualShell(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): ShellName {
  if (env['SHELL']?.endsWith('fish')) return 'fish';
  return platform === 'win32' && !env['SHELL'] ? 'powershell' : 'bash';
}
