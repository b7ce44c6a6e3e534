import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { openai } from '../support/fake-vendor-errors.ts';
import { startFakeVendor, type FakeVendor } from '../support/fake-vendor.ts';
import { startBroker, type Broker } from '../support/start-broker.ts';

const JOBS = 20;
const SENT = 'gpt-4o-renamed';

let vendor: FakeVendor;
let broker: Broker;

beforeAll(async () => {
  vendor = await startFakeVendor();
});
afterAll(() => vendor.close());
beforeEach(async () => {
  vendor.reset();
  broker = await startBroker({
    kinds: ['openai'],
    configuration: `
providers:
  first: { kind: openai, baseUrl: "${vendor.url}/first/v1", apiKey: "first-test-key-123456", models: { gpt-4o: ${SENT} } }
  second: { kind: openai, baseUrl: "${vendor.url}/second/v1", apiKey: "second-test-key-123456" }
routes:
  both: { targets: [ { provider: first, model: gpt-4o }, { provider: second, model: gpt-4o } ] }
  alone: { targets: [ { provider: first, model: gpt-4o } ] }
`,
  });
  return () => broker.stop();
});

function chatJob(model: string) {
  return {
    endpoint: '/v1/chat/completions',
    body: { model, messages: [{ role: 'user', content: 'Hello' }] },
  };
}

const run = async (model: string) => broker.waitForJob((await broker.submit(chatJob(model))).id);
const firstCalls = () => vendor.calls.filter(({ path }) => path.startsWith('/first/'));

async function staleNames(provider: string): Promise<unknown> {
  const answer: { data: { id: string; stale_names: unknown }[] } = JSON.parse(
    await (await broker.request('/v1/providers')).text(),
  );
  return answer.data.find(({ id }) => id === provider)?.stale_names;
}

test('a name that the first target does not know costs one call, not one per job', async () => {
  vendor.onCall(/^\/first\//, openai.modelNotFound);
  const discoverer = await run('both');
  expect(discoverer.attempts).toMatchObject([
    { provider: 'first', model_sent: SENT, status_code: 404, verdict: 'next_for_good' },
    { provider: 'second', outcome: 'succeeded' },
  ]);
  // The worker found it; every other process hears of it by a message.
  await vi.waitFor(async () => expect(await staleNames('first')).toHaveLength(1), 5000);
  expect(await staleNames('first')).toMatchObject([
    { model: SENT, rule: 'default.code_model_not_found', failures: 1 },
  ]);
  expect(await staleNames('second')).toEqual([]);

  const others = await Promise.all(Array.from({ length: JOBS - 1 }, () => run('both')));
  for (const { status, attempts } of others) {
    expect([status, attempts]).toMatchObject([
      'completed',
      [
        { provider: 'first', outcome: 'skipped', rule: 'stale_name', verdict: 'next' },
        { provider: 'second', outcome: 'succeeded' },
      ],
    ]);
  }
  expect(firstCalls()).toHaveLength(1);
  expect(vendor.calls).toHaveLength(JOBS + 1);
});

test('a lone target is called under its stale name, and its success opens it to every route', async () => {
  const unscript = vendor.onCall(/^\/first\//, openai.modelNotFound);
  expect((await run('alone')).status).toBe('failed');
  expect((await run('alone')).status).toBe('failed');
  expect(firstCalls()).toHaveLength(2);

  unscript();
  expect((await run('alone')).status).toBe('completed');
  await vi.waitFor(async () => expect(await staleNames('first')).toEqual([]), 5000);
  expect((await run('both')).attempts).toMatchObject([
    { provider: 'first', outcome: 'succeeded', model_sent: SENT },
  ]);
});
