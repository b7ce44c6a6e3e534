import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { BenchProcess } from './child-process.ts';

/** Linux counts the CPU time of processes in ticks of 10 ms (`getconf CLK_TCK` is 100). */
const MICROSECONDS_PER_TICK = 10_000;
/** Positions of `utime` and `stime` in /proc/<pid>/stat after the command's name; see proc(5). */
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

/** Redis is watched beside a contender's own processes, and told apart by its name. */
const REDIS = 'redis';
const QUIET_WINDOW_MS = 500;
const QUIET_SHARE_OF_CORE = 0.1;
const LONGEST_UNQUIET_MS = 20_000;

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

/** By process name. */
export function cpuPerJob(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  jobs: number,
): Record<string, number> {
  return Object.fromEntries(
    [...after].map(([name, used]) => [name, (used - (before.get(name) ?? 0)) / jobs]),
  );
}

/** Of a contender's own processes; Redis stands apart. */
export function ownCpu(cpu: Readonly<Record<string, number>>): number {
  return totalCpu(cpu) - redisCpu(cpu);
}

export function redisCpu(cpu: Readonly<Record<string, number>>): number {
  return cpu[REDIS] ?? 0;
}

export function totalCpu(cpu: Readonly<Record<string, number>>): number {
  return Object.values(cpu).reduce((sum, used) => sum + used, 0);
}

/** Resolves when the processes together hardly use CPU any more, or never seem to come to rest. */
export async function untilQuiet(processes: readonly BenchProcess[]): Promise<void> {
  const used = () => [...cpuMicroseconds(processes).values()].reduce((sum, one) => sum + one, 0);
  const until = performance.now() + LONGEST_UNQUIET_MS;
  for (let before = used(); performance.now() < until;) {
    await delay(QUIET_WINDOW_MS);
    const now = used();
    if (now - before < QUIET_SHARE_OF_CORE * QUIET_WINDOW_MS * 1000) return;
    before = now;
  }
}
