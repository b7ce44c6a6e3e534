import { readFileSync } from 'node:fs';
import type { BenchProcess } from './child-process.ts';

const SAMPLE_INTERVAL_MS = 100;

/** Watches how much memory processes hold, until it is stopped. */
export interface MemoryPeaks {
  /** @returns by name, in MB: at the beginning, and the most since */
  stop(): Record<string, { start: number; peak: number }>;
}

export function watchMemory(processes: readonly BenchProcess[]): MemoryPeaks {
  const start = new Map(processes.map(({ name, pid }) => [name, residentMegabytes(pid)]));
  const peaks = new Map(start);
  const timer = setInterval(() => {
    for (const { name, pid } of processes) {
      peaks.set(name, Math.max(peaks.get(name) ?? 0, residentMegabytes(pid)));
    }
  }, SAMPLE_INTERVAL_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return Object.fromEntries(
        [...peaks].map(([name, peak]) => [name, { start: start.get(name) ?? 0, peak }]),
      );
    },
  };
}

/** `VmRSS` of proc(5). */
export function residentMegabytes(pid: number): number {
  const [, kilobytes] =
    /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}
