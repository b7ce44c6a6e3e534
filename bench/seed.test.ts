import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBroker } from './broker-contender.ts';
import { jobPayload, type Contender } from './contender.ts';
import { startRedis, type BenchRedis } from './redis-server.ts';
import { untilAnswered } from './until-answered.ts';
import { startUpstream, type Upstream } from './upstream.ts';
import { startYardstick } from './yardstick-contender.ts';

const JOBS = 60;
let redis: BenchRedis;
let upstream: Upstream;
beforeAll(async () => {
  redis = await startRedis();
  upstream = await startUpstream(0);
}, 30_000);
afterAll(async () => {
  await upstream.stop();
  await redis.stop();
}, 30_000);

test.each([
  ['broker', startBroker],
  ['yardstick', startYardstick],
] as const)(
  'jobs put into the queue of the %s past its API are answered once each, and no earlier than the upstream wants',
  async (_name, start) => {
    const contender: Contender = await start({ redisUrl: redis.url, upstream }, 5);
    try {
      const { answered } = await upstream.calls();
      await upstream.become({ state: 'held' });
      await contender.seed(JOBS);
      expect((await upstream.calls()).answered).toBe(answered);
      await upstream.become({ state: 'open' });
      await untilAnswered(upstream, answered + JOBS);
      // A job that is submitted after all of them is the last one to be called.
      expect(await contender.client.submit(jobPayload(1000), 20)).toMatchObject({
        status: 'completed',
      });
      expect((await upstream.calls()).answered).toBe(answered + JOBS + 1);
    } finally {
      await contender.stop();
    }
  },
  60_000,
);
