import { readFileSync } from 'node:fs';
import type { BenchProcess } from './child-process.ts';

/** Linux counts the CPU time of processes in ticks of 10 ms (`getconf CLK_TCK` is 100). */
const MICROSECONDS_PER_TICK = 10_000;
/** Positions of `utime` and `stime` in /proc/<pid>/stat after the command's name; see proc(5). */
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

/** CPU time used so far by each process, all its threads, in microseconds, by name. */
export function cpuMicroseconds(processes: readonly BenchProcess[]): Map<string, number> {
  return new Map(processes.map(({ name, pid }) => [name, processCpuMicroseconds(pid)]));
}

export function processCpuMicroseconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The command's name stands in parentheses and may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS])) * MICROSECONDS_PER_TICK;
}
