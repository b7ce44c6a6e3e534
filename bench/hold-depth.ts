import { setTimeout as delay } from 'node:timers/promises';
import { jobPayload, type Contender } from './contender.ts';
import { inParallel } from '../packages/runtime/src/index.ts';
import { cpuMicroseconds, cpuPerJob } from './process-cpu.ts';
import type { BenchProcess } from './child-process.ts';
import type { Upstream } from './upstream.ts';

const LOOK_AGAIN_MS = 10;

/**
 * Submits one job for each that is answered, so that as many go on waiting, until `jobs` were
 * answered. Submits and answers cost the same share of the time however many wait.
 */
export async function holdDepth(
  contender: Contender,
  { redis, upstream }: { redis: BenchProcess; upstream: Upstream },
  { jobs, clientConcurrency }: { jobs: number; clientConcurrency: number },
): Promise<{ jobsPerSecond: number; cpuMicrosecondsPerJob: Record<string, number> }> {
  const processes = [...contender.processes, redis];
  const payload = jobPayload(1000);
  const before = (await upstream.calls()).answered;
  const cpuBefore = cpuMicroseconds(processes);
  const startedAt = performance.now();
  let submitted = 0;
  for (;;) {
    const answered = (await upstream.calls()).answered - before;
    if (answered >= jobs) {
      const seconds = (performance.now() - startedAt) / 1000;
      return {
        jobsPerSecond: answered / seconds,
        cpuMicrosecondsPerJob: cpuPerJob(cpuBefore, cpuMicroseconds(processes), answered),
      };
    }
    const missing = Array.from({ length: Math.max(0, answered - submitted) });
    submitted += missing.length;
    await inParallel(missing, clientConcurrency, () => contender.client.submit(payload));
    if (missing.length === 0) await delay(LOOK_AGAIN_MS);
  }
}
