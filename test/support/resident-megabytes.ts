import { readFileSync } from 'node:fs';

/** Memory of a process that is in use now, as Linux counts it: `VmRSS` of proc(5). */
export function residentMegabytes(pid: number): number {
  const [, kilobytes] =
    /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}
