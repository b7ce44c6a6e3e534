import { randomBytes } from 'node:crypto';
import { createJobStore } from '@understudy/job-store';
import { createGuardedDispatcher } from '@understudy/outbound';
import { createLogger, readServiceEnvironment, unreadableTeller } from '@understudy/runtime';
import type { ServiceEnvironment } from '@understudy/runtime';
import { createDeliveries, openWebhookParts, wishesFor } from '@understudy/webhooks';
import { expect, onTestFinished, test } from 'vitest';
import { openTestRedis, uniqueKeyPrefix } from '../../../test/support/redis.ts';
import type { DelivererContext } from './deliverer-context.ts';
import { serveTurn } from './serve-turn.ts';

const SETTINGS = {
  retriesMs: [0],
  retentionMs: 600_000,
  timeoutMs: 15_000,
  concurrency: 8,
  maxEventBytes: 65_536,
};
/** A lease lasts for the timeout and a margin. */
const LEASE_MS = 20_000;
const REST_MS = 300_000;

/** As a process has it that is given this key alone. */
function sealerOf(id: string): ServiceEnvironment['sealer'] {
  const key = `${id}:${randomBytes(32).toString('base64')}`;
  return readServiceEnvironment({ UNDERSTUDY_ENCRYPTION_KEYS: key }).sealer;
}

/** Sealed deliveries of one endpoint, and a deliverer that lacks their key. */
async function openWithoutKey(count: number) {
  const [redis, keyPrefix] = [openTestRedis(), uniqueKeyPrefix()];
  let now = Date.now();
  const clock = { now: () => now, monotonic: () => now };
  const planned: { turn: number; at: number }[] = [];
  const queue: DelivererContext['queue'] = {
    add: async ({ turn }, delayMs) => {
      planned.push({ turn, at: now + delayMs });
    },
    close: async () => undefined,
  };
  const shared = { redis, keyPrefix, clock, turns: queue, settings: SETTINGS };
  const withKey = openWebhookParts({ ...shared, sealer: sealerOf('k1') });
  const wishes = Array.from({ length: count }, (_, index) => {
    const event = { id: `evt_${index}`, type: 'job.completed' as const, project: 'acme' };
    const callback = { url: 'https://a.example/hook', events: ['job.completed' as const] };
    return wishesFor({ ...event, job: `job_${index}`, at: now }, callback, []);
  }).flat();
  await createDeliveries(withKey, wishes, () => 0);

  const lines: string[] = [];
  const logger = createLogger('test', 'warn', { write: (line) => void lines.push(line) });
  const dispatcher = createGuardedDispatcher({ allow: [] });
  onTestFinished(() => dispatcher.close());
  const { signal } = new AbortController();
  const context: DelivererContext = {
    parts: openWebhookParts({ ...shared, sealer: sealerOf('k2') }),
    queue,
    jobs: createJobStore(redis, keyPrefix),
    dispatcher,
    clock,
    settings: SETTINGS,
    random: () => 0,
    draining: signal,
    stopping: signal,
    logger,
    tellUnreadable: unreadableTeller(logger, 'left alone'),
  };
  const { endpoint } = wishes[0]!.order;
  return {
    withKey,
    endpoint,
    lines,
    ids: wishes.map(({ order }) => order.id).toSorted(),
    /** Serves every turn that is due by then, and gives how many those were. */
    serveFor: async (ms: number) => {
      const until = now + ms;
      let served = 0;
      for (; (planned[0]?.at ?? Infinity) <= until; served += 1) {
        const { turn, at } = planned.shift()!;
        now = Math.max(now, at);
        await serveTurn(context, { endpoint, turn });
      }
      now = until;
      return served;
    },
    nextTurn: () => ({ ...planned[0]!, now }),
  };
}

test('deliveries that do not open are told of once, and rest for ever longer, up to minutes', async () => {
  const { serveFor, lines, ids, nextTurn, withKey, endpoint } = await openWithoutKey(20);
  expect(await serveFor(LEASE_MS - 1)).toBe(1);
  const [told] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(told).toMatchObject({ level: 40, endpoint, key: 'k1' });
  expect(ids).toContain(told?.['delivery']);
  const rests: number[] = [];
  for (let times = 0; times < 6; times += 1) {
    const { at, now } = nextTurn();
    expect(await serveFor(at - now)).toBe(1);
    rests.push(nextTurn().at - at);
  }
  expect(rests).toEqual([2, 4, 8, 15, 15, 15].map((leases) => leases * LEASE_MS));
  expect(lines).toHaveLength(1);

  // Once the key is back all of them go out with their next turn.
  const { turn, at, now } = nextTurn();
  expect(at - now).toBeLessThanOrEqual(REST_MS);
  await withKey.turns.begin(endpoint, turn, at);
  const options = { now: at, limit: 100, underWay: 0, leaseMs: LEASE_MS };
  const taken = await withKey.turns.take(endpoint, turn, options);
  expect(taken).toMatchObject({ kind: 'taken', unread: [] });
  expect(taken.kind === 'taken' ? taken.deliveries : []).toHaveLength(20);
});

test('a deliverer that has the key sends soon what another left alone', async () => {
  const { serveFor, nextTurn, withKey, endpoint } = await openWithoutKey(3);
  await serveFor(1000);
  const { turn, at, now } = nextTurn();
  expect(at - now).toBeLessThan(60_000);
  await withKey.turns.begin(endpoint, turn, at);
  const options = { now: at, limit: 8, underWay: 0, leaseMs: LEASE_MS };
  const taken = await withKey.turns.take(endpoint, turn, options);
  expect(taken.kind === 'taken' ? taken.deliveries : []).toHaveLength(3);
});

test('one that rests as it does not open is due at once where it is redelivered', async () => {
  const { serveFor, ids, nextTurn, withKey, endpoint } = await openWithoutKey(1);
  await serveFor(1000);
  const { now } = nextTurn();
  await withKey.deliveries.reopen({ endpoint, id: ids[0]! }, now);
  expect(await withKey.turns.wake(endpoint, now)).toMatchObject({ at: now });
});
