import { createWebhookTurns } from '@understudy/queue';
import type { WebhookTurns } from '@understudy/queue';
import type { Clock, Redis } from '@understudy/runtime';
import { createSealer } from '@understudy/sealing';
import type { Sealer } from '@understudy/sealing';
import { onTestFinished } from 'vitest';
import { openTestRedis, uniqueKeyPrefix } from '../../../../test/support/redis.ts';
import { createWebhookStore } from '../create-webhook-store.ts';
import { openWebhookParts } from '../webhook-parts.ts';
import type { WebhookParts } from '../webhook-parts.ts';
import type { WebhookStore } from '../webhook-store.ts';

export interface WebhookScene {
  redis: Redis;
  keyPrefix: string;
  parts: WebhookParts;
  store: WebhookStore;
  queue: WebhookTurns;
  /** Ids of deliveries that the store left out, as it could not read them. */
  leftOut: string[];
  /** Moves the time of the scene on. */
  pass(ms: number): void;
  clock: Clock;
}

/** A store with keys and a time of its own. */
export function openWebhookScene(
  retriesMs: readonly number[] = [0, 1000, 4000],
  sealer: Sealer = createSealer([]),
  keyPrefix: string = uniqueKeyPrefix(),
): WebhookScene {
  const redis = openTestRedis();
  let now = Date.now();
  const clock = { now: () => now, monotonic: () => now };
  const turns = createWebhookTurns(redis, keyPrefix);
  onTestFinished(() => turns.close());
  const settings = { retriesMs, retentionMs: 600_000 };
  const leftOut: string[] = [];
  const options = { redis, keyPrefix, clock, turns, settings, sealer };
  return {
    redis,
    keyPrefix,
    parts: openWebhookParts(options),
    store: createWebhookStore({ ...options, tellUnreadable: ({ id }) => void leftOut.push(id) }),
    queue: turns,
    leftOut,
    pass: (ms) => {
      now += ms;
    },
    clock,
  };
}
