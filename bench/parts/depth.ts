import { setTimeout as delay } from 'node:timers/promises';
import { CONTENDER_NAMES, contenderNamed, type ContenderName } from '../contender.ts';
import { fill } from '../fill.ts';
import { holdDepth } from '../hold-depth.ts';
import { residentMegabytes } from '../memory-peaks.ts';
import type { BenchOptions } from '../options.ts';
import type { Figure, PartResult } from '../part.ts';
import { ownCpu, redisCpu } from '../process-cpu.ts';
import { KEY_PREFIX } from '../broker-contender.ts';
import { watchRedis } from '../redis-watch.ts';
import { startStage } from '../stage.ts';
import { median } from '../statistics.ts';

/** The shallow queue comes first and last, so that a drift of the machine shows. */
const DEPTHS = { quick: [1000, 5000, 1000], full: [1000, 100_000, 1_000_000, 1000] };
const JOBS = { quick: 500, full: 5000 };
const REPEATS = { quick: 2, full: 5 };
/** The broker looks at each job once ten seconds after it came; what is measured begins later. */
const SETTLED_AFTER_MS = { quick: 0, full: 15_000 };

interface DepthMeasured {
  depth: number;
  jobsPerSecond: number[];
  cpuPerJob: number[];
  redisCpuPerJob: number[];
  redisMegabytes: number;
  residentMegabytes: Record<string, number>;
}

/** What jobs cost while many others wait before them. */
export async function measureDepth(options: BenchOptions): Promise<PartResult> {
  const measured: Record<ContenderName, DepthMeasured[]> = { yardstick: [], broker: [] };
  for (const depth of DEPTHS[options.size]) {
    for (const contender of options.contenders) {
      console.log(`        ${depth} waiting at the ${contender}`);
      measured[contender].push(await atDepth(contender, depth, options));
    }
  }
  const depths = [...new Set(DEPTHS[options.size])];
  return {
    figures: [
      ...depths.flatMap((depth) => figuresOf(measured, depth)),
      ...options.contenders.map((contender) => throughputRatio(contender, measured[contender])),
    ],
    details: {
      resident_megabytes: CONTENDER_NAMES.flatMap((contender) =>
        measured[contender].map(({ depth, residentMegabytes: megabytes }) => ({
          contender,
          depth,
          ...megabytes,
        })),
      ),
    },
  };
}

async function atDepth(
  name: ContenderName,
  depth: number,
  options: BenchOptions,
): Promise<DepthMeasured> {
  await using stack = new AsyncDisposableStack();
  const stage = await startStage(stack, { ...options, contenders: [name] });
  const contender = contenderNamed(stage.contenders, name);
  using watch = watchRedis(stage.redis.url, KEY_PREFIX);
  await stage.upstream.become({ state: 'held' });
  await fill(contender, watch, depth);
  await delay(SETTLED_AFTER_MS[options.size]);
  const redisMegabytes = (await watch.usedBytes()) / 1e6;
  await stage.upstream.become({ state: 'open' });
  const jobs = JOBS[options.size];
  const load = { jobs, clientConcurrency: options.clientConcurrency };
  await holdDepth(contender, stage, load);
  const repeats = [];
  for (let repeat = 0; repeat < REPEATS[options.size]; repeat += 1) {
    repeats.push(await holdDepth(contender, stage, load));
  }
  return {
    depth,
    jobsPerSecond: repeats.map(({ jobsPerSecond }) => jobsPerSecond),
    cpuPerJob: repeats.map(({ cpuMicrosecondsPerJob: cpu }) => ownCpu(cpu)),
    redisCpuPerJob: repeats.map(({ cpuMicrosecondsPerJob: cpu }) => redisCpu(cpu)),
    redisMegabytes,
    residentMegabytes: Object.fromEntries(
      contender.processes.map((one) => [one.name, residentMegabytes(one.pid)]),
    ),
  };
}

function figuresOf(measured: Record<ContenderName, DepthMeasured[]>, depth: number): Figure[] {
  const figure = (
    name: string,
    unit: string,
    values: (one: DepthMeasured) => readonly number[],
  ): Figure => {
    const of = (contender: ContenderName) =>
      measured[contender].filter((one) => one.depth === depth).flatMap(values);
    const [yardstick, broker] = [of('yardstick'), of('broker')];
    return {
      name: `${name}_with_${depth}_waiting`,
      unit,
      ...(yardstick.length > 0 ? { yardstick } : {}),
      ...(broker.length > 0 ? { broker } : {}),
    };
  };
  return [
    figure('jobs_per_second', 'jobs/s', (one) => one.jobsPerSecond),
    figure('cpu_per_job', 'µs', (one) => one.cpuPerJob),
    figure('redis_cpu_per_job', 'µs', (one) => one.redisCpuPerJob),
    figure('redis_megabytes', 'MB', (one) => [one.redisMegabytes]),
  ];
}

function throughputRatio(contender: ContenderName, measured: readonly DepthMeasured[]): Figure {
  const deepest = Math.max(...measured.map(({ depth }) => depth));
  const least = Math.min(...measured.map(({ depth }) => depth));
  const at = (depth: number) =>
    median(measured.filter((one) => one.depth === depth).flatMap((one) => one.jobsPerSecond));
  const figure: Figure = {
    name: contender === 'broker' ? 'depth_throughput' : 'yardstick_depth_throughput',
    unit: '',
    ratio: [at(deepest) / at(least)],
    note: `the ${contender}'s jobs per second with ${deepest} waiting ÷ with ${least}`,
  };
  return contender === 'broker' ? { ...figure, goal: { of: 'ratio', atLeast: 0.85 } } : figure;
}
