import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Callback } from '@understudy/contracts';
import { createJobStore } from '@understudy/job-store';
import type { JobStore } from '@understudy/job-store';
import { createWebhookTurns } from '@understudy/queue';
import { createLogger, createRedisClock, readServiceEnvironment } from '@understudy/runtime';
import type { Closable, Redis } from '@understudy/runtime';
import {
  createDeliveries,
  createWebhookStore,
  deliveryIdOf,
  openWebhookParts,
  wishesFor,
} from '@understudy/webhooks';
import type {
  DeliveryReport,
  DeliveryState,
  WebhookParts,
  WebhookStore,
} from '@understudy/webhooks';
import { expect, onTestFinished, vi } from 'vitest';
import { startFakeVendor } from '../../../../test/support/fake-vendor.ts';
import type { FakeVendor } from '../../../../test/support/fake-vendor.ts';
import { openTestRedis, testRedisUrl, uniqueKeyPrefix } from '../../../../test/support/redis.ts';
import { startDeliverer } from '../start-deliverer.ts';

export const PROJECT = 'acme';
export const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

export interface DelivererScene {
  /** Any path of it is a receiver. */
  receiver: FakeVendor;
  parts: WebhookParts;
  store: WebhookStore;
  jobs: JobStore;
  redis: Redis;
  keyPrefix: string;
  deliverer: Closable;
  /** Starts one more replica. */
  startDeliverer(): Promise<Closable>;
  /** Tells a callback at a path of the receiver that a job completed. Gives the delivery's id. */
  tell(job: string, path: string, given?: Partial<Callback>): Promise<string>;
  /** Resolves with the delivery once it is in this state. */
  becomes(delivery: string, state: DeliveryState): Promise<DeliveryReport>;
}

/** A deliverer in this process, over a configuration file, and a receiver on loopback. */
export async function openDelivererScene(
  webhooks = '{ timeout: 3s, retries: [0s, 40ms, 80ms], concurrency: 4 }',
): Promise<DelivererScene> {
  const receiver = await startFakeVendor();
  onTestFinished(() => receiver.close());
  receiver.onCall(/./, { status: 200, body: 'ok' });
  const folder = await mkdtemp(join(tmpdir(), 'understudy-deliverer-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const configPath = join(folder, 'understudy.yaml');
  await writeFile(configPath, `webhooks: ${webhooks}\noutbound: { allow: ["127.0.0.0/8"] }\n`);

  const [redisUrl, keyPrefix] = [testRedisUrl(), uniqueKeyPrefix()];
  const redis = openTestRedis();
  const clock = createRedisClock(redis);
  onTestFinished(() => clock.close());
  await clock.sync();
  const turns = createWebhookTurns(redis, keyPrefix);
  onTestFinished(() => turns.close());
  const settings = { retriesMs: [0, 40, 80], retentionMs: 600_000 };
  const options = { redis, keyPrefix, clock, turns, settings };
  const parts = openWebhookParts(options);
  const store = createWebhookStore(options);
  const start = async (): Promise<Closable> => {
    const environment = readServiceEnvironment({
      REDIS_URL: redisUrl,
      UNDERSTUDY_KEY_PREFIX: keyPrefix,
      UNDERSTUDY_CONFIG: configPath,
      LOG_LEVEL: 'silent',
    });
    const started = await startDeliverer(environment, createLogger('test', 'silent'));
    onTestFinished(() => started.close());
    return started;
  };
  return {
    receiver,
    parts,
    store,
    jobs: createJobStore(redis, keyPrefix),
    redis,
    keyPrefix,
    deliverer: await start(),
    startDeliverer: start,
    tell: async (job, path, given) => {
      const event = {
        id: `evt_${job}_v3`,
        type: 'job.completed' as const,
        project: PROJECT,
        job: `job_${job}`,
        at: clock.now(),
      };
      const url = `${receiver.url}${path}`;
      const callback = { url, events: ['job.completed' as const], secret: SECRET, ...given };
      const wishes = wishesFor(event, callback, []);
      await createDeliveries(parts, wishes, () => 0);
      return deliveryIdOf(event.id, wishes[0]!.order.endpoint);
    },
    becomes: (delivery, state) =>
      vi.waitFor(
        async () => {
          const report = await store.readDelivery(PROJECT, delivery);
          expect(report?.delivery.state).toBe(state);
          return report!;
        },
        { timeout: 8000 },
      ),
  };
}
