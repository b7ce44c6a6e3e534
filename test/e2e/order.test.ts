import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openai } from '../support/fake-vendor-errors.ts';
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
  first: { kind: openai-compatible, baseUrl: "${vendor.url}/first/v1" }
  narrow: { kind: openai-compatible, baseUrl: "${vendor.url}/narrow/v1", concurrency: 1 }
routes:
  falls: { targets: [ { provider: first, model: m }, { provider: narrow, model: m } ] }
  direct: { targets: [ { provider: narrow, model: m } ] }
`,
  });
});
afterAll(async () => {
  await broker.stop();
  await vendor.close();
});
beforeEach(() => vendor.reset());

function job(name: string, model: string, priority: string | number = 'normal') {
  return {
    endpoint: '/v1/chat/completions',
    priority,
    body: { model, messages: [{ role: 'user', content: name }] },
  };
}

/** Keeps the narrow provider busy until the returned function lets its first call go. */
async function occupyNarrowProvider(): Promise<() => void> {
  const release = vendor.onCall({ path: /^\/narrow\// }, (_call, matched) =>
    matched === 1 ? { delayMs: 6000 } : undefined,
  );
  await broker.submit(job('occupier', 'direct', 0));
  await vendor.waitForCalls(1, { match: /^\/narrow\// });
  return release;
}

function orderAtNarrowProvider(): string[] {
  return vendor.calls
    .filter(({ path }) => path.startsWith('/narrow/'))
    .map(({ body }) => JSON.parse(body).messages[0].content)
    .filter((name: string) => name !== 'occupier');
}

test('higher priority first, and within a priority first submitted first', async () => {
  await occupyNarrowProvider();
  const submitted = [];
  for (const [name, priority] of [
    ['low', 'low'],
    ['normal 1', 'normal'],
    ['normal 2', 5],
    ['high', 'high'],
    ['normal 3', 'normal'],
    ['first of all', 0],
  ] as const) {
    submitted.push(await broker.submit(job(name, 'direct', priority)));
  }
  await Promise.all(submitted.map(({ id }) => broker.waitForJob(id)));
  expect(orderAtNarrowProvider()).toEqual([
    'first of all',
    'high',
    'normal 1',
    'normal 2',
    'normal 3',
    'low',
  ]);
});

test('a job that fell through keeps its place: before those that were submitted after it', async () => {
  await occupyNarrowProvider();
  vendor.onCall(/^\/first\//, { ...openai.modelNotFound, delayMs: 300 });
  const submitted = [await broker.submit(job('fell through', 'falls'))];
  for (const name of ['later 1', 'later 2', 'later 3']) {
    submitted.push(await broker.submit(job(name, 'direct')));
  }
  await Promise.all(submitted.map(({ id }) => broker.waitForJob(id)));
  expect(orderAtNarrowProvider()).toEqual(['fell through', 'later 1', 'later 2', 'later 3']);
});
