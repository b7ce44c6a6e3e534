import { expect, test } from 'vitest';
import { jobKeys } from '@understudy/job-store';
import { jobSchema } from '../schemas/job-schemas.ts';
import { chatJob, complete, startTestApi, submit } from '../testing/start-test-api.ts';
import type { TestApi } from '../testing/start-test-api.ts';
import { makeKey } from '../testing/webhook-calls.ts';

const retry = (api: TestApi, id: string, headers: Record<string, string> = {}) =>
  api.call(`/v1/jobs/${id}/retry`, { method: 'POST', headers });

async function retried(api: TestApi, id: string, headers: Record<string, string> = {}) {
  const response = await retry(api, id, headers);
  const text = await response.text();
  if (response.status !== 202) throw new Error(`${response.status}: ${text}`);
  return { response, job: jobSchema.parse(JSON.parse(text)) };
}

/** As the store has them: what was asked, and with which bytes. */
async function asked({ dispatch: { store } }: TestApi, id: string) {
  const job = { project: 'default', id };
  const [record] = await store.readRecords([job]);
  const body = await store.readRequestBody(job);
  if (record === undefined || body === undefined) throw new Error(`there is no job ${id}`);
  return { request: record.request, status: record.status, body: body.toString('utf8') };
}

test('a retry asks for the same again, byte for byte, and names the job that it does again', async () => {
  const api = await startTestApi();
  const body = '{ "model":"two-ways","seed": 12345678901234567890123, "messages":[] }';
  const id = await submit(
    api,
    `{"endpoint":"/v1/chat/completions","body":${body},"priority":2,"metadata":{"team":"a"},` +
      `"expires_in":"90s","providers":{"only":["main"]},"max_cost":0.5,` +
      `"callback":{"url":"https://hooks.example.com/in","secret":"whsec_${'A'.repeat(40)}"}}`,
  );
  await complete(api, id);
  const { response, job } = await retried(api, id);
  expect(job).toMatchObject({ status: 'queued', retry_of: id, attempts: [] });
  expect(job.id).not.toBe(id);
  expect(response.headers.get('location')).toBe(`/v1/jobs/${job.id}`);
  expect(response.headers.get('retry-after')).toBe('1');

  const [before, after] = [await asked(api, id), await asked(api, job.id)];
  expect(after.body).toBe(body);
  for (const member of [
    'endpoint',
    'model',
    'priority',
    'metadata',
    'providers',
    'max_cost',
    'callback',
  ] as const) {
    expect([member, after.request[member]]).toEqual([member, before.request[member]]);
    expect(after.request[member]).toBeDefined();
  }
  const life = ({ request }: typeof before) => request.expires_at - request.created_at;
  expect(life(after)).toBe(life(before));
  expect(before.status).toBe('completed');
  expect(await (await api.call(`/v1/jobs/${job.id}`)).json()).toMatchObject({ retry_of: id });
  expect(await (await api.call(`/v1/jobs/${id}`)).json()).not.toHaveProperty('retry_of');
});

test('a retry asks for the betas of the first time', async () => {
  const api = await startTestApi();
  const submitted = await api.call('/v1/jobs', {
    method: 'POST',
    headers: { 'anthropic-beta': 'one-2025-01-01' },
    body: { endpoint: '/v1/messages', body: { model: 'two-ways', max_tokens: 5, messages: [] } },
  });
  const { id } = jobSchema.parse(await submitted.json());
  await complete(api, id);
  const { job } = await retried(api, id, { 'anthropic-beta': 'two-2025-01-01' });
  expect((await asked(api, job.id)).request.betas).toEqual(['one-2025-01-01']);
});

test('a cancelled job is retried, and so is the retry of a retry', async () => {
  const api = await startTestApi();
  const id = await submit(api);
  await api.call(`/v1/jobs/${id}/cancel`, { method: 'POST' });
  const first = await retried(api, id);
  await complete(api, first.job.id);
  const second = await retried(api, first.job.id);
  expect(second.job).toMatchObject({ status: 'queued', retry_of: first.job.id });
});

test('a job that has not ended is not retried', async () => {
  const api = await startTestApi();
  const id = await submit(api);
  const refused = await retry(api, id);
  expect([refused.status, await refused.text()]).toMatchObject([
    409,
    expect.stringContaining('queued'),
  ]);
});

test('a job whose request is gone cannot be retried', async () => {
  const api = await startTestApi();
  const id = await submit(api);
  await complete(api, id);
  const { redis, keyPrefix } = api.dispatch;
  await redis.del(jobKeys(keyPrefix, { project: 'default', id }).request);
  expect((await retry(api, id)).status).toBe(410);
});

test('a life that nobody could have asked for is given anew by the route', async () => {
  const api = await startTestApi({
    configuration: `
providers: { main: { kind: openai, apiKey: unused } }
routes: { two-ways: { targets: [ { provider: main, model: gpt-4o } ], expiresIn: 14d } }
`,
    registered: ['main'],
  });
  const id = await submit(api);
  await complete(api, id);
  const { job } = await retried(api, id);
  const { request } = await asked(api, job.id);
  expect(request.expires_at - request.created_at).toBe(14 * 86_400_000);
});

test('the route is checked again', async () => {
  const api = await startTestApi();
  const id = await submit(api);
  await complete(api, id);
  const { redis, keyPrefix } = api.dispatch;
  const { request } = jobKeys(keyPrefix, { project: 'default', id });
  await redis.set(request, '{"model":"no-such-model","messages":[]}');
  const refused = await retry(api, id);
  expect([refused.status, await refused.json()]).toMatchObject([
    404,
    { error: { code: 'model_not_found' } },
  ]);
});

test('a retry has the priority of the job, or the highest that is allowed by now', async () => {
  const api = await startTestApi();
  const ids = [await submit(api), await submit(api, chatJob({ priority: 9 }))];
  for (const id of ids) await complete(api, id);
  const limits = { highest_priority: 'low' };
  await api.call('/v1/admin/projects/default', { method: 'PATCH', body: { limits } });
  const again = await Promise.all(ids.map((id) => retried(api, id)));
  expect(again.map(({ job }) => job.priority)).toEqual([8, 9]);
  const body = chatJob({ priority: 5 });
  expect((await api.call('/v1/jobs', { method: 'POST', body })).status).toBe(400);
});

test('a repeated retry with the same Idempotency-Key is the same job, also when the old one is gone', async () => {
  const api = await startTestApi();
  const [id, other] = [await submit(api), await submit(api)];
  await complete(api, id);
  await complete(api, other);
  const headers = { 'idempotency-key': 'again' };
  const { job } = await retried(api, id, headers);
  const again = await retried(api, id, headers);
  expect([again.job.id, again.response.headers.get('idempotency-replayed')]).toEqual([
    job.id,
    'true',
  ]);
  expect((await retry(api, other, headers)).status).toBe(422);
  expect((await api.call(`/v1/jobs/${id}`, { method: 'DELETE' })).status).toBe(204);
  expect((await retried(api, id, headers)).job.id).toBe(job.id);
  expect((await retry(api, 'job_00000000000000000000000000', headers)).status).toBe(422);
  expect((await retry(api, id)).status).toBe(404);
});

test("an SDK's own retry of a lost answer finds the job that the first try made", async () => {
  const api = await startTestApi();
  const id = await submit(api);
  await complete(api, id);
  const first = await retried(api, id, { 'x-stainless-retry-count': '0' });
  const second = await retried(api, id, { 'x-stainless-retry-count': '1' });
  expect(second.job.id).toBe(first.job.id);
  expect((await retried(api, id, { 'x-stainless-retry-count': '0' })).job.id).not.toBe(
    first.job.id,
  );
});

test('a job of another project is not retried', async () => {
  const api = await startTestApi();
  const id = await submit(api, chatJob());
  await complete(api, id);
  const theirs = await makeKey(api, 'a-key-of-theirs-only', 'theirs');
  const [foreign, missing] = [
    await retry(api, id, theirs),
    await retry(api, 'job_00000000000000000000000000', theirs),
  ];
  expect([foreign.status, missing.status]).toEqual([404, 404]);
});
