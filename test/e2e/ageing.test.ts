import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFakeVendor, type FakeVendor } from '../support/fake-vendor.ts';
import { startBroker, type Broker } from '../support/start-broker.ts';

const STREAM = 6;

let vendor: FakeVendor;
let broker: Broker;

beforeAll(async () => {
  vendor = await startFakeVendor();
  vendor.onCall(() => true, { delayMs: 50 });
  broker = await startBroker({
    kinds: ['openai-compatible'],
    configuration: `
providers:
  narrow: { kind: openai-compatible, baseUrl: "${vendor.url}/v1", concurrency: 1 }
routes:
  chat: { targets: [ { provider: narrow, model: m } ] }
defaults: { ageing: 500ms }
`,
  });
});
afterAll(async () => {
  await broker.stop();
  await vendor.close();
});

function job(priority: string) {
  return {
    endpoint: '/v1/chat/completions',
    priority,
    body: { model: 'chat', messages: [{ role: 'user', content: 'Hello' }] },
  };
}

test('a low job behind an endless stream of high ones runs all the same', async () => {
  const stream = new AbortController();
  /** One caller after another submits a high job as soon as its last one ended. */
  const caller = async (): Promise<number> => {
    let jobs = 0;
    while (!stream.signal.aborted) {
      await broker.waitForJob((await broker.submit(job('high'))).id);
      jobs += 1;
    }
    return jobs;
  };
  const callers = Array.from({ length: STREAM }, caller);
  await vendor.waitForCalls(STREAM);
  const low = await broker.submit(job('low'));
  const ended = await broker.waitForJob(low.id, 30_000);
  stream.abort();
  expect(ended.status).toBe('completed');
  const highJobs = (await Promise.all(callers)).reduce((sum, jobs) => sum + jobs, 0);
  expect(highJobs).toBeGreaterThan(STREAM * 3);
});
