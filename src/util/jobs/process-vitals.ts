import { readFileSync } from 'node:fs';

export interface ProcessVitals {
  readonly residentBytes: number;
  /** Whether it computes, or would if it were given a processor or its page; otherwise it waits or is stopped. */
  readonly isComputing: boolean;
  /** What it has had of processors since it began. */
  readonly computedMs: number;
}

/** Linux counts for programs in hundredths of a second, whatever its own clock: proc_pid_stat(5), time(7). */
const MS_PER_TICK = 10;
// Fields of proc_pid_stat(5) after the name of the program, which may itself hold brackets and spaces.
const STATE = 0;
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

/** Reads how a process fares, on Linux; undefined elsewhere, and when it has ended. */
export function readVitals(pid: number): ProcessVitals | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    // In kB whatever the size of a page: proc_pid_status(5).
    const residentKb = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return {
      residentBytes: Number(residentKb ?? 0) * 1024,
      isComputing: fields[STATE] === 'R' || fields[STATE] === 'D',
      computedMs: (Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS])) * MS_PER_TICK,
    };
  } catch {
    return undefined;
  }
}
