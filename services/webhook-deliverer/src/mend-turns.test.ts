import { createWebhookTurns } from '@understudy/queue';
import { createLogger } from '@understudy/runtime';
import type { UnreadableTeller } from '@understudy/runtime';
import { createDeliveries, openWebhookParts, wishesFor } from '@understudy/webhooks';
import type { DeliveryTurns, WebhookParts } from '@understudy/webhooks';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openTestRedis, uniqueKeyPrefix } from '../../../test/support/redis.ts';
import { mendTurns } from './mend-turns.ts';

const RETENTION_MS = 600_000;
/** Longer ago than endpoints are left to their turns. */
const WOKEN_MS = 120_000;

/**
 * Endpoints of so many pending deliveries each, whose turns are lost; in the order in which they are
 * looked at.
 */
async function openLostTurns(hosts: readonly string[], ofEach = 1) {
  const [redis, keyPrefix] = [openTestRedis(), uniqueKeyPrefix()];
  const turns = createWebhookTurns(redis, keyPrefix);
  onTestFinished(() => turns.close());
  let now = Date.now();
  const clock = { now: () => now, monotonic: () => now };
  const settings = { retriesMs: [0], retentionMs: RETENTION_MS };
  const parts = openWebhookParts({ redis, keyPrefix, clock, turns, settings });
  const orders = [];
  for (const host of hosts) {
    const callback = { url: `https://${host}/`, events: ['job.completed' as const] };
    const wishes = Array.from({ length: ofEach }, (_, index) => {
      const event = { id: `evt_${host}_${index}`, type: 'job.completed' as const, project: 'acme' };
      return wishesFor({ ...event, job: host, at: now }, callback, []);
    }).flat();
    await createDeliveries(parts, wishes, () => 0);
    orders.push(...wishes.map(({ order }) => order));
    now += 1;
  }
  now += WOKEN_MS;
  const wake = vi.fn<WebhookParts['wake']>(parts.wake);
  const tellUnreadable = vi.fn<UnreadableTeller>();
  const logger = createLogger('test', 'silent');
  return {
    context: { parts: { ...parts, wake }, clock, logger, tellUnreadable },
    redis,
    orders,
    deliveryKey: ({ endpoint, id }: { endpoint: string; id: string }) =>
      `${keyPrefix}:{wh:${endpoint}}:delivery:${id}`,
    /** As a turn settles it whose process dies before it is listed. */
    settle: async (endpoint: string) => {
      const plan = await parts.turns.wake(endpoint, now);
      await parts.turns.begin(endpoint, plan!.turn, now);
      const options = { now, limit: ofEach, underWay: 0, leaseMs: 1000 };
      const taken = await parts.turns.take(endpoint, plan!.turn, options);
      if (taken.kind !== 'taken') throw new Error(taken.kind);
      for (const delivery of taken.deliveries) {
        await parts.turns.settle(endpoint, delivery, now, {
          outcome: 'delivered',
          try: { started_at: now, outcome: 'delivered' },
          restsMs: [1000],
          keepMs: RETENTION_MS,
        });
      }
    },
    later: () => {
      now += WOKEN_MS;
    },
  };
}

test('a settled delivery that cannot be read holds up no turn, and is listed once it can be', async () => {
  const scene = await openLostTurns(['first.example', 'second.example']);
  const { context, redis, deliveryKey } = scene;
  const [first, second] = scene.orders;
  await scene.settle(first!.endpoint);
  const key = deliveryKey(first!);
  const order = await redis.hget(key, 'order');
  await redis.hset(key, 'order', '{}');
  await mendTurns(context);
  expect(context.parts.wake.mock.calls).toEqual([[[first!.endpoint]], [[second!.endpoint]]]);
  const delivered = () => context.parts.lists.page('acme', { state: 'delivered' }, undefined, 10);
  expect(await delivered()).toEqual([]);

  await redis.hset(key, 'order', order ?? '');
  scene.later();
  await mendTurns(context);
  expect(await delivered()).toMatchObject([{ id: first!.id }]);
  const active = await context.parts.turns.activeBefore(Number.MAX_SAFE_INTEGER, 10);
  expect(active.map(({ endpoint }) => endpoint)).toEqual([second!.endpoint]);
});

test.each([
  ['one', 1],
  ['a whole page of them', 200],
])('%s that cannot be read keeps no other of its endpoint out of the lists', async (_, count) => {
  const scene = await openLostTurns(['first.example'], count + 1);
  const { context, redis, deliveryKey, orders } = scene;
  const { endpoint } = orders[0]!;
  await scene.settle(endpoint);
  const { turns, lists } = context.parts;
  const settled = await turns.unlisted(endpoint, 0, count + 1);
  const [last] = settled.slice(count);
  const damaged = settled.slice(0, count);
  for (const id of damaged) await redis.hset(deliveryKey({ endpoint, id }), 'order', '{}');
  await mendTurns(context);
  expect(await lists.page('acme', { state: 'delivered' }, undefined, 10)).toMatchObject([
    { id: last },
  ]);
  expect(await turns.unlisted(endpoint, 0, count + 1)).toEqual(damaged);
  const told = context.tellUnreadable.mock.calls.map(([{ id }]) => id);
  expect(told).toEqual(damaged);
  expect(context.parts.wake).toHaveBeenCalledWith([endpoint]);
});

test('a Redis that is away ends it', async () => {
  const { context } = await openLostTurns(['first.example', 'second.example']);
  const closed = new Error('Connection is closed.');
  const unlisted = vi.fn<DeliveryTurns['unlisted']>(() => Promise.reject(closed));
  const turns = { ...context.parts.turns, unlisted };
  const mending = mendTurns({ ...context, parts: { ...context.parts, turns } });
  await expect(mending).rejects.toThrow('Connection is closed.');
  expect(unlisted).toHaveBeenCalledTimes(1);
});
