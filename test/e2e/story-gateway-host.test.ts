import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { databricks } from '../support/fake-vendor-errors.ts';
import { startFakeVendor, type FakeVendor } from '../support/fake-vendor.ts';
import { startBroker, type Broker } from '../support/start-broker.ts';

let vendor: FakeVendor;
let broker: Broker;

beforeAll(async () => {
  vendor = await startFakeVendor();
});
beforeEach(async () => {
  vendor.reset();
  broker = await startBroker({
    kinds: ['databricks'],
    configuration: `
providers:
  databricks: { kind: databricks, host: "${vendor.url}", token: "dapi-test-token" }
`,
  });
  return () => broker.stop();
});
afterAll(() => vendor.close());

function job() {
  return {
    endpoint: '/v1/messages',
    body: {
      model: 'claude-opus-4-7',
      max_tokens: 50,
      messages: [{ role: 'user', content: 'Hello' }],
    },
  };
}

test('gateway host: a model that lives behind the gateway alone is answered there', async () => {
  vendor.onCall(/^\/serving-endpoints\//, [
    databricks.endpointNotFound,
    databricks.permissionDenied,
  ]);
  const ended = await broker.waitForJob((await broker.submit(job())).id);
  expect(ended.status).toBe('completed');
  expect(vendor.calls.map(({ path }) => path)).toEqual(['/ai-gateway/anthropic/v1/messages']);
});

test('gateway host: without a gateway the call goes on to direct serving, and the next job starts there', async () => {
  vendor.onCall(/^\/ai-gateway\//, databricks.gatewayPathMissing);
  const first = await broker.waitForJob((await broker.submit(job())).id);
  const second = await broker.waitForJob((await broker.submit(job())).id);

  expect(first.status).toBe('completed');
  expect(first.attempts).toMatchObject([
    { number: 1, outcome: 'failed', status_code: 404, verdict: 'next', rule: 'surface_missing' },
    { number: 2, outcome: 'succeeded', status_code: 200 },
  ]);
  expect(second.attempts).toMatchObject([{ number: 1, outcome: 'succeeded' }]);
  expect(vendor.calls.map(({ path }) => path)).toEqual([
    '/ai-gateway/anthropic/v1/messages',
    '/serving-endpoints/anthropic/v1/messages',
    '/serving-endpoints/anthropic/v1/messages',
  ]);
});
