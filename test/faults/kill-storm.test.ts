import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Reply } from '../support/fake-vendor-reply.ts';
import { expectLedgerKept } from './audit.ts';
import { WORKER, openFaultScene } from './fault-scene.ts';
import { faultSize, sayFigures } from './fault-size.ts';
import { startKillableRedis } from './killable-redis.ts';
import { rageStorm } from './kill-storm.ts';
import type { Storm, StormPlan } from './kill-storm.ts';
import type { VendorCall } from './ledger-vendor.ts';
import type { PersistentClient } from './persistent-client.ts';
import { until } from './until.ts';

const size = faultSize({
  full: {
    jobs: 10_000,
    storm: { durationMs: 300_000, workerEveryMs: 1000, apiEveryMs: 20_000, redisKills: 10 },
    calmJobs: 2000,
    calmMs: 60_000,
  },
  short: {
    jobs: 150,
    storm: { durationMs: 9000, workerEveryMs: 1000, apiEveryMs: 4000, redisKills: 2 },
    calmJobs: 100,
    calmMs: 3000,
  },
});

const WORKERS = 3;
const CONCURRENCY = 16;
const PROVIDERS = 2;
const SUBMITTERS = 8;
const WATCHERS = 12;
const DRAIN_WITHIN_MS = 60_000;
const WATCHED_FOR_MS = 15_000;

/** The first provider has its troubles, the second one answers; answers take their time. */
function moodyReply({ provider, number }: VendorCall): Reply {
  const delayMs = 20 + (number % 7) * 15;
  if (provider === 'second') return { delayMs };
  if (number % 97 === 0) {
    return { status: 429, headers: { 'retry-after': '1' }, body: errorBody('slow down') };
  }
  if (number % 17 === 0) return { status: 503, body: errorBody('overloaded'), delayMs };
  if (number % 13 === 0) return { status: 404, body: errorBody('no such model'), delayMs };
  return { delayMs };
}

function errorBody(message: string) {
  return { error: { message, type: 'error' } };
}

/** Accepts jobs at an even pace while the storm, if any, goes on; then audits every one of them. */
async function runJobs(jobs: number, durationMs: number, plan: StormPlan | undefined) {
  await using redis = await startKillableRedis();
  await using scene = await openFaultScene({
    redisUrl: redis.url,
    replyTo: moodyReply,
    providers: { first: `concurrency: ${CONCURRENCY}`, second: `concurrency: ${CONCURRENCY}` },
    configuration: `
routes:
  chat: { targets: [ { provider: first, model: m }, { provider: second, model: m } ] }
  back: { targets: [ { provider: second, model: n }, { provider: first, model: n } ] }
`,
  });
  const { ledger, broker, replicas, client } = scene;
  const workers = [broker.services.get(WORKER)!];
  while (workers.length < WORKERS) workers.push(await replicas.start(WORKER));

  const startedAt = performance.now();
  const ids: string[] = [];
  let submitted = 0;
  const submit = async () => {
    for (;;) {
      const number = submitted;
      submitted += 1;
      if (number >= jobs) return;
      const wait = startedAt + (number / jobs) * durationMs - performance.now();
      if (wait > 0) await sleep(wait);
      ids.push(await client.submit(`storm-${number}`, number % 4 === 0 ? 'back' : 'chat'));
    }
  };
  let watched = 0;
  const calm = new AbortController();
  const watch = async () => {
    while (!calm.signal.aborted) {
      const id = ids[watched];
      if (id === undefined) {
        await sleep(20);
        continue;
      }
      watched += 1;
      // Whoever takes longer is seen by the audit.
      await client.watch(id, WATCHED_FOR_MS).catch(() => undefined);
    }
  };
  const watching = Promise.all(Array.from({ length: WATCHERS }, watch));
  const none: Storm = {
    workerKills: 0,
    apiKills: 0,
    redisKills: 0,
    runnerKills: 0,
    lastKillAt: startedAt,
  };
  const [storm] = await Promise.all([
    plan === undefined ? none : rageStorm(plan, broker, replicas, redis, workers),
    ...Array.from({ length: SUBMITTERS }, submit),
  ]);
  calm.abort();
  await watching;
  await untilDrained(client);
  const drainedMs = Math.round(performance.now() - storm.lastKillAt);
  const report = await expectLedgerKept(ledger, client, DRAIN_WITHIN_MS);
  return { report, storm, drainedMs };
}

/** Until the lists, which are at most a second behind, show no job that has not ended. */
async function untilDrained(client: PersistentClient): Promise<void> {
  for (const status of ['queued', 'in_progress', 'queued']) {
    await until(`end of all that is ${status}`, 2 * DRAIN_WITHIN_MS, async () => {
      const list = await client.request(`/v1/jobs?status=${status}&limit=1`);
      return JSON.stringify(list).includes('"data":[]') ? true : undefined;
    });
  }
}

test(
  'no job is lost, doubled or failed while workers, the API and Redis are killed',
  async () => {
    const { report, storm, drainedMs } = await runJobs(
      size.jobs,
      size.storm.durationMs,
      size.storm,
    );
    sayFigures('kill storm', {
      accepted: report.accepted,
      calls: report.calls,
      duplicateCalls: report.duplicateCalls,
      ...storm,
      lastKillAt: undefined,
      drainedMs,
    });
    expect(report.accepted).toBe(size.jobs);
    expect(storm.redisKills).toBe(size.storm.redisKills);
    const kills = storm.workerKills + storm.redisKills + storm.apiKills;
    expect(report.duplicateCalls).toBeLessThanOrEqual(kills * CONCURRENCY * PROVIDERS);
    expect(drainedMs).toBeLessThanOrEqual(DRAIN_WITHIN_MS);
  },
  size.storm.durationMs + 180_000,
);

test(
  'without faults no call is made twice',
  async () => {
    const { report } = await runJobs(size.calmJobs, size.calmMs, undefined);
    sayFigures('calm', { accepted: report.accepted, calls: report.calls });
    expect(report.duplicateCalls).toBe(0);
    expect(report.accepted).toBe(size.calmJobs);
  },
  size.calmMs + 120_000,
);
