import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { Understudy, verifyWebhook } from '@understudy/client';
import type { HeardEvent, Job, NewJob } from '@understudy/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Broker } from '../support/start-broker.ts';
import { startSandboxBroker } from '../support/start-sandbox-broker.ts';

const hello = (content: string, model = 'sandbox-chat'): NewJob => ({
  endpoint: '/v1/chat/completions',
  body: { model, messages: [{ role: 'user', content }] },
});
const ids = (jobs: { id: string }[]) => jobs.map(({ id }) => id);

const failedAttempts = (events: HeardEvent[]) =>
  events.filter(({ type }) => type === 'job.attempt_failed').map(({ data }) => data.id);

let broker: Broker;
let client: Understudy;

beforeAll(async () => {
  broker = await startSandboxBroker();
  client = new Understudy({ baseUrl: broker.url, apiKey: broker.apiKey });
});
afterAll(() => broker?.stop());

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

test('a job is submitted, waited for and read again', async () => {
  const submitted = await client.submit(hello('one', 'sandbox-status-codes'));
  const job = await client.wait(submitted.id, { timeoutMs: 60_000 });
  expect(job).toMatchObject({ id: submitted.id, status: 'completed' });
  expect(JSON.stringify(job.result?.body)).toContain('[sandbox]');
  expect(job.attempts.length).toBeGreaterThan(1);
  expect(await client.get(job.id)).toEqual(job);
  // One that has ended stays as it is.
  expect((await client.cancel(job.id)).status).toBe('completed');
});

test('one idempotency key makes one job, and another body under it is refused', async () => {
  const options = { idempotencyKey: 'once', wait: 30 };
  const first = await client.submit(hello('two'), options);
  expect(first.status).toBe('completed');
  expect((await client.submit(hello('two'), options)).id).toBe(first.id);
  await expect(client.submit(hello('another'), options)).rejects.toMatchObject({
    status: 422,
    code: 'idempotency_mismatch',
    requestId: expect.stringMatching(/^req_/) as string,
  });
});

test('what the broker refuses is an error that says what to do', async () => {
  await expect(client.submit(hello('three', 'sandbox-chad'))).rejects.toMatchObject({
    code: 'model_not_found',
    message: expect.stringContaining('sandbox-chat') as string,
  });
  const stranger = new Understudy({ baseUrl: broker.url, apiKey: 'nobody-knows-this-key' });
  await expect(stranger.models()).rejects.toMatchObject({ status: 401, code: 'unauthenticated' });
});

test('the events of a job are heard from its beginning to its end', async () => {
  const { id } = await client.submit(hello('four', 'sandbox-status-codes'));
  const heard = await collect(client.events({ id, signal: AbortSignal.timeout(60_000) }));
  const types = heard.map(({ type }) => type);
  expect(types).toContain('job.attempt_failed');
  expect(types.at(-1)).toBe('job.completed');
  expect(new Set(heard.map(({ data }) => data.data.id))).toEqual(new Set([id]));
  // Taken up in the middle: what was heard is not told again. Statuses gone by may be left out.
  const heardUntil = heard.findIndex(({ type }) => type === 'job.attempt_failed');
  const rest = await collect(client.events({ id, lastEventId: heard[heardUntil]?.id ?? '' }));
  const unheard = new Set(heard.slice(heardUntil + 1).map(({ data }) => data.id));
  expect(rest.filter(({ data }) => !unheard.has(data.id))).toEqual([]);
  expect(failedAttempts(rest)).toEqual(failedAttempts(heard).slice(1));
  expect(rest.at(-1)).toEqual(heard.at(-1));
});

test('the events of the project tell of jobs as they end', async () => {
  const giveUp = new AbortController();
  const listening = client.events({
    types: ['job.completed'],
    lastEventId: '0',
    signal: giveUp.signal,
  });
  const { id } = await client.submit(hello('five'));
  for await (const { type, data } of listening) {
    expect(type).toBe('job.completed');
    if (data.data.id === id) break;
  }
  giveUp.abort();
});

test('many jobs are answered once each, also when the run is interrupted and made again', async () => {
  const jobs = Array.from({ length: 60 }, (_, index) => hello(`many ${index}`));
  const options = { keyPrefix: 'many', concurrency: 12 };
  const seen = new Map<number, Job>();
  for await (const { index, job } of client.submitMany(jobs, options)) {
    if (job !== undefined) seen.set(index, job);
    if (seen.size === 20) break;
  }
  const outcomes = await collect(client.submitMany(jobs, options));
  expect(outcomes).toHaveLength(60);
  expect(outcomes.every(({ job }) => job?.status === 'completed')).toBe(true);
  const again = new Map(outcomes.map(({ index, job }) => [index, job?.id]));
  for (const [index, { id }] of seen) expect(again.get(index)).toBe(id);
  expect(new Set(outcomes.map(({ job }) => job?.id)).size).toBe(60);

  const listed = new Set(outcomes.map(({ job }) => job?.id ?? ''));
  await expect
    .poll(
      async () => {
        const all = await collect(client.list({ status: 'completed', model: 'sandbox-chat' }));
        return all.filter(({ id }) => listed.has(id)).length;
      },
      { timeout: 20_000 },
    )
    .toBe(60);
});

test('a call outlives the restart of the API', async () => {
  const { id } = await client.submit(hello('restart'));
  await client.wait(id, { timeoutMs: 60_000 });
  const api = broker.services.get('api');
  api?.kill('SIGKILL');
  await api?.ended;
  const submitting = client.submit(hello('while it is away'));
  const reading = client.get(id);
  await broker.startService('api');
  expect((await reading).status).toBe('completed');
  const job = await client.wait((await submitting).id, { timeoutMs: 60_000 });
  expect(job.status).toBe('completed');
});

test('a batch is uploaded, waited for and read', async () => {
  const lines = Array.from({ length: 30 }, (_, index) =>
    JSON.stringify({
      custom_id: `line-${index}`,
      method: 'POST',
      url: '/v1/chat/completions',
      body: hello(`batch ${index}`).body,
    }),
  );
  const open = () => new Blob([lines.join('\n')]).stream();
  const upload = { filename: 'lines.jsonl', idempotencyKey: 'my-file' };
  const file = await client.files.upload(open, upload);
  expect((await client.files.upload(await new Response(open()).blob(), upload)).id).toBe(file.id);
  expect(await (await client.files.content(file.id)).text()).toBe(lines.join('\n'));
  expect(ids(await collect(client.files.list({ purpose: 'batch' })))).toContain(file.id);

  const created = await client.batches.create(
    { input_file_id: file.id, endpoint: '/v1/chat/completions' },
    { idempotencyKey: 'my-batch' },
  );
  const again = { input_file_id: file.id, endpoint: '/v1/chat/completions' } as const;
  expect((await client.batches.create(again, { idempotencyKey: 'my-batch' })).id).toBe(created.id);
  const looks: string[] = [];
  const batch = await client.batches.wait(created.id, {
    timeoutMs: 90_000,
    onProgress: ({ status }) => looks.push(status),
  });
  expect(batch).toMatchObject({
    id: created.id,
    status: 'completed',
    request_counts: { total: 30, completed: 30, failed: 0 },
  });
  expect(looks.at(-1)).toBe('completed');
  const output = await (await client.files.content(batch.output_file_id ?? '')).text();
  const answered = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { custom_id: string });
  expect(answered.map((line) => line.custom_id)).toEqual(
    Array.from({ length: 30 }, (_, index) => `line-${index}`),
  );
  expect(ids(await collect(client.batches.list()))).toContain(batch.id);
  expect((await client.batches.cancel(batch.id)).status).toBe('completed');
  await client.files.delete(file.id);
  await expect(client.files.get(file.id)).rejects.toMatchObject({ status: 404 });
});

test('a webhook endpoint whose answer was lost is registered once, and tested once', async () => {
  const lost = new Set<string>();
  const forgetful = new Understudy({
    baseUrl: broker.url,
    apiKey: broker.apiKey,
    fetch: async (request) => {
      const { method, url } = request;
      const response = await fetch(request);
      if (method !== 'POST' || lost.has(url)) return response;
      lost.add(url);
      throw new TypeError('the connection was cut');
    },
  });
  const { endpoints, deliveries, test: sendTest } = forgetful.webhooks;
  const before = ids(await endpoints.list());
  const endpoint = await endpoints.create({ url: 'https://hooks.example.com/lost' });
  expect(endpoint.secret).toMatch(/^whsec_/);
  expect(ids(await endpoints.list())).toEqual([...before, endpoint.id]);
  const delivery = await sendTest(endpoint.id, 'job.failed');
  expect(ids(await collect(deliveries.list({ endpoint: endpoint.id })))).toEqual([delivery.id]);
  expect(lost.size).toBe(2);
  await endpoints.delete(endpoint.id);
});

test.each(['symmetric', 'ed25519'] as const)(
  'a webhook endpoint with a %s key is registered, tested and its delivery verified',
  async (kind) => {
    const received = Promise.withResolvers<{
      body: string;
      headers: NodeJS.Dict<string | string[]>;
    }>();
    const server = createServer((request, response) => {
      void text(request).then((body) => received.resolve({ body, headers: request.headers }));
      response.writeHead(204).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const { webhooks } = client;
    const endpoint = await webhooks.endpoints.create({ url: `http://127.0.0.1:${port}/`, kind });
    const delivery = await webhooks.test(endpoint.id, 'job.failed');
    const { body, headers } = await received.promise;
    const secret = endpoint.keys[0]?.public_key ?? endpoint.secret;
    expect(secret).toMatch(kind === 'ed25519' ? /^whpk_/ : /^whsec_/);
    expect(await verifyWebhook(body, headers, secret)).toMatchObject({
      id: delivery.event.id,
      type: 'job.failed',
    });
    await expect(verifyWebhook(`${body} `, headers, secret)).rejects.toThrow('no signature');
    await expect
      .poll(async () => (await webhooks.deliveries.get(delivery.id)).state, { timeout: 20_000 })
      .toBe('delivered');
    expect(ids(await collect(webhooks.deliveries.list({ endpoint: endpoint.id })))).toEqual([
      delivery.id,
    ]);
    expect((await webhooks.endpoints.disable(endpoint.id)).status).toBe('disabled');
    expect((await webhooks.endpoints.enable(endpoint.id)).status).toBe('enabled');
    const rotated = await webhooks.endpoints.rotate(endpoint.id);
    expect(rotated.secret).not.toBe(endpoint.secret);
    await webhooks.endpoints.delete(endpoint.id);
    expect(ids(await webhooks.endpoints.list())).not.toContain(endpoint.id);
    server.close();
  },
);

test('routes, targets, providers and models are shown', async () => {
  expect((await client.routes()).map(({ name }) => name)).toContain('sandbox-split');
  const { targets } = await client.explain('sandbox-gateway-host', '/v1/messages');
  expect(targets.length).toBe(2);
  expect((await client.providers()).every(({ alive }) => alive)).toBe(true);
  expect((await client.models()).map(({ id }) => id)).toContain('sandbox-chat');
});

test('an administrator makes projects and keys; a revoked key opens nothing', async () => {
  const { name } = await client.projects.create('acme');
  const projects = await collect(client.projects.list());
  expect(projects.map((project) => project.name)).toContain(name);
  const key = await client.keys.create({ project: name, scopes: ['submit', 'read'] });
  const acme = new Understudy({ baseUrl: broker.url, apiKey: key.key });
  const job = await acme.submit(hello('of acme'), { wait: 30 });
  expect((await acme.get(job.id)).status).toBe('completed');
  await expect(client.get(job.id)).rejects.toMatchObject({ status: 404 });
  await expect(collect(acme.keys.list())).rejects.toMatchObject({ status: 403 });
  expect(ids(await collect(client.keys.list({ project: name })))).toEqual([key.id]);
  await client.keys.revoke(key.id);
  await expect
    .poll(async () => acme.get(job.id).then(String, ({ status }) => status as number))
    .toBe(401);
});

test('a job that has ended is submitted once more, and erased', async () => {
  const job = await client.submit(hello('again'), { wait: 30 });
  const again = await client.retry(job.id);
  expect(again.id).not.toBe(job.id);
  expect((await client.wait(again.id, { timeoutMs: 60_000 })).status).toBe('completed');
  await client.delete(job.id);
  await expect(client.get(job.id)).rejects.toMatchObject({ name: 'UnderstudyError' });
});
