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
  /** Of the last minute, before anything was measured. */
  load: number;
  /** Time of a fixed piece of work: tells machines and phases apart. */
  calibrationMs: Calibration;
  /** Why the figures may not be trusted; empty on a quiet machine. */
  warnings: string[];
}

interface Calibration {
  fastest: number;
  slowest: number;
}

/** Looks at the load, and at how steadily a fixed piece of work runs. */
export function inspectMachine(): Machine {
  const load = loadavg()[0] ?? 0;
  const cores = availableParallelism();
  const calibrationMs = calibrate();
  const warnings = unsteady(calibrationMs);
  if (load > cores * BUSY_LOAD_SHARE) {
    warnings.unshift(`the machine is busy: load ${load.toFixed(2)} on ${cores} cores`);
  }
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores,
    memoryBytes: totalmem(),
    node: process.version,
    load,
    calibrationMs,
    warnings,
  };
}

/**
 * Whether the machine is still what it was at the start. The load says nothing any more, as the
 * bench makes it; but between two parts nothing of the bench should run.
 */
export function recheckMachine({ calibrationMs: first }: Machine): string[] {
  const now = calibrate();
  const slower = now.fastest / first.fastest;
  const drifted =
    slower > UNSTEADY_RATIO || slower < 1 / UNSTEADY_RATIO
      ? [`the machine's speed changed: the same work takes ${slower.toFixed(2)} times as long`]
      : [];
  return [...unsteady(now), ...drifted];
}

function unsteady({ fastest, slowest }: Calibration): string[] {
  if (slowest <= fastest * UNSTEADY_RATIO) return [];
  return [
    `the machine is unsteady: the same work took ${fastest.toFixed(0)} to ${slowest.toFixed(0)} ms`,
  ];
}

function calibrate(): Calibration {
  const runs = Array.from({ length: CALIBRATION_RUNS }, hashes);
  return { fastest: Math.min(...runs), slowest: Math.max(...runs) };
}

function hashes(): number {
  const startedAt = performance.now();
  for (let round = 0; round < CALIBRATION_HASHES; round += 1) {
    createHash('sha256').update(String(round)).digest();
  }
  return performance.now() - startedAt;
}
