import { setTimeout as delay } from 'node:timers/promises';
import { jobPayload, type JobClient } from '../contender.ts';
import { fill } from '../fill.ts';
import type { BenchOptions } from '../options.ts';
import { percentileFigure, type PartResult } from '../part.ts';
import { startBrokerStage } from '../stage.ts';
import { percentile } from '../statistics.ts';

const LOW_JOBS = { quick: 5000, full: 100_000 };
const HIGH_JOBS = { quick: 50, full: 300 };
/** A provider whose calls take their time and that takes few of them: the queue waits for it alone. */
const SERVICE_MS = 200;
const CONCURRENCY = 20;
const WAIT_SECONDS = 60;

/** How long a job of high priority takes with the provider busy with low ones, and with it idle. */
export async function measurePriority(options: BenchOptions): Promise<PartResult> {
  await using stack = new AsyncDisposableStack();
  const { broker, watch } = await startBrokerStage(stack, {
    ...options,
    latencyMs: SERVICE_MS,
    shape: () => ({ concurrency: CONCURRENCY }),
  });
  const highJobs = HIGH_JOBS[options.size];
  const lowJobs = LOW_JOBS[options.size];
  const idle = await highLatencies(broker.client, highJobs);
  await fill(broker, watch, lowJobs, { priority: 'low' });
  const behind = await highLatencies(broker.client, highJobs);
  const [idleP99, behindP99] = [percentile(idle, 0.99), percentile(behind, 0.99)];
  return {
    figures: [
      percentileFigure({ broker: [idle] }, 'high_priority_idle_p50', 0.5),
      percentileFigure({ broker: [idle] }, 'high_priority_idle_p99', 0.99),
      percentileFigure({ broker: [behind] }, 'high_priority_behind_low_p50', 0.5),
      percentileFigure({ broker: [behind] }, 'high_priority_behind_low_p99', 0.99),
      {
        name: 'high_priority',
        unit: 'p99',
        ratio: [(behindP99 - SERVICE_MS) / idleP99],
        goal: { of: 'ratio', atMost: 2 },
        note: `behind ${lowJobs} low jobs, less one service time, ÷ with an idle queue; ${highJobs} jobs each, ${CONCURRENCY} calls of ${SERVICE_MS} ms at a time`,
      },
    ],
  };
}

/** One at a time, at moments that have nothing to do with the calls that run. */
async function highLatencies(client: JobClient, jobs: number): Promise<number[]> {
  const payload = jobPayload(1000, { priority: 'high' });
  const samples: number[] = [];
  for (let number = 0; number < jobs; number += 1) {
    await delay(Math.random() * SERVICE_MS);
    const startedAt = performance.now();
    const job = await client.submit(payload, WAIT_SECONDS);
    samples.push(performance.now() - startedAt);
    if (job.status !== 'completed') throw new Error(`job ${job.id} is ${job.status}`);
  }
  return samples;
}
