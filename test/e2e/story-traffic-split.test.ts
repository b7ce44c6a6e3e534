import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { databricks } from '../support/fake-vendor-errors.ts';
import { startFakeVendor, type FakeVendor } from '../support/fake-vendor.ts';
import { startBroker, type Broker } from '../support/start-broker.ts';

const OPUS_47 = 'databricks-claude-opus-4-7';
const OPUS_46 = 'databricks-claude-opus-4-6';

let vendor: FakeVendor;
let broker: Broker;

beforeAll(async () => {
  vendor = await startFakeVendor();
  broker = await startBroker({
    kinds: ['databricks', 'anthropic'],
    configuration: `
providers:
  databricks: { kind: databricks, host: "${vendor.url}", token: "dapi-test-token" }
  anthropic-prod: { kind: anthropic, baseUrl: "${vendor.url}/anthropic", apiKey: "sk-ant-test-key" }
routes:
  opus:
    splitBy: metadata.tenant
    targets:
      - split:
          - { provider: databricks, model: ${OPUS_47}, weight: 70 }
          - { provider: databricks, model: ${OPUS_46}, weight: 30 }
      - { provider: anthropic-prod, model: claude-opus-4-7 }
`,
  });
});
afterAll(async () => {
  await broker.stop();
  await vendor.close();
});
beforeEach(() => vendor.reset());

function count(models: readonly unknown[]): Record<string, number> {
  return Object.fromEntries(
    [OPUS_46, OPUS_47].map((name) => [name, models.filter((model) => model === name).length]),
  );
}

function opusJob(tenant: string) {
  return {
    endpoint: '/v1/messages',
    metadata: { tenant },
    body: { model: 'opus', max_tokens: 50, messages: [{ role: 'user', content: 'Hello' }] },
  };
}

test('traffic split: the broker draws the version, the body names it, and all three names are on the attempt', async () => {
  const jobs = await Promise.all(
    Array.from({ length: 60 }, (_, index) => broker.submit(opusJob(`tenant-${index}`))),
  );
  const ended = await Promise.all(jobs.map(({ id }) => broker.waitForJob(id)));

  const drawn = ended.map(({ attempts }) => attempts[0]?.['model_drawn']);
  expect(new Set(drawn)).toEqual(new Set([OPUS_46, OPUS_47]));
  expect(drawn.filter((model) => model === OPUS_47).length).toBeGreaterThan(30);
  for (const { status, attempts } of ended) {
    expect(status).toBe('completed');
    expect(attempts).toHaveLength(1);
    const [attempt] = attempts;
    expect(attempt).toMatchObject({ model_requested: 'opus', outcome: 'succeeded' });
    expect(attempt?.['model_sent']).toBe(attempt?.['model_drawn']);
    expect(attempt?.['model_served']).toBe(attempt?.['model_drawn']);
  }
  expect(count(vendor.calls.map(({ model }) => model))).toEqual(count(drawn));
});

test('traffic split: one tenant always draws the same version, also on retry, and keeps the exact error body', async () => {
  vendor.onCall({ model: /^databricks-/ }, [
    databricks.temporarilyUnavailable,
    databricks.splitEndpoint400,
  ]);
  vendor.onCall(/^\/anthropic\//, [
    databricks.temporarilyUnavailable,
    databricks.temporarilyUnavailable,
  ]);
  const { id } = await broker.submit(opusJob('one-tenant'));
  const job = await broker.waitForJob(id);
  const again = await broker.waitForJob((await broker.submit(opusJob('one-tenant'))).id);

  const atDatabricks = [...job.attempts, ...again.attempts].filter(
    ({ provider, outcome }) => provider === 'databricks' && outcome !== 'skipped',
  );
  expect(new Set(atDatabricks.map((attempt) => attempt['model_sent'])).size).toBe(1);
  const refused = job.attempts.find((attempt) => attempt['status_code'] === 400);
  expect(refused).toMatchObject({
    verdict: 'next',
    rule: 'databricks.body_of_other_version',
    error: { body: JSON.stringify(databricks.splitEndpoint400.body) },
  });
  expect(job.status).toBe('completed');
});
