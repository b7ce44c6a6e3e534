import { interleaved } from '../interleaved.ts';
import { measureThroughput } from '../measure-throughput.ts';
import type { BenchOptions } from '../options.ts';
import type { PartResult } from '../part.ts';
import type { Stage } from '../stage.ts';
import { cpuDetails, throughputFigures } from './throughput.ts';

/** Larger requests, and of how many jobs of the small size one is worth. */
const SIZES = [
  { suffix: '_30kb', requestBytes: 30_000, worth: 4 },
  { suffix: '_500kb', requestBytes: 500_000, worth: 40 },
];

export async function measurePayloads(stage: Stage, options: BenchOptions): Promise<PartResult> {
  const sizes = [];
  for (const { suffix, requestBytes, worth } of SIZES) {
    const jobs = Math.ceil(options.jobs / worth);
    const rounds = await interleaved(stage.contenders, options.rounds, (contender) =>
      measureThroughput(contender, stage, { ...options, jobs, requestBytes }),
    );
    sizes.push({ suffix, rounds });
  }
  return {
    figures: sizes.flatMap(({ suffix, rounds }) => throughputFigures(rounds, suffix)),
    details: Object.fromEntries(
      sizes.map(({ suffix, rounds }) => [`cpu_microseconds_per_job${suffix}`, cpuDetails(rounds)]),
    ),
  };
}
