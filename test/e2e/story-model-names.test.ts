import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { anthropic, vertex } from '../support/fake-vendor-errors.ts';
import { startFakeVendor, type FakeVendor } from '../support/fake-vendor.ts';
import { startBroker, type Broker } from '../support/start-broker.ts';

const VERTEX_MODELS = '/v1/projects/test-project/locations/global/publishers/anthropic/models';

let vendor: FakeVendor;
let broker: Broker;

beforeAll(async () => {
  vendor = await startFakeVendor();
  broker = await startBroker({
    kinds: ['anthropic', 'vertex', 'openai'],
    configuration: `
providers:
  openai: { kind: openai, baseUrl: "${vendor.url}/openai/v1", apiKey: "sk-test-openai-key" }
  anthropic-prod: { kind: anthropic, baseUrl: "${vendor.url}/anthropic", apiKey: "sk-ant-test-key" }
  vertex: { kind: vertex, baseUrl: "${vendor.url}", project: test-project, location: global, accessToken: "ya29.test" }
routes:
  claude-sonnet-4-0:
    targets: [ { provider: openai }, { provider: anthropic-prod }, { provider: vertex } ]
  claude-opus-4-5:
    targets: [ { provider: anthropic-prod }, { provider: vertex } ]
`,
  });
});
afterAll(async () => {
  await broker.stop();
  await vendor.close();
});
beforeEach(() => {
  vendor.reset();
  // Vertex knows its own spelling and nothing else.
  vendor.onCall(/:rawPredict$/, (call) =>
    call.model?.includes('@') === true ? undefined : vertex.publisherModelNotFound,
  );
});

function job(model: string) {
  return {
    endpoint: '/v1/messages',
    body: { model, max_tokens: 50, messages: [{ role: 'user', content: 'Hello' }] },
  };
}

test('model names: each provider gets its own name, and one that knows none is passed over and says so', async () => {
  const ended = await broker.waitForJob((await broker.submit(job('claude-sonnet-4-0'))).id);
  expect(ended.status).toBe('completed');
  expect(ended.attempts).toMatchObject([
    { provider: 'openai', outcome: 'skipped', rule: 'unmapped', verdict: 'next_for_good' },
    { provider: 'anthropic-prod', outcome: 'skipped', rule: 'retired' },
    {
      provider: 'vertex',
      outcome: 'succeeded',
      model_requested: 'claude-sonnet-4-0',
      model_sent: 'claude-sonnet-4@20250514',
    },
  ]);
  expect(vendor.calls.map(({ path }) => decodeURIComponent(path))).toEqual([
    `${VERTEX_MODELS}/claude-sonnet-4@20250514:rawPredict`,
  ]);
  expect(JSON.parse(vendor.calls[0]?.body ?? '')).toMatchObject({
    anthropic_version: 'vertex-2023-10-16',
  });
  expect(vendor.calls[0]?.body).not.toContain('"model"');
});

test('model names: the name is translated anew for the provider that the job falls through to', async () => {
  vendor.onCall('/anthropic/v1/messages', anthropic.overloaded);
  const ended = await broker.waitForJob((await broker.submit(job('claude-opus-4-5'))).id);
  expect(ended.attempts).toMatchObject([
    { provider: 'anthropic-prod', status_code: 529, model_sent: 'claude-opus-4-5-20251101' },
    { provider: 'vertex', outcome: 'succeeded', model_sent: 'claude-opus-4-5@20251101' },
  ]);
});
