import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startFakeVendor, type FakeVendor } from '../support/fake-vendor.ts';
import { ROOT } from '../support/source-tree.ts';
import { startBroker, type Broker } from '../support/start-broker.ts';

const page = readFileSync(join(ROOT, 'docs/providers.md'), 'utf8');
const [, written = ''] = /^```yaml\n(# understudy\.yaml\n.*?)^```$/ms.exec(page) ?? [];
const ADDRESS = 'https://llm.acme.example';

let vendor: FakeVendor;
let broker: Broker;

beforeAll(async () => {
  vendor = await startFakeVendor();
  broker = await startBroker({
    kinds: ['openai-compatible', 'openai'],
    configuration: written
      .replace(ADDRESS, `${vendor.url}/acme`)
      .replace('kind: openai,', `kind: openai, baseUrl: "${vendor.url}/openai/v1",`),
    environment: { ACME_API_KEY: 'key-of-acme-123456', OPENAI_API_KEY: 'key-of-openai-123456' },
  });
});
afterAll(async () => {
  await broker.stop();
  await vendor.close();
});
beforeEach(() => vendor.reset());

const ended = async (model: string) => {
  const body = { model, input: 'Say hello.' };
  const { id } = await broker.submit({ endpoint: '/v1/responses', body });
  return broker.waitForJob(id);
};

test('the vendor that the page describes is called as it says', async () => {
  expect(written).toContain(ADDRESS);
  expect(await ended('acme-large')).toMatchObject({
    status: 'completed',
    attempts: [{ provider: 'acme', model_sent: 'acme-large-v3', dialect: 'chat-completions' }],
  });
  const [call] = await vendor.waitForCalls(1);
  expect(call?.path).toBe('/acme/v1/chat/completions');
  expect(call?.headers).toMatchObject({ 'x-acme-key': 'key-of-acme-123456' });
  expect(call?.headers).not.toHaveProperty('authorization');
});

test.each([
  [
    { status: 422, body: { trouble: { text: 'We have no acme-large-v3.' } } },
    { rule: 'operator.provider.1', verdict: 'next_for_good' },
  ],
  [
    { status: 429, headers: { 'x-acme-wait-seconds': '7' }, body: {} },
    { rule: 'operator.provider.2', verdict: 'next', retry_after_ms: 7000 },
  ],
])('what it answers is read by its rows: %j', async (answer, expected) => {
  vendor.onCall(/^\/acme\//, answer);
  expect(await ended('chat')).toMatchObject({
    status: 'completed',
    attempts: [
      { provider: 'acme', outcome: 'failed', ...expected },
      { provider: 'openai', outcome: 'succeeded' },
    ],
  });
});
