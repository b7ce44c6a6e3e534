import { expect, onTestFinished, test } from 'vitest';
import { matchingKeys } from '../support/matching-keys.ts';
import { startFakeVendor } from '../support/fake-vendor.ts';
import { openTestRedis } from '../support/redis.ts';
import { startBroker } from '../support/start-broker.ts';

const JOBS = 40;

test('finished jobs leave nothing behind when their time is over, but the memory of their idempotency keys', async () => {
  const vendor = await startFakeVendor();
  onTestFinished(() => vendor.close());
  const broker = await startBroker({
    kinds: ['openai-compatible'],
    configuration: `
providers:
  only: { kind: openai-compatible, baseUrl: "${vendor.url}/v1" }
routes:
  chat: { targets: [ { provider: only, model: m } ] }
defaults: { retention: 6s, expiresIn: 3s }
`,
  });
  onTestFinished(() => broker.stop());
  const redis = openTestRedis();
  const keysOfJobs = () => matchingKeys(redis, `${broker.keyPrefix}:*:job*`);
  const submit = (key: string) =>
    broker.request('/v1/jobs', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({
        endpoint: '/v1/chat/completions',
        body: { model: 'chat', messages: [{ role: 'user', content: 'Hello' }] },
      }),
    });
  const responses = await Promise.all(Array.from({ length: JOBS }, (_, n) => submit(`key-${n}`)));
  for (const response of responses) {
    await broker.waitForJob(((await response.json()) as { id: string }).id);
  }
  expect((await keysOfJobs()).length).toBeGreaterThan(JOBS);

  await expect
    .poll(async () => (await keysOfJobs()).filter((key) => !key.endsWith(':tombstone')), {
      timeout: 20_000,
    })
    .toEqual([]);
  const due = await matchingKeys(redis, `${broker.keyPrefix}:*:due`);
  expect(due).toEqual([]);
  expect(await matchingKeys(redis, `${broker.keyPrefix}:queue:*default*`)).toEqual([]);
  // A repeat of an old submit makes no second job.
  expect((await submit('key-0')).status).toBe(410);
});
