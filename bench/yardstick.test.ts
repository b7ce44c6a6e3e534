import { afterAll, beforeAll, expect, test } from 'vitest';
import { jobPayload, type Contender } from './contender.ts';
import { measureIdle } from './measure-idle.ts';
import { measureThroughput } from './measure-throughput.ts';
import { startRedis, type BenchRedis } from './redis-server.ts';
import { startUpstream, type Upstream } from './upstream.ts';
import { startYardstick } from './yardstick-contender.ts';

const LATENCY_MS = 20;
let redis: BenchRedis;
let upstream: Upstream;
let yardstick: Contender;
beforeAll(async () => {
  redis = await startRedis();
  upstream = await startUpstream(LATENCY_MS);
  yardstick = await startYardstick({ redisUrl: redis.url, upstream }, 10);
}, 30_000);
afterAll(async () => {
  await yardstick.stop();
  await upstream.stop();
  await redis.stop();
}, 30_000);

test('every job of a load costs one call and is completed, and each process used CPU', async () => {
  const load = { jobs: 300, requestBytes: 1_000, clientConcurrency: 10 };
  const result = await measureThroughput(yardstick, { redis, upstream }, load);
  expect(result.jobsPerSecond).toBeGreaterThan(0);
  expect(result.jobsPerSecond).toBeLessThan(200 / (LATENCY_MS / 1000));
  expect(Object.keys(result.cpuMicrosecondsPerJob).toSorted()).toEqual(['api', 'redis', 'worker']);
  for (const used of Object.values(result.cpuMicrosecondsPerJob)) expect(used).toBeGreaterThan(0);
});

test('an idle job is timed from submit over the call to the answer', async () => {
  const samples = await measureIdle(yardstick, upstream, { jobs: 3, requestBytes: 1_000 });
  for (const { toCallMs, totalMs, ownMs } of samples) {
    expect(toCallMs).toBeGreaterThan(0);
    expect(ownMs).toBeGreaterThan(toCallMs);
    expect(totalMs).toBeGreaterThanOrEqual(ownMs + LATENCY_MS - 1);
  }
});

test('the answer of the provider is kept with the job', async () => {
  const { id } = await yardstick.client.submit(jobPayload(30_000), 10);
  expect(await yardstick.client.look(id)).toMatchObject({
    status: 'completed',
    result: { body: { object: 'chat.completion', usage: expect.anything() } },
  });
});
