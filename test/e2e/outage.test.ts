import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inParallel } from '../../packages/runtime/src/index.ts';
import { anthropic, openai } from '../support/fake-vendor-errors.ts';
import { startFakeVendor, type FakeVendor } from '../support/fake-vendor.ts';
import { startBroker, type Broker } from '../support/start-broker.ts';

const JOBS = 500;
const SUBMITTED_AT_ONCE = 50;
const OUTAGE_MS = 60_000;
const CONCURRENCY = 8;

let vendor: FakeVendor;
let broker: Broker;

beforeAll(async () => {
  vendor = await startFakeVendor();
  broker = await startBroker({
    kinds: ['openai-compatible'],
    configuration: `
providers:
  limited: { kind: openai-compatible, baseUrl: "${vendor.url}/limited/v1", concurrency: ${CONCURRENCY} }
  broken: { kind: openai-compatible, baseUrl: "${vendor.url}/broken/v1", concurrency: ${CONCURRENCY} }
  hanging: { kind: openai-compatible, baseUrl: "${vendor.url}/hanging/v1", concurrency: ${CONCURRENCY} }
routes:
  chat:
    targets:
      - { provider: limited, model: m }
      - { provider: broken, model: m }
      - { provider: hanging, model: m }
`,
  });
});
afterAll(async () => {
  await broker.stop();
  await vendor.close();
});

/** Processor seconds that a process has used so far; 100 ticks a second on Linux. */
function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

test(
  'an outage of every provider for a minute delays 500 jobs, costs a handful of calls and no processor, and fails none',
  { timeout: 240_000 },
  async () => {
    vendor.onCall(/^\/limited\//, anthropic.overloaded);
    vendor.onCall(/^\/broken\//, openai.serverError);
    vendor.onCall(/^\/hanging\//, { close: 'at-once' });
    const jobs = await inParallel([...Array(JOBS).keys()], SUBMITTED_AT_ONCE, () =>
      broker.submit({
        endpoint: '/v1/chat/completions',
        body: { model: 'chat', messages: [{ role: 'user', content: 'Hello' }] },
      }),
    );
    // The first failures have been met; from now on all wait.
    await sleep(10_000);
    const pids = [...broker.services.values()].map(({ name, pid }) => ({ name, pid }));
    const before = pids.map(({ pid }) => processorSeconds(pid));
    const watchedFrom = performance.now();
    await sleep(OUTAGE_MS - 10_000);
    const watchedSeconds = (performance.now() - watchedFrom) / 1000;
    for (const [index, { name, pid }] of pids.entries()) {
      const share = (processorSeconds(pid) - (before[index] ?? 0)) / watchedSeconds;
      expect(share, `${name} while everything waits`).toBeLessThan(0.1);
    }

    const waiting = await broker.getJob(jobs.at(-1)?.id ?? '');
    expect(waiting.status).toBe('queued');
    expect(waiting.attempts.length).toBeLessThanOrEqual(6);
    expect(waiting['waiting']).toMatchObject({ reason: 'cooling_down' });

    for (const provider of ['limited', 'broken', 'hanging']) {
      const calls = vendor.calls.filter(({ path }) => path.startsWith(`/${provider}/`));
      expect(calls.length, `calls at ${provider}`).toBeLessThanOrEqual(CONCURRENCY + 10);
    }

    vendor.reset();
    const ended = await Promise.all(jobs.map(({ id }) => broker.waitForJob(id, 150_000)));
    expect(ended.filter(({ status }) => status === 'completed')).toHaveLength(JOBS);
    expect(vendor.calls).toHaveLength(JOBS);
  },
);
