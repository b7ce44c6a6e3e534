import { eventually, type BenchProcess } from './child-process.ts';
import { jobPayload, type Contender, type JobClient } from './contender.ts';
import { inParallel } from '../packages/runtime/src/index.ts';
import { cpuMicroseconds, cpuPerJob, untilQuiet } from './process-cpu.ts';
import type { Upstream } from './upstream.ts';

export interface Load {
  jobs: number;
  /** Size of each completion request. */
  requestBytes: number;
  /** Submits in flight at a time. */
  clientConcurrency: number;
}

export interface Throughput {
  jobsPerSecond: number;
  /** 202s, while the workers worked. */
  acceptedPerSecond: number;
  /** By process name, Redis included. */
  cpuMicrosecondsPerJob: Record<string, number>;
}

/**
 * Submits all jobs and counts until the last one is completed, by the instants on the jobs'
 * records, so that nothing but the upstream's counter is asked while the jobs run.
 * @throws Error when a job does not complete, or a job cost more or less than one call
 */
export async function measureThroughput(
  contender: Contender,
  shared: { redis: BenchProcess; upstream: Upstream },
  load: Load,
): Promise<Throughput> {
  const processes = [...contender.processes, shared.redis];
  const callsBefore = (await shared.upstream.calls()).answered;
  const cpuBefore = cpuMicroseconds(processes);
  const { ids, startedAt, acceptedAt } = await runLoad(contender, shared.upstream, load);
  // What follows the last answer, such as lists and events, is work for these jobs too.
  await untilQuiet(contender.processes);
  const cpuAfter = cpuMicroseconds(processes);

  const ends = await inParallel(ids, load.clientConcurrency, (id) =>
    completedAt(contender.client, id),
  );
  const calls = (await shared.upstream.calls()).answered - callsBefore;
  if (calls !== load.jobs) throw new Error(`${load.jobs} jobs made ${calls} calls`);
  const seconds = (ends.reduce((latest, end) => Math.max(latest, end), 0) - startedAt) / 1000;
  return {
    jobsPerSecond: load.jobs / seconds,
    acceptedPerSecond: load.jobs / ((acceptedAt - startedAt) / 1000),
    cpuMicrosecondsPerJob: cpuPerJob(cpuBefore, cpuAfter, load.jobs),
  };
}

/** Submits all jobs and waits until all were called and the last one is completed. */
export async function runLoad(
  contender: Contender,
  upstream: Upstream,
  load: Load,
): Promise<{ ids: string[]; startedAt: number; acceptedAt: number }> {
  const callsBefore = (await upstream.calls()).answered;
  const startedAt = Date.now();
  const ids = await submitAll(contender.client, load);
  const acceptedAt = Date.now();
  await eventually(`answer to ${load.jobs} calls`, 300_000, async () => {
    const { answered } = await upstream.calls();
    return answered - callsBefore >= load.jobs ? true : undefined;
  });
  await completedAt(contender.client, ids.at(-1) ?? '');
  return { ids, startedAt, acceptedAt };
}

async function submitAll(client: JobClient, load: Load): Promise<string[]> {
  const payload = jobPayload(load.requestBytes);
  const numbers = Array.from({ length: load.jobs }, (_, number) => number);
  return await inParallel(numbers, load.clientConcurrency, async () => {
    const { id } = await client.submit(payload);
    return id;
  });
}

/** Waits for the end of a job. @returns milliseconds since the epoch */
async function completedAt(client: JobClient, id: string): Promise<number> {
  return await eventually(`the end of job ${id}`, 60_000, async () => {
    const job = await client.look(id);
    if (job.status === 'queued' || job.status === 'in_progress') return undefined;
    if (job.status !== 'completed' || job.completed_at === undefined) {
      throw new Error(`job ${id} is ${job.status}`);
    }
    return Date.parse(job.completed_at);
  });
}
