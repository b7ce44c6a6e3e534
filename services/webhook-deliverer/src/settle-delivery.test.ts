import { createLogger } from '@understudy/runtime';
import { createDeliveries, openWebhookParts, wishesFor } from '@understudy/webhooks';
import { expect, test } from 'vitest';
import { openTestRedis, uniqueKeyPrefix } from '../../../test/support/redis.ts';
import { settleDelivery } from './settle-delivery.ts';

const HOUR_MS = 3_600_000;
const NOON = Date.UTC(2026, 10, 24, 12);

/** One delivery under way to an address that answers 503 and asks for an hour. */
async function openTry() {
  const clock = { now: () => NOON, monotonic: () => 0 };
  const settings = {
    retriesMs: [0, 40, HOUR_MS],
    retentionMs: 600_000,
    timeoutMs: 15_000,
    concurrency: 8,
    maxEventBytes: 65_536,
  };
  const turns = { add: async () => undefined, close: async () => undefined };
  const keyPrefix = uniqueKeyPrefix();
  const parts = openWebhookParts({ redis: openTestRedis(), keyPrefix, clock, turns, settings });
  const event = { id: 'evt_1_v3', type: 'job.completed' as const, project: 'acme', job: 'job_1' };
  const callback = { url: 'https://a.example/old', events: ['job.completed' as const] };
  const wishes = wishesFor({ ...event, at: NOON }, callback, []);
  await createDeliveries(parts, wishes, () => 0);
  const { endpoint } = wishes[0]!.order;
  const plan = (await parts.turns.wake(endpoint, NOON))!;
  await parts.turns.begin(endpoint, plan.turn, NOON);
  const takeAt = async (now: number) => {
    const options = { now, limit: 8, underWay: 0, leaseMs: 20_000 };
    return parts.turns.take(endpoint, plan.turn, options);
  };
  const found = await takeAt(NOON);
  if (found.kind !== 'taken') throw new Error(found.kind);
  const logger = createLogger('test', 'silent');
  return {
    context: { parts, clock, settings, random: () => 0.5, logger },
    endpoint,
    taken: found.deliveries[0]!,
    takeAt,
    sent: {
      url: callback.url,
      version: (await parts.endpoints.readVersion(endpoint))!.version,
      verdict: { outcome: 'failed' as const, retryAfterMs: HOUR_MS },
      refused: false,
      entry: { started_at: NOON, outcome: 'failed' as const, status_code: 503 },
    },
  };
}

test('what an address asks for holds the endpoint that is still there', async () => {
  const { context, taken, sent, takeAt } = await openTry();
  expect(await settleDelivery(context, taken, sent)).toBe(true);
  expect(await takeAt(NOON + 40)).toEqual({ kind: 'resting' });
});

test('one that moves at the last moment is not held by what its old address asked for', async () => {
  const { context, taken, sent, endpoint, takeAt } = await openTry();
  const { parts } = context;
  const settle: typeof parts.turns.settle = async (...given) => {
    await parts.endpoints.change(endpoint, (known) => ({ ...known, url: 'https://a.example/new' }));
    return parts.turns.settle(...given);
  };
  const moving = { ...context, parts: { ...parts, turns: { ...parts.turns, settle } } };
  expect(await settleDelivery(moving, taken, sent)).toBe(true);
  expect(await takeAt(NOON + 40)).toMatchObject({ kind: 'taken', deliveries: [{ id: taken.id }] });
});
