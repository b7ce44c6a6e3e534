import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { startFakeVendor } from '../support/fake-vendor.ts';
import { startLocalRedis } from '../support/local-redis.ts';
import { startBroker } from '../support/start-broker.ts';

const MEMORY_BYTES = 48 * 1024 * 1024;
const BODY_BYTES = 200_000;
const IN_FLIGHT = 10;

test('near the end of its memory Redis takes no new jobs, drains what was accepted, and takes new ones', async () => {
  const redis = await startLocalRedis();
  onTestFinished(() => redis.stop());
  const control = new Redis(redis.url);
  onTestFinished(() => control.disconnect());
  await control.config('SET', 'maxmemory', MEMORY_BYTES);
  const vendor = await startFakeVendor();
  onTestFinished(() => vendor.close());
  vendor.onCall(() => true, { answer: 'never' });
  const broker = await startBroker({
    kinds: ['openai-compatible'],
    redisUrl: redis.url,
    configuration: `
providers:
  only: { kind: openai-compatible, baseUrl: "${vendor.url}/v1", concurrency: 4, timeout: 2s }
routes:
  chat: { targets: [ { provider: only, model: m } ] }
`,
  });
  onTestFinished(() => broker.stop());
  const submit = () =>
    broker.request('/v1/jobs', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        endpoint: '/v1/chat/completions',
        body: { model: 'chat', messages: [{ role: 'user', content: 'x'.repeat(BODY_BYTES) }] },
      }),
    });

  // Nobody answers, so what is accepted stays until admission stops.
  const accepted: string[] = [];
  let refused: Response | undefined;
  while (refused === undefined) {
    const responses = await Promise.all(Array.from({ length: IN_FLIGHT }, submit));
    for (const response of responses) {
      if (response.status === 202) accepted.push(((await response.json()) as { id: string }).id);
      // A Redis that is late for a moment wants the caller back after one second.
      else if (response.headers.get('retry-after') !== '1') refused = response;
    }
  }
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10']);
  expect(accepted.length).toBeGreaterThan(50);

  vendor.reset();
  // Some finished jobs are dropped to make room: one that is gone has ended.
  await expect
    .poll(
      async () => {
        const list = await broker.request('/v1/jobs?status=queued&limit=100');
        return ((await list.json()) as { data: unknown[] }).data.length;
      },
      { timeout: 60_000 },
    )
    .toBe(0);
  const answered = vendor.calls.filter(({ closedByClient }) => !closedByClient).length;
  expect(answered).toBeGreaterThanOrEqual(accepted.length - 4);
  await expect.poll(async () => (await submit()).status, { timeout: 30_000 }).toBe(202);
  expect((await broker.request('/readyz')).status).toBe(200);
});
