import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anthropic } from '../support/fake-vendor-errors.ts';
import { startFakeVendor, type FakeVendor } from '../support/fake-vendor.ts';
import { startBroker, type Broker } from '../support/start-broker.ts';

let vendor: FakeVendor;
let broker: Broker;

function configuration(targets: readonly string[]): string {
  return `
providers:
  main: { kind: anthropic, baseUrl: "${vendor.url}/main", apiKey: "sk-ant-main-key" }
  backup: { kind: anthropic, baseUrl: "${vendor.url}/backup", apiKey: "sk-ant-backup-key" }
routes:
  chat: { targets: [ ${targets.map((provider) => `{ provider: ${provider}, model: claude-opus-4-6 }`).join(', ')} ] }
`;
}

beforeAll(async () => {
  vendor = await startFakeVendor();
  broker = await startBroker({ kinds: ['anthropic'], configuration: configuration(['main']) });
});
afterAll(async () => {
  await broker.stop();
  await vendor.close();
});

const job = {
  endpoint: '/v1/messages',
  body: { model: 'chat', max_tokens: 50, messages: [{ role: 'user', content: 'Hello' }] },
};

test('a backup added to the route during an outage is used by the jobs that wait, without a restart', async () => {
  vendor.onCall(/^\/main\//, { ...anthropic.overloaded, headers: { 'retry-after': '3' } });
  const { id } = await broker.submit(job);
  await vendor.waitForCalls(1);
  await expect.poll(async () => (await broker.getJob(id))['waiting']).toBeDefined();

  writeFileSync(broker.configurationPath, configuration(['main', 'backup']));
  await expect
    .poll(async () => {
      const response = await broker.request('/v1/routes/chat');
      return ((await response.json()) as { targets: unknown[] }).targets.length;
    })
    .toBe(2);

  const ended = await broker.waitForJob(id, 20_000);
  expect(ended.status).toBe('completed');
  expect(ended.attempts.at(-1)).toMatchObject({ provider: 'backup', outcome: 'succeeded' });
});

test('a broken edit changes nothing and is reported once with its problems', async () => {
  writeFileSync(broker.configurationPath, configuration(['main', 'nobody']));
  const api = broker.services.get('api');
  await expect.poll(() => api?.output.join('\n') ?? '', { timeout: 10_000 }).toContain('nobody');
  const response = await broker.request('/v1/routes/chat');
  expect(((await response.json()) as { targets: unknown[] }).targets).toHaveLength(2);
});
