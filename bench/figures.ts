import type { Round } from './round.ts';
import { percentile, spread, type Spread } from './statistics.ts';

/** One measured quantity of a round. */
interface Figure {
  unit: string;
  of(round: Round): number;
}

/** CPU of the contender's own processes; Redis stands apart. */
function ownCpu(cpu: Readonly<Record<string, number>>): number {
  return Object.entries(cpu)
    .filter(([name]) => name !== 'redis')
    .reduce((sum, [, used]) => sum + used, 0);
}

function redisCpu(cpu: Readonly<Record<string, number>>): number {
  return cpu['redis'] ?? 0;
}

/**
 * The quantities that are compared. Idle figures leave out the time the upstream takes, which is
 * the same for both and would make any two programs look alike.
 */
export const FIGURES = {
  jobs_per_second: { unit: 'jobs/s', of: ({ small }) => small.jobsPerSecond },
  jobs_per_second_30kb: { unit: 'jobs/s', of: ({ large }) => large.jobsPerSecond },
  cpu_per_job: { unit: 'µs', of: ({ small }) => ownCpu(small.cpuMicrosecondsPerJob) },
  cpu_per_job_30kb: { unit: 'µs', of: ({ large }) => ownCpu(large.cpuMicrosecondsPerJob) },
  redis_cpu_per_job: { unit: 'µs', of: ({ small }) => redisCpu(small.cpuMicrosecondsPerJob) },
  redis_cpu_per_job_30kb: { unit: 'µs', of: ({ large }) => redisCpu(large.cpuMicrosecondsPerJob) },
  idle_to_call_p50: { unit: 'ms', of: ({ idle }) => idlePercentile(idle, 'toCallMs', 0.5) },
  idle_p50: { unit: 'ms', of: ({ idle }) => idlePercentile(idle, 'ownMs', 0.5) },
  idle_p99: { unit: 'ms', of: ({ idle }) => idlePercentile(idle, 'ownMs', 0.99) },
  idle_total_p50: { unit: 'ms', of: ({ idle }) => idlePercentile(idle, 'totalMs', 0.5) },
} as const satisfies Record<string, Figure>;

export type FigureName = keyof typeof FIGURES;
export const FIGURE_NAMES = Object.keys(FIGURES).filter(
  (name): name is FigureName => name in FIGURES,
);

function idlePercentile(
  samples: Round['idle'],
  member: 'toCallMs' | 'ownMs' | 'totalMs',
  share: number,
): number {
  return percentile(
    samples.map((sample) => sample[member]),
    share,
  );
}

export function figureSpread(name: FigureName, rounds: readonly Round[]): Spread {
  return spread(rounds.map((round) => FIGURES[name].of(round)));
}

/** Broker over yardstick, round by round: the two of one round ran right after each other. */
export function ratioSpread(
  name: FigureName,
  broker: readonly Round[],
  yardstick: readonly Round[],
): Spread {
  return spread(
    broker.flatMap((round, index) => {
      const other = yardstick[index];
      return other ? [FIGURES[name].of(round) / FIGURES[name].of(other)] : [];
    }),
  );
}

/** CPU of each process, microseconds per job, medians over the rounds. */
export function cpuByProcess(
  rounds: readonly Round[],
  size: 'small' | 'large',
): Record<string, number> {
  const names = Object.keys(rounds[0]?.[size].cpuMicrosecondsPerJob ?? {});
  return Object.fromEntries(
    names.map((name) => [
      name,
      spread(rounds.map((round) => round[size].cpuMicrosecondsPerJob[name] ?? 0)).median,
    ]),
  );
}
