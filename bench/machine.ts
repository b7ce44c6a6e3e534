import { createHash } from 'node:crypto';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

const BUSY_LOAD_SHARE = 0.25;
const UNSTEADY_RATIO = 1.15;
const CALIBRATION_RUNS = 7;
const CALIBRATION_HASHES = 100_000;

export interface Machine {
  cpu: string;
  cores: number;
  memoryBytes: number;
  node: string;
  /** Time of a fixed piece of work: tells machines and phases apart. */
  calibrationMs: { fastest: number; slowest: number };
  /** Why the figures may not be trusted; empty on a quiet machine. */
  warnings: string[];
}

/** Looks at the load, and at how steadily a fixed piece of work runs. */
export function inspectMachine(): Machine {
  const load = loadavg()[0] ?? 0;
  const cores = availableParallelism();
  const runs = Array.from({ length: CALIBRATION_RUNS }, calibrate);
  const calibrationMs = { fastest: Math.min(...runs), slowest: Math.max(...runs) };
  const warnings: string[] = [];
  if (load > cores * BUSY_LOAD_SHARE) {
    warnings.push(`the machine is busy: load ${load.toFixed(2)} on ${cores} cores`);
  }
  if (calibrationMs.slowest > calibrationMs.fastest * UNSTEADY_RATIO) {
    warnings.push(
      `the machine is unsteady: the same work took ${calibrationMs.fastest.toFixed(0)} to ${calibrationMs.slowest.toFixed(0)} ms`,
    );
  }
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores,
    memoryBytes: totalmem(),
    node: process.version,
    calibrationMs,
    warnings,
  };
}

function calibrate(): number {
  const startedAt = performance.now();
  for (let round = 0; round < CALIBRATION_HASHES; round += 1) {
    createHash('sha256').update(String(round)).digest();
  }
  return performance.now() - startedAt;
}
