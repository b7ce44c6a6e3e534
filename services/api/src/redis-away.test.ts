import { expect, test } from 'vitest';
import { mortalRedis } from './testing/mortal-redis.ts';
import { chatJob, startTestApi, submit } from './testing/start-test-api.ts';
import type { TestApi } from './testing/start-test-api.ts';

async function timed(call: () => Promise<Response>) {
  const startedAt = performance.now();
  const response = await call();
  return { response, durationMs: performance.now() - startedAt };
}

const submitOnce = (api: TestApi) => () =>
  api.call('/v1/jobs', { method: 'POST', body: chatJob() });

test('without Redis every call is 503 within a second, and all is well when it is back', async () => {
  const redis = await mortalRedis();
  await redis.start();
  const api = await startTestApi({ redisUrl: redis.url });
  const id = await submit(api);
  await redis.kill();
  for (const call of [
    submitOnce(api),
    () => api.call(`/v1/jobs/${id}`),
    () => api.call('/v1/jobs'),
  ]) {
    const { response, durationMs } = await timed(call);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(durationMs).toBeLessThan(1000);
    expect(await response.json()).toMatchObject({ error: { code: 'unavailable' } });
  }
  expect((await api.call('/healthz')).status).toBe(200);
  expect((await api.call('/readyz')).status).toBe(503);

  await redis.start();
  await expect.poll(async () => (await api.call('/readyz')).status, { timeout: 10_000 }).toBe(200);
  expect(await (await api.call(`/v1/jobs/${id}`)).json()).toMatchObject({ status: 'queued' });
  await submit(api);
}, 30_000);

test('a Redis that hangs is given up after a second', async () => {
  const redis = await mortalRedis();
  await redis.start();
  const api = await startTestApi({ redisUrl: redis.url });
  await submit(api);
  redis.pause();
  const { response, durationMs } = await timed(submitOnce(api));
  expect(response.status).toBe(503);
  expect(durationMs).toBeLessThan(5000);
}, 30_000);

test('a Redis that is out of memory refuses a submit with 503', async () => {
  const redis = await mortalRedis();
  await redis.start();
  const api = await startTestApi({ redisUrl: redis.url });
  await submit(api);
  await api.dispatch.redis.config('SET', 'maxmemory', '1mb');
  const response = await api.call('/v1/jobs', {
    method: 'POST',
    body: chatJob({}, { padding: 'x'.repeat(3_000_000) }),
  });
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
}, 30_000);

test('a Redis that is nearly full takes no new job, and takes them again when it has room', async () => {
  const redis = await mortalRedis();
  await redis.start();
  const api = await startTestApi({ redisUrl: redis.url });
  const id = await submit(api);
  const used = Number(/used_memory:(\d+)/.exec(await api.dispatch.redis.info('memory'))?.[1]);
  await api.dispatch.redis.config('SET', 'maxmemory', Math.round(used / 0.8));
  await expect.poll(async () => (await submitOnce(api)()).status, { timeout: 5000 }).toBe(503);
  const refused = await submitOnce(api)();
  expect(refused.headers.get('retry-after')).toBe('10');
  expect((await api.call(`/v1/jobs/${id}`)).status).toBe(200);

  await api.dispatch.redis.config('SET', 'maxmemory', used * 10);
  await expect.poll(async () => (await submitOnce(api)()).status, { timeout: 5000 }).toBe(202);
}, 30_000);
