import { expect, test } from 'vitest';
import { expectLedgerKept } from './audit.ts';
import { openFaultScene } from './fault-scene.ts';
import { faultSize, sayFigures } from './fault-size.ts';
import { startKillableRedis } from './killable-redis.ts';
import { chatBody } from './persistent-client.ts';
import { until } from './until.ts';

const size = faultSize({
  full: { outages: 10, downMs: 10_000 },
  short: { outages: 2, downMs: 2500 },
});
const REFUSED_WITHIN_MS = 1000;
const BACK_WITHIN_MS = 5000;

test('without Redis a submit is refused within a second, and all is well within five of its return', async () => {
  await using redis = await startKillableRedis();
  await using scene = await openFaultScene({ redisUrl: redis.url });
  const { ledger, broker, client } = scene;
  const submitOnce = async (token: string) => {
    const askedAt = performance.now();
    const response = await broker.request('/v1/jobs', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': token },
      body: JSON.stringify({ endpoint: '/v1/chat/completions', body: chatBody(token, 'chat') }),
    });
    await response.body?.cancel();
    return { response, tookMs: Math.round(performance.now() - askedAt) };
  };
  const slowest = { refusalMs: 0, completedMs: 0 };
  for (let outage = 0; outage < size.outages; outage += 1) {
    await client.watch(await client.submit(`before-${outage}`, 'chat'));
    await redis.kill();
    const downUntil = performance.now() + size.downMs;
    for (let tries = 0; tries < 3 || performance.now() < downUntil; tries += 1) {
      const { response, tookMs } = await submitOnce(`during-${outage}-${tries}`);
      expect(response.status).toBe(503);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(tookMs).toBeLessThanOrEqual(REFUSED_WITHIN_MS);
      slowest.refusalMs = Math.max(slowest.refusalMs, tookMs);
      expect((await fetch(`${broker.url}/healthz`)).status).toBe(200);
      expect((await fetch(`${broker.url}/readyz`)).status).toBe(503);
    }
    await redis.start();
    const backAt = performance.now();
    await until('acceptance after Redis is back', BACK_WITHIN_MS, async () =>
      (await submitOnce(`probe-${outage}`)).response.status === 202 ? true : undefined,
    );
    await client.watch(await client.submit(`probe-${outage}`, 'chat'), BACK_WITHIN_MS);
    const completedMs = Math.round(performance.now() - backAt);
    slowest.completedMs = Math.max(slowest.completedMs, completedMs);
    expect(completedMs).toBeLessThanOrEqual(BACK_WITHIN_MS);
  }
  await expectLedgerKept(ledger, client);
  sayFigures('Redis down', { outages: size.outages, ...slowest });
}, 240_000);
