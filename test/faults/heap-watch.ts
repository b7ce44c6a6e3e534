import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fitLine } from '../../bench/fit-line.ts';

const LEAST_SAMPLES = 10;
const MS_PER_HOUR = 3_600_000;

/** What a heap held right after a collection. */
export interface HeapSample {
  atMs: number;
  bytes: number;
}

export interface HeapWatch extends Disposable {
  /** For the services that are watched. */
  environment: Readonly<Record<string, string>>;
  /** Megabytes per hour by which the live heap of a process grew so far. NaN of too few samples. */
  slopeOf(pid: number): number;
}

/** Has services tell what their heaps hold for good. */
export function watchHeaps(): HeapWatch {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-heaps-'));
  const preload = import.meta.resolve('./report-live-heap.ts');
  return {
    environment: { NODE_OPTIONS: `--import=${preload}`, LIVE_HEAP_FOLDER: folder },
    slopeOf: (pid) => heapSlope(parseSamples(readFileSync(join(folder, String(pid)), 'utf8'))),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Least squares, the first quarter left out, in which caches fill and code is compiled. */
export function heapSlope(samples: readonly HeapSample[]): number {
  const settled = samples.slice(Math.ceil(samples.length / 4));
  if (settled.length < LEAST_SAMPLES) return Number.NaN;
  const { slope } = fitLine(settled.map(({ atMs, bytes }) => [atMs, bytes]));
  return (slope * MS_PER_HOUR) / 1e6;
}

function parseSamples(text: string): HeapSample[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [atMs = Number.NaN, bytes = Number.NaN] = line.split(' ').map(Number);
      return { atMs, bytes };
    });
}
