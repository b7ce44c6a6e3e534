import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Reply } from '../support/fake-vendor-reply.ts';
import { chatBody } from './persistent-client.ts';
import { openFaultScene, WORKER, type FaultScene } from './fault-scene.ts';
import { faultSize, sayFigures } from './fault-size.ts';
import { watchHeaps, type HeapWatch } from './heap-watch.ts';
import { inParallel } from '../../packages/runtime/src/index.ts';
import { startKillableRedis } from './killable-redis.ts';
import { createLedger } from './ledger.ts';
import { footprint, noJobs, toldFootprint } from './redis-footprint.ts';
import { until } from './until.ts';

const minutes = Number(process.env['UNDERSTUDY_SOAK_MINUTES'] ?? 120);
const size = faultSize({
  full: { loadMs: minutes * 60_000, warmUpJobs: 3000, killEveryMs: 30_000, timedEvery: 20 },
  // So many are waited for that the few whom a kill takes along are no tenth of them.
  short: { loadMs: 8000, warmUpJobs: 300, killEveryMs: 4000, timedEvery: 4 },
});
/** Of what the broker did in the warm-up, in the full form; the short one must not depend on it. */
const SHARE_OF_CAPACITY = 0.6;
const SHORT_JOBS_PER_SECOND = 25;
const KEPT = '{ retention: 5s, expiresIn: 5s }';
/** Retention, deadlines, the trimming of lists once a minute, and what waits for it. */
const BACK_WITHIN_MS = 180_000;
const SAMPLED_EVERY_MS = 5000;
/** The machine itself may be slower in one half hour than in another. */
const MOST_DRIFT = 1.5;
const MOST_HEAP_GROWTH_MB_PER_HOUR = 1;
/** What a killed worker held is taken over after the end of its life of five seconds. */
const LEAST_COMPLETED = 0.9;

test(
  'after long load with failures Redis and heaps are where they were, and jobs no slower',
  async () => {
    await using redis = await startKillableRedis();
    using heaps = watchHeaps();
    await using scene = await openFaultScene({
      redisUrl: redis.url,
      // Millions of calls, which nobody asks for afterwards, would fill the memory of this process.
      ledger: { ...createLedger(), call: () => undefined },
      replyTo: moody,
      providers: { first: '', second: '' },
      environment: { LOG_LEVEL: 'info', ...heaps.environment },
      configuration: `
routes:
  chat: { targets: [ { provider: first, model: m }, { provider: second, model: m } ] }
defaults: ${KEPT}
`,
    });
    const { keyPrefix } = scene.broker;
    const client = new Redis(redis.url);
    try {
      const load = createLoad(scene);
      // What the first jobs leave for good, such as the queues' own keys, belongs to the baseline.
      const capacity = await load.warmUp(size.warmUpJobs);
      await until('emptiness', BACK_WITHIN_MS, () => noJobs(client, keyPrefix));
      const before = await footprint(client, keyPrefix);
      const killing = killSecondWorker(scene);
      let peak = before;
      const sample = async (): Promise<void> => {
        scene.vendor.calls.length = 0;
        const now = await footprint(client, keyPrefix);
        if (now.bytes > peak.bytes) peak = now;
      };
      const sampling = setInterval(() => void sample(), SAMPLED_EVERY_MS);

      const isFull = size.loadMs > 60_000;
      const jobsPerSecond = isFull ? capacity * SHARE_OF_CAPACITY : SHORT_JOBS_PER_SECOND;
      const waited = await load.run(size.loadMs, jobsPerSecond);
      clearInterval(sampling);
      const kills = await killing.stop();
      const growth = heapGrowth(scene, heaps);
      await until('emptiness', BACK_WITHIN_MS, () => noJobs(client, keyPrefix));
      const after = await footprint(client, keyPrefix);

      const [early, late] = [waited.quarter(1), waited.quarter(3)];
      sayFigures('soak', {
        minutes: size.loadMs / 60_000,
        jobsPerSecond,
        accepted: load.accepted(),
        waitedFor: waited.jobs,
        completed: waited.completed,
        kills,
        before: toldFootprint(before),
        peak: toldFootprint(peak),
        after: toldFootprint(after),
        heapGrowthMbPerHour: growth,
        latencyMs: { secondQuarter: early, lastQuarter: late },
      });
      expect(after.keys).toEqual(before.keys);
      // Beyond the keys: hash tables that grew, scripts, buffers of connections.
      expect(after.bytes - before.bytes).toBeLessThan(1_000_000);
      expect(waited.jobs).toBeGreaterThan(0);
      expect(waited.completed / waited.jobs).toBeGreaterThan(LEAST_COMPLETED);
      if (!isFull) return;
      expect(late.p50).toBeLessThan(early.p50 * MOST_DRIFT);
      for (const [service, grown] of Object.entries(growth)) {
        expect([service, grown]).toEqual([service, expect.any(Number)]);
        expect(grown, service).toBeLessThan(MOST_HEAP_GROWTH_MB_PER_HOUR);
      }
    } finally {
      client.disconnect();
    }
  },
  size.loadMs + 3 * BACK_WITHIN_MS,
);

/** Some calls fail, some wait for a cool-down; all jobs end. */
function moody({ number, provider }: { number: number; provider: string }): Reply {
  if (provider === 'first' && number % 5 === 0) return { status: 503, body: { error: {} } };
  if (provider === 'first' && number % 31 === 0) {
    return { status: 429, headers: { 'retry-after-ms': '200' }, body: { error: {} } };
  }
  return {};
}

/** Megabytes per hour, by the names of the services that live as long as the scene. */
function heapGrowth({ broker }: FaultScene, heaps: HeapWatch): Record<string, number> {
  const grown = [...broker.services].map(([name, { pid }]) => [name, heaps.slopeOf(pid)] as const);
  return Object.fromEntries(grown);
}

/** A second worker is killed with what it holds, and started again, over and over. */
function killSecondWorker({ replicas }: FaultScene): { stop(): Promise<number> } {
  const stopping = new AbortController();
  const run = async (): Promise<number> => {
    let kills = 0;
    for (;;) {
      const worker = await replicas.start(WORKER);
      await sleep(size.killEveryMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) {
        await worker.stop();
        return kills;
      }
      worker.kill('SIGKILL');
      await worker.ended;
      kills += 1;
    }
  };
  const running = run();
  return {
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}

const soakJobSchema = z.object({ id: z.string(), status: z.string() });
type SoakJob = z.infer<typeof soakJobSchema>;

/** The jobs whose callers stayed for the answer. */
interface Waited {
  jobs: number;
  completed: number;
  /** Of the quarter of the time, counted from 0. */
  quarter(index: number): { jobs: number; p50: number; p99: number };
}

function createLoad({ broker }: FaultScene) {
  let submitted = 0;
  let accepted = 0;
  /** @returns undefined when Redis was late, on a machine busy with other things: nothing was accepted */
  const submit = async (waitSeconds = 0): Promise<SoakJob | undefined> => {
    submitted += 1;
    const number = submitted;
    const response = await broker.request('/v1/jobs', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(waitSeconds > 0 ? { prefer: `wait=${waitSeconds}` } : {}),
      },
      body: JSON.stringify({
        endpoint: '/v1/chat/completions',
        body: chatBody(`load-${number}`, 'chat'),
      }),
    });
    const answer: unknown = await response.json();
    if (response.status === 503) return undefined;
    expect([200, 202]).toContain(response.status);
    accepted += 1;
    const job = soakJobSchema.parse(answer);
    if (number % 10 === 0 && waitSeconds === 0) {
      await broker.request(`/v1/jobs/${job.id}/cancel`, { method: 'POST' });
    }
    return job;
  };

  return {
    accepted: () => accepted,
    /** @returns how many jobs a second went all the way through */
    warmUp: async (jobs: number): Promise<number> => {
      const startedAt = performance.now();
      await inParallel([...Array(jobs).keys()], 20, (job) =>
        // A caller who waits for every tenth keeps the queue from growing.
        until('accepted job', 30_000, () => submit(job % 10 === 5 ? 20 : 0)),
      );
      return jobs / ((performance.now() - startedAt) / 1000);
    },
    run: async (loadMs: number, jobsPerSecond: number): Promise<Waited> => {
      const startedAt = performance.now();
      const timed: { at: number; ms: number }[] = [];
      let completed = 0;
      const open = new Set<Promise<unknown>>();
      const timedSubmit = async (): Promise<void> => {
        const at = performance.now();
        const job = await submit(20);
        if (job === undefined) return;
        timed.push({ at: at - startedAt, ms: performance.now() - at });
        if (job.status === 'completed') completed += 1;
      };
      for (let tick = 1; performance.now() - startedAt < loadMs; tick += 1) {
        const one: Promise<unknown> = tick % size.timedEvery === 0 ? timedSubmit() : submit();
        open.add(one);
        void one.finally(() => open.delete(one));
        await sleep(Math.max(0, startedAt + (tick * 1000) / jobsPerSecond - performance.now()));
      }
      await Promise.all(open);
      return {
        jobs: timed.length,
        completed,
        quarter: (index) => told(timed, (index * loadMs) / 4, ((index + 1) * loadMs) / 4),
      };
    },
  };
}

function told(timed: readonly { at: number; ms: number }[], from: number, to: number) {
  const sorted = timed
    .filter(({ at }) => at >= from && at < to)
    .map(({ ms }) => ms)
    .toSorted((one, other) => one - other);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return { jobs: sorted.length, p50: at(0.5), p99: at(0.99) };
}
