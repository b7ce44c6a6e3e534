import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { startFakeVendor } from '../support/fake-vendor.ts';
import { startLocalCluster } from '../support/local-cluster.ts';
import { startBroker } from '../support/start-broker.ts';

const JOBS = 40;
/** Two seconds until the others give a master up, an election, and connections that find it. */
const FAILOVER_TIMEOUT_MS = 30_000;

const job = {
  endpoint: '/v1/chat/completions',
  body: { model: 'chat', messages: [{ role: 'user', content: 'Hello' }] },
};
const post = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(job),
};

test('while a master of a cluster is gone submits are refused or kept, and after the failover every accepted job ends', async () => {
  const cluster = await startLocalCluster({ replicated: true });
  onTestFinished(() => cluster.stop());
  const vendor = await startFakeVendor();
  onTestFinished(() => vendor.close());
  vendor.onCall(() => true, { delayMs: 100 });
  const broker = await startBroker({
    kinds: ['openai-compatible'],
    redisUrl: cluster.url,
    configuration: `
providers:
  first: { kind: openai-compatible, baseUrl: "${vendor.url}/v1", concurrency: 2 }
  second: { kind: openai-compatible, baseUrl: "${vendor.url}/v1", concurrency: 2 }
routes:
  chat: { targets: [ { split: [ { provider: first, model: m, weight: 1 }, { provider: second, model: m, weight: 1 } ] } ] }
redis: { replicas: 1 }
`,
  });
  onTestFinished(() => broker.stop());
  const accepted = await Promise.all(Array.from({ length: JOBS }, () => broker.submit(job)));
  const ids = accepted.map(({ id }) => id);

  const [lost] = cluster.masters;
  const [replica] = cluster.replicas;
  if (lost === undefined || replica === undefined) throw new Error('the cluster is empty');
  lost.kill('SIGKILL');
  const promoted = new Redis(replica.port, '127.0.0.1');
  onTestFinished(() => promoted.disconnect());
  const answers: { status: number; retryAfter: string | null }[] = [];
  const slowestMs: number[] = [];
  await expect
    .poll(
      async () => {
        const askedAt = performance.now();
        const response = await broker.request('/v1/jobs', post);
        slowestMs.push(performance.now() - askedAt);
        const { status, headers } = response;
        answers.push({ status, retryAfter: status === 202 ? '' : headers.get('retry-after') });
        if (status === 202) ids.push(((await response.json()) as { id: string }).id);
        return (await promoted.role())[0];
      },
      { timeout: FAILOVER_TIMEOUT_MS, interval: 50 },
    )
    .toBe('master');
  // Whoever is refused is refused soon, also those whose slot nobody holds.
  expect(Math.max(...slowestMs)).toBeLessThan(2500);
  for (const { status, retryAfter } of answers) {
    expect([202, 503]).toContain(status);
    expect(retryAfter).not.toBeNull();
  }

  const ended = await Promise.all(
    ids.map(async (id) => {
      await expect
        .poll(async () => (await broker.request(`/v1/jobs/${id}`)).status, {
          timeout: FAILOVER_TIMEOUT_MS,
        })
        .toBe(200);
      return broker.waitForJob(id);
    }),
  );
  expect(ended.map(({ status }) => status)).toEqual(ids.map(() => 'completed'));
  await expect
    .poll(async () => (await broker.request('/readyz')).status, { timeout: FAILOVER_TIMEOUT_MS })
    .toBe(200);
});
