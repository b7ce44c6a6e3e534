import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { startFakeVendor, type FakeVendor } from '../support/fake-vendor.ts';
import { runCli } from '../support/run-cli.ts';
import { startBroker, type Broker } from '../support/start-broker.ts';

let vendor: FakeVendor;
let broker: Broker;

beforeAll(async () => {
  vendor = await startFakeVendor();
  const configured = (name: string, more: string) =>
    `  ${name}: { kind: openai-compatible, baseUrl: "${vendor.url}/${name}/v1", ${more} }`;
  broker = await startBroker({
    kinds: ['openai-compatible'],
    configuration: `
autoRoutes: false
providers:
${configured('first', 'concurrency: 4')}
${configured('second', 'concurrency: 4')}
${configured('alone', 'concurrency: 4')}
${configured('slow', 'concurrency: 2, limits: { requestsPerMinute: 20 }')}
routes:
  two: { targets: [ { provider: first, model: m }, { provider: second, model: m } ] }
  one: { targets: [ { provider: alone, model: m } ] }
  limited: { targets: [ { provider: slow, model: m }, { provider: second, model: m } ] }
`,
  });
});
afterAll(async () => {
  await broker.stop();
  await vendor.close();
});
beforeEach(() => vendor.reset());

const callsAt = (provider: string) =>
  vendor.calls.filter(({ path }) => path.startsWith(`/${provider}/`));

async function submit(model: string, number: number): Promise<string> {
  const body = { model, messages: [{ role: 'user', content: `question ${number}` }] };
  const { id } = await broker.submit({ endpoint: '/v1/chat/completions', body });
  return id;
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

async function control(provider: string, action: 'pause' | 'resume'): Promise<void> {
  const response = await broker.request(`/v1/providers/${provider}/${action}`, { method: 'POST' });
  expect(response.status).toBe(200);
}

const providersSchema = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      in_use: z.number(),
      queue: z.object({ waiting: z.number() }),
      waiting: z.array(z.object({ count: z.number() })),
    }),
  ),
});

async function readProvider(name: string) {
  const response = await broker.request('/v1/providers');
  const found = providersSchema.parse(await response.json()).data.find(({ id }) => id === name);
  if (found === undefined) throw new Error(`there is no provider ${name}`);
  return found;
}

/** How often each question was asked of a vendor. */
function timesAsked(): number[] {
  const questions = vendor.calls.map(({ body }) => /question \d+/.exec(body)?.[0]);
  return [...Map.groupBy(questions, (question) => question).values()].map(({ length }) => length);
}

test('a provider that is paused and resumed while jobs flow loses none and asks nothing twice', async () => {
  vendor.onCall(/./, { delayMs: 150 });
  const jobs: string[] = [];
  for (const round of numbers(4)) {
    const sent = await Promise.all(numbers(15).map((index) => submit('two', round * 15 + index)));
    jobs.push(...sent);
    await control('first', 'pause');
    // Nothing of it runs any more, and what waited for it has gone on.
    await vi.waitFor(
      async () =>
        expect(await readProvider('first')).toMatchObject({ in_use: 0, queue: { waiting: 0 } }),
      { timeout: 10_000, interval: 50 },
    );
    const before = callsAt('first').length;
    const meanwhile = await submit('two', 1000 + round);
    await broker.waitForJob(meanwhile);
    expect(callsAt('first').length).toBe(before);
    jobs.push(meanwhile);
    await control('first', 'resume');
  }
  const ended = await Promise.all(jobs.map((id) => broker.waitForJob(id)));
  expect(ended.filter(({ status }) => status !== 'completed')).toEqual([]);
  expect(timesAsked()).toEqual(jobs.map(() => 1));
  const last = await broker.waitForJob(await submit('two', 2000));
  expect(last.attempts).toMatchObject([{ provider: 'first', outcome: 'succeeded' }]);
});

test('without another provider jobs wait through crashes, and the CLI lets them go on', async () => {
  const paused = await runCli(broker, ['providers', 'pause', 'alone', '--reason', 'new key']);
  expect(paused).toMatchObject({ code: 0, stdout: 'alone  paused\n', stderr: '' });
  const jobs = await Promise.all(numbers(12).map((number) => submit('one', number)));
  const waiting = await broker.getJob(jobs[0] ?? '');
  expect(waiting['waiting']).toMatchObject({ reason: 'paused' });

  for (const name of ['worker-openai-compatible', 'scheduler']) {
    const service = broker.services.get(name);
    service?.kill('SIGKILL');
    await service?.ended;
    await broker.startService(name);
  }
  await vi.waitFor(
    async () => expect((await readProvider('alone')).waiting).toEqual([{ count: 12 }]),
    {
      timeout: 20_000,
      interval: 100,
    },
  );
  const late = await submit('one', 12);
  const flowing = await broker.waitForJob(await submit('two', 13));
  expect(flowing.status).toBe('completed');
  expect(callsAt('alone')).toEqual([]);
  const listed = await runCli(broker, ['providers']);
  expect(listed.stdout).toMatch(/alone .*paused .*ago: new key/);
  const explained = await runCli(broker, ['explain', 'two', '--without', 'first']);
  expect(explained.stdout).toMatch(/first .*down\n.*second .*open/s);

  const resumed = await runCli(broker, ['providers', 'resume', 'alone']);
  expect(resumed).toMatchObject({ code: 0, stdout: 'alone  resumed\n' });
  await vendor.waitForCalls(1, { match: /^\/alone\// });
  const ended = await Promise.all([...jobs, late].map((id) => broker.waitForJob(id)));
  expect(ended.map(({ status }) => status)).toEqual([...jobs, late].map(() => 'completed'));
  expect(callsAt('alone')).toHaveLength(13);
});

test('the queue of a paused provider empties at once, however few requests it may be sent', async () => {
  const jobs = await Promise.all(numbers(30).map((number) => submit('limited', number)));
  await control('slow', 'pause');
  const pausedAt = performance.now();
  const ended = await Promise.all(jobs.map((id) => broker.waitForJob(id)));
  // Its limit alone would have let them pass in a minute and a half.
  expect(performance.now() - pausedAt).toBeLessThan(20_000);
  expect(ended.filter(({ status }) => status !== 'completed')).toEqual([]);
  expect(timesAsked()).toEqual(jobs.map(() => 1));
});

const statisticsSchema = z.object({
  buckets: z.array(z.object({ accepted: z.number(), completed: z.number() })),
  providers: z.array(
    z.object({ provider: z.string(), succeeded: z.number(), skipped: z.number() }),
  ),
  flows: z.array(z.object({ from: z.string(), to: z.string().nullable(), count: z.number() })),
});

test('all of it is counted once: jobs, calls by provider, and the ways from one to the next', async () => {
  const accepted = 4 * 16 + 1 + 12 + 1 + 1 + 30;
  const read = async () => {
    const response = await broker.request('/v1/statistics');
    return statisticsSchema.parse(await response.json());
  };
  await vi.waitFor(
    async () => {
      const { buckets } = await read();
      const sum = (name: 'accepted' | 'completed') =>
        buckets.reduce((total, bucket) => total + bucket[name], 0);
      expect([sum('accepted'), sum('completed')]).toEqual([accepted, accepted]);
    },
    { timeout: 10_000, interval: 200 },
  );
  const { providers, flows } = await read();
  const succeeded = providers.reduce((total, { succeeded: count }) => total + count, 0);
  expect(succeeded).toBe(accepted);
  const skips = (name: string) => providers.find((one) => one.provider === name)?.skipped ?? 0;
  const flow = (from: string, to: string | null) =>
    flows.find((one) => one.from === from && one.to === to)?.count ?? 0;
  expect(skips('first')).toBeGreaterThanOrEqual(4);
  expect(flow('first', 'second')).toBeGreaterThanOrEqual(4);
  expect(flow('slow', 'second')).toBeGreaterThan(20);
  const stats = await runCli(broker, ['stats', '--json']);
  expect(statisticsSchema.parse(JSON.parse(stats.stdout)).flows).toEqual(flows);
  const table = await runCli(broker, ['stats', '--last', '24h']);
  expect(table.stdout).toMatch(new RegExp(`completed +${accepted}\n`));
  expect(table.stdout).toMatch(/first +second +\d+/);
});
