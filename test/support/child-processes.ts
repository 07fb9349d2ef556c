import { readdirSync, readFileSync } from 'node:fs';

/** The processes that this one has started and whose command line holds `words`, by proc_pid_stat(5). Linux only. */
export function childProcesses(words: string): readonly number[] {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return ids.filter((id) => parentOf(id) === process.pid && commandOf(id).includes(words)).map(Number);
}

function parentOf(id: string): number | undefined {
  // The name of the program, in brackets, may itself hold brackets and spaces.
  const afterName = read(`/proc/${id}/stat`).split(') ').at(-1);
  return afterName === undefined ? undefined : Number(afterName.split(' ')[1]);
}

function commandOf(id: string): string {
  return read(`/proc/${id}/cmdline`).replaceAll('\0', ' ');
}

/** Empty for a process that has ended meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
