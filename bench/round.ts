import type { BenchProcess } from './child-process.ts';
import type { Contender } from './contender.ts';
import { measureIdle, type IdleSample } from './measure-idle.ts';
import { measureThroughput, type Throughput } from './measure-throughput.ts';
import type { BenchOptions } from './options.ts';
import type { Upstream } from './upstream.ts';

export const SMALL_REQUEST_BYTES = 1_000;
export const LARGE_REQUEST_BYTES = 30_000;
/** A process has compiled its hot code after about this many jobs. */
const WARM_UP_JOBS = 1_000;

/** What one contender showed in one turn. */
export interface Round {
  small: Throughput;
  large: Throughput;
  idle: IdleSample[];
}

export async function playRound(
  contender: Contender,
  shared: { redis: BenchProcess; upstream: Upstream },
  options: BenchOptions,
): Promise<Round> {
  const load = (jobs: number, requestBytes: number) => ({
    jobs,
    requestBytes,
    clientConcurrency: options.clientConcurrency,
  });
  const idle = await measureIdle(contender, shared.upstream, {
    jobs: options.idleJobs,
    requestBytes: SMALL_REQUEST_BYTES,
  });
  const largeJobs = Math.ceil(options.jobs / 4);
  return {
    idle,
    small: await measureThroughput(contender, shared, load(options.jobs, SMALL_REQUEST_BYTES)),
    large: await measureThroughput(contender, shared, load(largeJobs, LARGE_REQUEST_BYTES)),
  };
}

/** Runs jobs that no figure counts. */
export async function warmUp(
  contender: Contender,
  shared: { redis: BenchProcess; upstream: Upstream },
  options: BenchOptions,
): Promise<void> {
  await measureThroughput(contender, shared, {
    jobs: Math.min(WARM_UP_JOBS, options.jobs),
    requestBytes: SMALL_REQUEST_BYTES,
    clientConcurrency: options.clientConcurrency,
  });
}
