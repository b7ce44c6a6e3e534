import { setTimeout as delay } from 'node:timers/promises';
import type { BenchProcess } from '../child-process.ts';
import { jobPayload } from '../contender.ts';
import { fill } from '../fill.ts';
import type { BenchOptions } from '../options.ts';
import type { PartResult } from '../part.ts';
import { cpuMicroseconds, untilQuiet } from '../process-cpu.ts';
import { startBrokerStage } from '../stage.ts';

const JOBS = { quick: 5000, full: 100_000 };
const WINDOW_MS = { quick: 10_000, full: 60_000 };
/** A job is checked more seldom the longer it waits, first after 10 s. */
const SETTLING_MS = { quick: 5000, full: 60_000 };
const LONG_SECONDS = 3600;

/** What jobs cost that wait for one provider that is cooling down. */
export async function measureWaiting(options: BenchOptions): Promise<PartResult> {
  await using stack = new AsyncDisposableStack();
  const { broker, redis, upstream, watch } = await startBrokerStage(stack, options);
  const processes = [...broker.processes, redis];
  await upstream.become({ state: 'down', retryAfterSeconds: LONG_SECONDS });
  await broker.client.submit(jobPayload(1000));
  await watch.untilCooled('bench-upstream');
  await untilQuiet(processes);
  const windowMs = WINDOW_MS[options.size];
  const without = await sharesOfCore(processes, windowMs);

  const jobs = JOBS[options.size];
  await fill(broker, watch, jobs);
  await delay(SETTLING_MS[options.size]);
  const waiting = await sharesOfCore(processes, windowMs);
  const scaled =
    options.size === 'quick'
      ? `, in which they are checked the first time; the full run has ${JOBS.full} jobs and a later minute`
      : '';
  return {
    figures: [
      { name: 'idle_cpu', unit: '% of a core', broker: [percentOfCore(without)] },
      {
        name: 'waiting_cpu',
        unit: '% of a core',
        broker: [percentOfCore(waiting) - percentOfCore(without)],
        ...(options.size === 'full' ? { goal: { of: 'broker', atMost: 2 } } : {}),
        note: `over ${windowMs / 1000} s, all processes and Redis, with ${jobs} jobs waiting, beyond with none${scaled}`,
      },
    ],
    details: { shares_of_core: { without, waiting } },
  };
}

async function sharesOfCore(
  processes: readonly BenchProcess[],
  windowMs: number,
): Promise<Record<string, number>> {
  const startedAt = performance.now();
  const before = cpuMicroseconds(processes);
  await delay(windowMs);
  const passedMicroseconds = (performance.now() - startedAt) * 1000;
  return Object.fromEntries(
    [...cpuMicroseconds(processes)].map(([name, used]) => [
      name,
      (used - (before.get(name) ?? 0)) / passedMicroseconds,
    ]),
  );
}

function percentOfCore(shares: Readonly<Record<string, number>>): number {
  return Object.values(shares).reduce((sum, share) => sum + share, 0) * 100;
}
