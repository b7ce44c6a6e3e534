import { fitLine } from '../../bench/fit-line.ts';
import { parseMetrics } from '../support/scraped-metrics.ts';
import { readMetrics } from '../support/metrics-scene.ts';

const LOOK_EVERY_MS = 2000;
/** The least of so many looks in a row is about what is live: `collect-garbage.ts` comes between. */
const LOOKS_PER_FLOOR = 30;
const MS_PER_HOUR = 3_600_000;

export interface HeapSample {
  atMs: number;
  bytes: number;
}

export interface HeapWatch {
  /** Ends the watch. @returns megabytes per hour that each service's heap grew, by its name */
  stop(): Promise<Record<string, number>>;
}

/**
 * Reads now and then how much of its heap each process uses.
 * @param urls where the processes serve their metrics, by name
 */
export function watchHeaps(urls: ReadonlyMap<string, string>): HeapWatch {
  const samples = new Map<string, HeapSample[]>([...urls.keys()].map((name) => [name, []]));
  const look = async (): Promise<void> => {
    for (const [name, url] of urls) {
      const text = await readMetrics(url).catch(() => '');
      const used = parseMetrics(text).find((one) => one.name === 'nodejs_heap_size_used_bytes');
      if (used !== undefined) {
        samples.get(name)?.push({ atMs: performance.now(), bytes: used.value });
      }
    }
  };
  let looking = look();
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, LOOK_EVERY_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await looking;
      const slopes = [...samples].map(([name, ofOne]) => [name, heapSlope(ofOne)] as const);
      return Object.fromEntries(slopes);
    },
  };
}

/**
 * Megabytes per hour by which what is live grows: the line of least squares through the floors, the
 * first quarter left out, in which caches fill and code is compiled. NaN of too few samples.
 */
export function heapSlope(samples: readonly HeapSample[]): number {
  const floors: HeapSample[] = [];
  for (let start = 0; start + LOOKS_PER_FLOOR <= samples.length; start += LOOKS_PER_FLOOR) {
    const some = samples.slice(start, start + LOOKS_PER_FLOOR);
    floors.push(some.reduce((least, one) => (one.bytes < least.bytes ? one : least)));
  }
  const settled = floors.slice(Math.ceil(floors.length / 4));
  if (settled.length < 2) return Number.NaN;
  const { slope } = fitLine(settled.map(({ atMs, bytes }) => [atMs, bytes]));
  return (slope * MS_PER_HOUR) / 1e6;
}
