import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceProcess } from '../support/service-process.ts';
import type { Broker } from '../support/start-broker.ts';
import { WORKER } from './fault-scene.ts';
import type { KillableRedis } from './killable-redis.ts';
import type { Replicas } from './replicas.ts';

export interface StormPlan {
  durationMs: number;
  /** One of the workers dies this often; another is started at once. */
  workerEveryMs: number;
  apiEveryMs: number;
  redisKills: number;
  /** Where batches run: so often dies the one that runs them. */
  runnerEveryMs?: number;
}

export interface Storm {
  workerKills: number;
  apiKills: number;
  redisKills: number;
  runnerKills: number;
  /** On the clock of `performance.now()`. */
  lastKillAt: number;
}

/**
 * Kills with SIGKILL by the plan, and replaces what it killed, until the time is over. Leaves as
 * many processes running as it found.
 */
export async function rageStorm(
  plan: StormPlan,
  broker: Broker,
  replicas: Replicas,
  redis: KillableRedis,
  workers: ServiceProcess[],
): Promise<Storm> {
  const storm: Storm = {
    workerKills: 0,
    apiKills: 0,
    redisKills: 0,
    runnerKills: 0,
    lastKillAt: 0,
  };
  const stopAt = performance.now() + plan.durationMs;

  const every = async (intervalMs: number, kill: () => Promise<void>) => {
    for (;;) {
      const rest = Math.min(intervalMs, stopAt - performance.now());
      await sleep(Math.max(0, rest));
      if (performance.now() >= stopAt) return;
      await kill();
      storm.lastKillAt = performance.now();
    }
  };
  await Promise.all([
    every(plan.workerEveryMs, async () => {
      await killHard(workers.shift());
      workers.push(await replicas.start(WORKER));
      storm.workerKills += 1;
    }),
    every(plan.apiEveryMs, async () => {
      await killHard(broker.services.get('api'));
      await broker.startService('api');
      storm.apiKills += 1;
    }),
    every(plan.runnerEveryMs ?? Infinity, async () => {
      await killHard(broker.services.get('batch-runner'));
      await broker.startService('batch-runner');
      storm.runnerKills += 1;
    }),
    every(plan.durationMs / (plan.redisKills + 1), async () => {
      if (storm.redisKills >= plan.redisKills) return;
      await redis.kill();
      await redis.start();
      storm.redisKills += 1;
    }),
  ]);
  return storm;
}

async function killHard(service: ServiceProcess | undefined): Promise<void> {
  service?.kill('SIGKILL');
  await service?.ended;
}
