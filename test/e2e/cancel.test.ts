import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startFakeVendor, type FakeVendor } from '../support/fake-vendor.ts';
import { startBroker, type Broker } from '../support/start-broker.ts';

let vendor: FakeVendor;
let broker: Broker;

beforeAll(async () => {
  vendor = await startFakeVendor();
  broker = await startBroker({
    kinds: ['openai-compatible'],
    configuration: `
providers:
  only: { kind: openai-compatible, baseUrl: "${vendor.url}/v1", passthrough: true, concurrency: 1 }
routes:
  chat: { targets: [ { provider: only } ] }
`,
  });
});
afterAll(async () => {
  await broker.stop();
  await vendor.close();
});
beforeEach(() => vendor.reset());

const chatJob = {
  endpoint: '/v1/chat/completions',
  body: { model: 'chat', messages: [{ role: 'user', content: 'Hello' }] },
};

const cancel = (id: string) => broker.request(`/v1/jobs/${id}/cancel`, { method: 'POST' });

test('cancelling a running job closes the provider’s connection and says what was in flight', async () => {
  vendor.onCall(() => true, { answer: 'never' });
  const { id } = await broker.submit(chatJob);
  const [call] = await vendor.waitForCalls(1);
  const response = await cancel(id);
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({
    status: 'cancelled',
    attempts: [{ outcome: 'cancelled', maybe_billed: true, provider: 'only' }],
  });
  expect(await call?.ended).toBe('closed-by-client');
  expect(await broker.getJob(id)).toMatchObject({ status: 'cancelled' });
});

test('a cancelled queued job never starts', async () => {
  vendor.onCall(
    () => true,
    (_call, matched) => (matched === 1 ? { delayMs: 3000 } : undefined),
  );
  const running = await broker.submit(chatJob);
  await vendor.waitForCalls(1);
  const queued = await broker.submit(chatJob);
  expect((await cancel(queued.id)).status).toBe(200);
  await broker.waitForJob(running.id);
  const last = await broker.waitForJob((await broker.submit(chatJob)).id);
  expect(last.status).toBe('completed');
  expect(vendor.calls).toHaveLength(2);
  expect(await broker.getJob(queued.id)).toMatchObject({ status: 'cancelled', attempts: [] });
});

test('cancelling a finished job changes nothing', async () => {
  const { id } = await broker.submit(chatJob);
  const before = await broker.waitForJob(id);
  expect(await (await cancel(id)).json()).toEqual(before);
});

test('a job that expires while its call runs is aborted and expired', async () => {
  vendor.onCall(() => true, { answer: 'never' });
  const { id } = await broker.submit({ ...chatJob, expires_in: '3s' });
  const [call] = await vendor.waitForCalls(1);
  const job = await broker.waitForJob(id);
  expect(job).toMatchObject({
    status: 'expired',
    attempts: [{ outcome: 'cancelled', maybe_billed: true }],
  });
  expect(await call?.ended).toBe('closed-by-client');
});
