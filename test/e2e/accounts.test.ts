import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFakeVendor, type FakeVendor } from '../support/fake-vendor.ts';
import { startBroker, type Broker } from '../support/start-broker.ts';

let vendor: FakeVendor;
let broker: Broker;

beforeAll(async () => {
  vendor = await startFakeVendor();
  broker = await startBroker({
    kinds: ['anthropic'],
    configuration: `
providers:
  anthropic-prod: { kind: anthropic, baseUrl: "${vendor.url}/prod", apiKey: "sk-ant-prod-key", concurrency: 3 }
  anthropic-backup: { kind: anthropic, baseUrl: "${vendor.url}/backup", apiKey: "sk-ant-backup-key", limits: { requestsPerMinute: 120 } }
routes:
  prod: { targets: [ { provider: anthropic-prod, model: claude-opus-4-6 } ] }
  backup: { targets: [ { provider: anthropic-backup, model: claude-opus-4-6 } ] }
`,
  });
  await broker.startService('worker-anthropic');
});
afterAll(async () => {
  await broker.stop();
  await vendor.close();
});

function job(model: string) {
  return {
    endpoint: '/v1/messages',
    body: { model, max_tokens: 50, messages: [{ role: 'user', content: 'Hello' }] },
  };
}

test('two accounts of one kind have each their key, and concurrency holds over all replicas', async () => {
  vendor.onCall(/^\/prod\//, { delayMs: 100 });
  const jobs = await Promise.all(Array.from({ length: 30 }, () => broker.submit(job('prod'))));
  const ended = await Promise.all(jobs.map(({ id }) => broker.waitForJob(id)));
  expect(ended.every(({ status }) => status === 'completed')).toBe(true);
  expect(vendor.open.most).toBe(3);
  expect(vendor.calls.every(({ headers }) => headers['x-api-key'] === 'sk-ant-prod-key')).toBe(
    true,
  );
});

test('requests per minute hold over all replicas in windows of about a second', async () => {
  vendor.reset();
  const jobs = await Promise.all(Array.from({ length: 8 }, () => broker.submit(job('backup'))));
  await Promise.all(jobs.map(({ id }) => broker.waitForJob(id)));
  const times = vendor.calls.map(({ receivedAt }) => receivedAt).toSorted((a, b) => a - b);
  expect(times).toHaveLength(8);
  // Two a second: eight calls span at least three windows.
  expect(Number(times.at(-1)) - Number(times[0])).toBeGreaterThan(2500);
  expect(vendor.calls[0]?.headers['x-api-key']).toBe('sk-ant-backup-key');
});
