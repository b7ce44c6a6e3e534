import { SCHEMA_VERSION } from '@understudy/contracts';
import type { JobEvent } from '@understudy/contracts';
import { jobKeys } from '@understudy/job-store';
import { expect, test } from 'vitest';
import { mortalRedis } from '../testing/mortal-redis.ts';
import { openCall } from '../testing/open-call.ts';
import { complete, startTestApi, type TestApi } from '../testing/start-test-api.ts';

const CHAT = { model: 'two-ways', messages: [{ role: 'user', content: 'hello' }] };

/** The last that is heard before Redis goes: whoever waits looks, and finds nobody there. */
function tellOfEnd({ dispatch }: TestApi, id: string): void {
  const job = { project: 'default', id };
  const event: JobEvent = { v: SCHEMA_VERSION, ...job, status: 'completed', version: 2 };
  const { channel } = jobKeys(dispatch.keyPrefix, job);
  dispatch.subscriber.emit('message', channel, JSON.stringify(event));
}

test('a call waits on while Redis is away, and hears the end of its job when it is back', async () => {
  const redis = await mortalRedis();
  await redis.start();
  const api = await startTestApi({ redisUrl: redis.url });
  const { id, answer } = await openCall(api, '/v1/chat/completions', CHAT);
  await redis.kill();
  tellOfEnd(api, id);
  await expect.poll(() => api.parts.longPolls.waiting()).toBe(0);
  await redis.start();
  await expect.poll(async () => (await api.call('/readyz')).status, { timeout: 10_000 }).toBe(200);
  await complete(api, id, '{"late":"but there"}');
  const response = await answer;
  expect([response.status, await response.text()]).toEqual([200, '{"late":"but there"}']);
}, 30_000);

test('a call that waits for an absent Redis is let go when the service stops', async () => {
  const redis = await mortalRedis();
  await redis.start();
  const api = await startTestApi({ redisUrl: redis.url });
  const { id, answer } = await openCall(api, '/v1/chat/completions', CHAT);
  await redis.kill();
  tellOfEnd(api, id);
  await expect.poll(() => api.parts.longPolls.waiting()).toBe(0);
  await api.app.close();
  const response = await answer;
  expect([response.status, response.headers.get('x-should-retry')]).toEqual([503, 'true']);
}, 30_000);
