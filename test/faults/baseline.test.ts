import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import type { Reply } from '../support/fake-vendor-reply.ts';
import { chatBody } from './persistent-client.ts';
import { openFaultScene } from './fault-scene.ts';
import { faultSize, sayFigures } from './fault-size.ts';
import { inParallel } from './in-parallel.ts';
import { startKillableRedis } from './killable-redis.ts';
import { until } from './until.ts';

const size = faultSize({
  full: { loadMs: 3_600_000, jobsPerSecond: 12 },
  short: { loadMs: 8000, jobsPerSecond: 25 },
});
const KEPT = '{ retention: 5s, expiresIn: 5s }';
/** Retention, deadlines, the trimming of lists once a minute, and what waits for it. */
const BACK_WITHIN_MS = 180_000;

test(
  'after long load with failures everything in Redis is back to where it was',
  async () => {
    await using redis = await startKillableRedis();
    await using scene = await openFaultScene({
      redisUrl: redis.url,
      replyTo: moody,
      providers: { first: '', second: '' },
      configuration: `
routes:
  chat: { targets: [ { provider: first, model: m }, { provider: second, model: m } ] }
defaults: ${KEPT}
`,
    });
    const { broker } = scene;
    const client = new Redis(redis.url);
    try {
      let submitted = 0;
      const submit = async () => {
        submitted += 1;
        const response = await broker.request('/v1/jobs', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            endpoint: '/v1/chat/completions',
            body: chatBody(`load-${submitted}`, 'chat'),
          }),
        });
        // On a machine that is busy with other things Redis may be late: then nothing was accepted.
        if (response.status === 503) return false;
        expect(response.status).toBe(202);
        const { id } = (await response.json()) as { id: string };
        if (submitted % 10 === 0) await broker.request(`/v1/jobs/${id}/cancel`, { method: 'POST' });
        return true;
      };
      // What the first jobs leave for good, such as the queues' own keys, belongs to the baseline.
      await inParallel([...Array(300).keys()], 20, () =>
        until('accepted job', 30_000, async () => (await submit()) || undefined),
      );
      await until('emptiness', BACK_WITHIN_MS, () => noJobs(client, broker.keyPrefix));
      const before = await footprint(client, broker.keyPrefix);

      const startedAt = performance.now();
      const deadline = startedAt + size.loadMs;
      let peak = before;
      for (let tick = 1; performance.now() < deadline; tick += 1) {
        await submit();
        if (tick % 100 === 0) {
          const now = await footprint(client, broker.keyPrefix);
          if (now.bytes > peak.bytes) peak = now;
        }
        await sleep(
          Math.max(0, startedAt + (tick * 1000) / size.jobsPerSecond - performance.now()),
        );
      }
      await until('emptiness', BACK_WITHIN_MS, () => noJobs(client, broker.keyPrefix));
      const after = await footprint(client, broker.keyPrefix);
      sayFigures('baseline', {
        submitted,
        before: told(before),
        peak: told(peak),
        after: told(after),
      });
      expect(after.keys).toEqual(before.keys);
      // Beyond the keys: hash tables that grew, scripts, buffers of connections.
      expect(after.bytes - before.bytes).toBeLessThan(1_000_000);
    } finally {
      client.disconnect();
    }
  },
  size.loadMs + 2 * BACK_WITHIN_MS + 60_000,
);

/** Some calls fail, some wait for a cool-down; all jobs end. */
function moody({ number, provider }: { number: number; provider: string }): Reply {
  if (provider === 'first' && number % 5 === 0) return { status: 503, body: { error: {} } };
  if (provider === 'first' && number % 31 === 0) {
    return { status: 429, headers: { 'retry-after-ms': '200' }, body: { error: {} } };
  }
  return {};
}

interface Footprint {
  /** The kinds of keys there are. */
  keys: string[];
  bytes: number;
}

async function footprint(client: Redis, keyPrefix: string): Promise<Footprint> {
  const all = (await client.keys(`${keyPrefix}:*`)).filter((key) => !isPassing(key));
  const sizes = await Promise.all(all.map((key) => client.memory('USAGE', key)));
  const bytes = sizes.reduce<number>((sum, one) => sum + (one ?? 0), 0);
  const lives = await Promise.all(all.filter(goesByItself).map((key) => client.pttl(key)));
  expect(lives, 'a key without an end (-1)').not.toContain(-1);
  // Each of the 64 shards has the same keys, from its first job on.
  const names = all
    .filter((key) => !goesByItself(key))
    .map((key) => key.replace(/\{u\d\d\}/, '{u}'));
  return { keys: [...new Set(names)].toSorted(), bytes };
}

/** Counts of a minute or an hour, kept for a day or a week; the marks of a project's fair share. */
function goesByItself(key: string): boolean {
  return /statistics\}?:(minute|hour):\d+$|:shares:\d+:marks:/.test(key);
}

/** Locks, leases and markers come and go with every look; suspicions of a target with its moods. */
function isPassing(key: string): boolean {
  return /:(leader|stalled-check|lock|marker|stalled|limiter)$|:suspects:/.test(key);
}

function told({ keys, bytes }: Footprint): object {
  return { keys: keys.length, bytes };
}

async function noJobs(client: Redis, keyPrefix: string): Promise<true | undefined> {
  const [jobs, due] = await Promise.all([
    client.keys(`${keyPrefix}:*:job:*`),
    client.keys(`${keyPrefix}:*:due`),
  ]);
  if (jobs.length + due.length > 0) {
    await sleep(500);
    return undefined;
  }
  const streams = await client.keys(`${keyPrefix}:{p:*}:events`);
  const lengths = await Promise.all(streams.map((key) => client.xlen(key)));
  if (lengths.some((length) => length > 0)) {
    await sleep(500);
    return undefined;
  }
  // Lists are trimmed later than the jobs they name.
  const lists = await client.keys(`${keyPrefix}:{p:*}:jobs:*`);
  const members = await Promise.all(lists.map((key) => client.zcard(key)));
  if (members.some((count) => count > 0)) await sleep(500);
  return members.every((count) => count === 0) ? true : undefined;
}
