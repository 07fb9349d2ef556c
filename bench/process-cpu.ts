import { readdirSync, readFileSync } from 'node:fs';

/** CPU milliseconds of this process and of its children, so far; of the children on Linux alone. */
export function cpuWithChildren(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 + childrenOf(process.pid).reduce((total, pid) => total + cpuOf(pid), 0);
}

/** Resident bytes of each child process, by its id; on Linux alone. */
export function memoryOfChildren(): ReadonlyMap<number, number> {
  return new Map(childrenOf(process.pid).map((pid) => [pid, residentBytes(pid)]));
}

// proc_pid_status(5)
function residentBytes(pid: number): number {
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`)) ?? [];
  return Number(kibibytes) * 1024;
}

// proc_pid_task(5) and the kernel's sched-stats: nanoseconds on a processor come first.
function childrenOf(pid: number): readonly number[] {
  return tasksOf(pid).flatMap((task) => read(`${task}/children`).split(' ').filter(Boolean).map(Number));
}

function cpuOf(pid: number): number {
  return tasksOf(pid).reduce(
    (total, task) => total + Number(read(`${task}/schedstat`).split(' ')[0]) / 1e6,
    0,
  );
}

function tasksOf(pid: number): readonly string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync(`/proc/${pid}/task`).map((task) => `/proc/${pid}/task/${task}`);
}

function read(path: string): string {
  return readFileSync(path, 'utf8').trim();
}
