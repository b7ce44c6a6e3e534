import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startFakeVendor } from '../support/fake-vendor.ts';
import { matchingKeys } from '../support/matching-keys.ts';
import { connectToTestRedis } from '../support/redis.ts';
import type { ServiceProcess } from '../support/service-process.ts';
import { startBroker, type Broker } from '../support/start-broker.ts';
import { faultSize, sayFigures } from './fault-size.ts';
import { inParallel } from '../../packages/runtime/src/index.ts';
import { until } from './until.ts';
import { MOODS as ALL_MOODS, startWebhookReceivers, type Mood } from './webhook-receivers.ts';

const size = faultSize({
  full: {
    jobs: 10_000,
    receivers: 50,
    killEveryMs: 5000,
    kills: 24,
    timeoutMs: 2000,
    retries: '[0s, 500ms, 1s, 2s, 4s, 8s]',
  },
  short: {
    jobs: 200,
    receivers: 20,
    killEveryMs: 1500,
    kills: 2,
    timeoutMs: 500,
    retries: '[0s, 200ms, 400ms, 800ms, 1600ms]',
  },
});

const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const DELIVERER = 'webhook-deliverer';
const SUBMITTERS = 16;
const SETTLED_WITHIN_MS = 300_000;

/** Three of ten receivers are hostile, each kind in turn; one of ten answers slowly. */
const HOSTILE: readonly Mood[] = ['fails', 'hangs', 'redirects', 'closes'];
const MOODS = Array.from({ length: size.receivers }, (_, receiver): Mood => {
  if (receiver % 10 < 3) return HOSTILE[receiver % HOSTILE.length] ?? 'fails';
  return receiver % 10 === 3 ? 'slow' : 'good';
});

interface DeliveryRow {
  state: string;
  settlements: number;
  eventId: string;
  receiver: number;
  reason: string;
}

/** What Redis holds of every delivery of the broker. */
async function readDeliveries(
  redis: ReturnType<typeof connectToTestRedis>,
  keyPrefix: string,
): Promise<DeliveryRow[]> {
  const names = await matchingKeys(redis, `${keyPrefix}:{wh:*}:delivery:*`);
  const fields = await Promise.all(
    names
      .filter((name) => !name.endsWith(':log'))
      .map((name) => redis.hmget(name, 'st', 'settlements', 'order', 'reason')),
  );
  return fields.map(([state, settlements, order, reason]) => {
    const { event, url }: { event: { id: string }; url: string } = JSON.parse(order ?? '');
    return {
      state: state ?? '',
      settlements: Number(settlements),
      eventId: event.id,
      receiver: Number(url.slice(url.lastIndexOf('/') + 1)),
      reason: reason ?? '',
    };
  });
}

async function submitAll(broker: Broker, urlOf: (receiver: number) => string): Promise<string[]> {
  const numbers = Array.from({ length: size.jobs }, (_, number) => number);
  return inParallel(numbers, SUBMITTERS, async (number) => {
    const job = await broker.submit({
      endpoint: '/v1/chat/completions',
      body: { model: 'chat', messages: [{ role: 'user', content: `event ${number}` }] },
      callback: { url: urlOf(number % size.receivers), secret: SECRET },
    });
    return job.id;
  });
}

/** Kills the deliverer at an even pace, each time while it is at work, and starts it again at once. */
async function killRepeatedly(broker: Broker, first: ServiceProcess): Promise<void> {
  let deliverer = first;
  for (let kill = 0; kill < size.kills; kill += 1) {
    await sleep(size.killEveryMs);
    deliverer.kill('SIGKILL');
    expect(await deliverer.ended).toBe('SIGKILL');
    deliverer = await broker.startService(DELIVERER);
  }
}

test(
  'every event is delivered or a dead letter, and settled once, while the deliverer is killed',
  async () => {
    expect(new Set(MOODS)).toEqual(new Set(ALL_MOODS));
    const vendor = await startFakeVendor();
    await using receivers = await startWebhookReceivers(MOODS, SECRET, size.timeoutMs / 5);
    await using broker = await startBroker({
      kinds: ['openai-compatible'],
      configuration: `
providers:
  only: { kind: openai-compatible, baseUrl: "${vendor.url}/only/v1", concurrency: 32 }
routes: { chat: { targets: [ { provider: only, model: m } ] } }
outbound: { allow: ["127.0.0.0/8"] }
webhooks: { timeout: ${size.timeoutMs}ms, retries: ${size.retries}, concurrency: 8 }
`,
    });
    const redis = connectToTestRedis();
    const deliverer = await broker.startService(DELIVERER);
    const startedAt = performance.now();
    const [ids] = await Promise.all([
      submitAll(broker, receivers.urlOf),
      killRepeatedly(broker, deliverer),
    ]);
    const submittedMs = Math.round(performance.now() - startedAt);
    const rows = await until('end of every delivery', SETTLED_WITHIN_MS, async () => {
      await sleep(500);
      const found = await readDeliveries(redis, broker.keyPrefix);
      const settled = found.filter(({ state }) => state !== 'pending');
      return settled.length >= size.jobs ? found : undefined;
    });
    const settledMs = Math.round(performance.now() - startedAt);
    redis.disconnect();
    await vendor.close();

    const delivered = rows.filter(({ state }) => state === 'delivered');
    sayFigures('webhooks', {
      jobs: ids.length,
      delivered: delivered.length,
      dead: rows.length - delivered.length,
      requests: receivers.requests(),
      repeated: [...receivers.events.values()].filter(({ taken }) => taken > 1).length,
      kills: size.kills,
      submittedMs,
      settledMs,
    });
    expect(receivers.problems).toEqual([]);
    expect(rows).toHaveLength(size.jobs);
    expect(new Set(rows.map(({ eventId }) => eventId)).size).toBe(size.jobs);
    expect(rows.filter(({ settlements }) => settlements !== 1)).toEqual([]);
    // What counts as delivered was taken; what a healthy receiver was sent is no dead letter.
    expect(delivered.filter(({ eventId }) => !receivers.events.get(eventId)?.taken)).toEqual([]);
    const lost = rows.filter(({ state, receiver }) => {
      const mood = MOODS[receiver];
      return state !== 'delivered' && (mood === 'good' || mood === 'slow');
    });
    expect(lost).toEqual([]);
    expect(rows.length - delivered.length).toBe((size.jobs * 3) / 10);
  },
  SETTLED_WITHIN_MS + 300_000,
);
