import { interleaved, type Rounds } from '../interleaved.ts';
import { measureThroughput, type Throughput } from '../measure-throughput.ts';
import { residentMegabytes } from '../memory-peaks.ts';
import type { BenchOptions } from '../options.ts';
import { figureOf, type Figure, type Goal, type PartResult } from '../part.ts';
import { ownCpu, redisCpu, totalCpu } from '../process-cpu.ts';
import type { Stage } from '../stage.ts';
import { median } from '../statistics.ts';

const REQUEST_BYTES = 1000;

export async function measureJobs(stage: Stage, options: BenchOptions): Promise<PartResult> {
  const { contenders } = stage;
  const rounds = await interleaved(contenders, options.rounds, (contender) =>
    measureThroughput(contender, stage, { ...options, requestBytes: REQUEST_BYTES }),
  );
  return {
    figures: [
      ...throughputFigures(rounds, '', {
        jobs_per_second: { of: 'ratio', atLeast: 0.85 },
        cpu_per_job: { of: 'ratio', atMost: 1.3 },
      }),
      figureOf(rounds, 'accepted_per_second', 'jobs/s', (one) => one.acceptedPerSecond),
    ],
    details: {
      cpu_microseconds_per_job: cpuDetails(rounds),
      resident_megabytes: Object.fromEntries(
        contenders.map(({ name, processes }) => [
          name,
          Object.fromEntries(processes.map((one) => [one.name, residentMegabytes(one.pid)])),
        ]),
      ),
    },
  };
}

/** @param suffix tells the sizes of requests apart */
export function throughputFigures(
  rounds: Rounds<Throughput>,
  suffix: string,
  goals: Readonly<Record<string, Goal>> = {},
): Figure[] {
  const figures = [
    figureOf(rounds, `jobs_per_second${suffix}`, 'jobs/s', (one) => one.jobsPerSecond),
    figureOf(rounds, `cpu_per_job${suffix}`, 'µs', (one) => ownCpu(one.cpuMicrosecondsPerJob)),
    figureOf(rounds, `redis_cpu_per_job${suffix}`, 'µs', (one) =>
      redisCpu(one.cpuMicrosecondsPerJob),
    ),
    figureOf(rounds, `cpu_per_job_with_redis${suffix}`, 'µs', (one) =>
      totalCpu(one.cpuMicrosecondsPerJob),
    ),
  ];
  return figures.map((figure) => {
    const goal = goals[figure.name];
    return goal === undefined ? figure : { ...figure, goal };
  });
}

/** Of each process, microseconds per job, medians over the rounds. */
export function cpuDetails(rounds: Rounds<Throughput>): Record<string, Record<string, number>> {
  return Object.fromEntries(
    Object.entries(rounds).map(([contender, measured]) => [
      contender,
      Object.fromEntries(
        Object.keys(measured[0]?.cpuMicrosecondsPerJob ?? {}).map((name) => [
          name,
          median(measured.map(({ cpuMicrosecondsPerJob }) => cpuMicrosecondsPerJob[name] ?? 0)),
        ]),
      ),
    ]),
  );
}
