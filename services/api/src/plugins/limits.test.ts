import { randomUUID } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { relayUse } from '@understudy/limits';
import { SHARD_COUNT, readOutbox } from '@understudy/job-store';
import { issueKey, makeProject } from '../testing/admin-calls.ts';
import { collectRoutes } from '../testing/collect-routes.ts';
import { startFilesApi } from '../testing/start-files-api.ts';
import { chatJob, complete, startTestApi, submit } from '../testing/start-test-api.ts';
import type { TestApi } from '../testing/start-test-api.ts';
import { problemSchema } from '../schemas/problem-schema.ts';
import { limitsViewSchema } from '../schemas/limit-schemas.ts';
import { newKeyViewSchema, projectListSchema } from '../schemas/admin-schemas.ts';

const SHARDS = Array.from({ length: SHARD_COUNT }, (_, shard) => shard);

const PROVIDERS = `
providers:
  main: { kind: openai, apiKey: unused }
  backup: { kind: openai, apiKey: unused }
routes:
  two-ways:
    targets: [ { provider: main, model: gpt-4o }, { provider: backup, model: gpt-4o } ]
`;

const withLimits = (limits: string) =>
  startTestApi({ configuration: `${PROVIDERS}projects: { default: ${limits} }` });

const post = (api: TestApi, path: string, body: unknown, headers: Record<string, string> = {}) =>
  api.call(path, { method: 'POST', body, headers });

const chat = { model: 'two-ways', messages: [{ role: 'user', content: 'hello' }] };
const respondAsync = { prefer: 'respond-async' };

/** Does at once what the scheduler does within a second. */
async function relay({ dispatch }: TestApi): Promise<void> {
  const { redis, keyPrefix } = dispatch;
  await relayUse(redis, keyPrefix, await readOutbox(redis, keyPrefix, SHARDS, 1000), () => false);
}

test('of 50 submits at a time a limit of 10 requests a minute accepts exactly 10', async () => {
  const api = await withLimits('{ requestsPerMinute: 10 }');
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => post(api, '/v1/jobs', chatJob())),
  );
  expect(answers.filter(({ status }) => status === 202)).toHaveLength(10);
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(40);
  for (const { headers } of refused) {
    expect(headers.get('ratelimit-policy')).toBe('"project-requests";q=10;w=60');
    expect(headers.get('ratelimit')).toMatch(/^"project-requests";r=0;t=\d+$/);
    const retryAfter = Number(headers.get('retry-after'));
    expect(retryAfter).toBeGreaterThan(50);
    expect(headers.get('ratelimit')).toBe(`"project-requests";r=0;t=${retryAfter}`);
    expect(headers.get('x-should-retry')).toBeNull();
  }
  expect(problemSchema.parse(await refused[0]?.json())).toMatchObject({
    type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
    status: 429,
    'violated-policies': ['project-requests'],
    error: { type: 'rate_limit_error', code: 'rate_limited' },
  });
});

test('of 50 submits at a time a limit of 10 waiting jobs accepts exactly 10, and more as jobs end', async () => {
  const api = await withLimits('{ jobsWaiting: 10 }');
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => post(api, '/v1/jobs', chatJob())),
  );
  const accepted = answers.filter(({ status }) => status === 202);
  expect(accepted).toHaveLength(10);
  const refused = answers.find(({ status }) => status === 429);
  expect(refused?.headers.get('ratelimit-policy')).toBe(
    '"project-jobs-waiting";q=10;qu="concurrent-requests"',
  );
  expect(refused?.headers.get('x-should-retry')).toBeNull();
  expect(await refused?.json()).toMatchObject({ error: { code: 'quota_exceeded' } });

  const { id } = z.object({ id: z.string() }).parse(await accepted[0]?.json());
  await complete(api, id);
  await api.index(
    (await api.dispatch.store.readRecords([{ project: 'default', id }])).flatMap(
      (one) => one ?? [],
    ),
  );
  expect((await post(api, '/v1/jobs', chatJob())).status).toBe(202);
  expect((await post(api, '/v1/jobs', chatJob())).status).toBe(429);
});

test('a repeat of what was accepted is answered again where there is no room for more', async () => {
  const api = await withLimits('{ jobsWaiting: 1 }');
  const key = { 'idempotency-key': 'once' };
  const first = await post(api, '/v1/jobs', chatJob(), key);
  const { id } = z.object({ id: z.string() }).parse(await first.json());
  expect((await post(api, '/v1/jobs', chatJob())).status).toBe(429);
  const again = await post(api, '/v1/jobs', chatJob(), key);
  expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([202, 'true']);
  expect(await again.json()).toMatchObject({ id });
});

test('a repeat of a job that has ended keeps no place', async () => {
  const api = await withLimits('{ jobsWaiting: 1 }');
  const key = { 'idempotency-key': 'once' };
  const first = await post(api, '/v1/jobs', chatJob(), key);
  const { id } = z.object({ id: z.string() }).parse(await first.json());
  await complete(api, id);
  await api.index(
    (await api.dispatch.store.readRecords([{ project: 'default', id }])).flatMap(
      (one) => one ?? [],
    ),
  );
  expect((await post(api, '/v1/jobs', chatJob(), key)).status).toBe(202);
  await submit(api);
});

test('a key has limits of its own, beside those of its project, and the stricter one wins', async () => {
  const api = await withLimits('{ requestsPerMinute: 4 }');
  const limited = await issueKey(api, { limits: { requests_per_minute: 2 } });
  expect(newKeyViewSchema.parse(limited).limits).toEqual({ requests_per_minute: 2 });
  const ask = (headers = {}) => post(api, '/v1/jobs', chatJob(), headers);
  expect((await ask(limited.headers)).headers.get('ratelimit')).toMatch(
    /^"project-requests";r=3;t=\d+, "key-requests";r=1;t=\d+$/,
  );
  expect((await ask(limited.headers)).status).toBe(202);
  const refused = await ask(limited.headers);
  expect(problemSchema.parse(await refused.json())['violated-policies']).toEqual(['key-requests']);
  expect([(await ask()).status, (await ask()).status, (await ask()).status]).toEqual([
    202, 202, 429,
  ]);
});

test('what limits a key that cannot be is refused when the key is made', async () => {
  const api = await startTestApi();
  for (const limits of [{ jobs_waiting: 0 }, { routes: [] }, { requestsPerMinute: 5 }]) {
    const body = { project: 'default', scopes: ['submit'], limits };
    expect((await post(api, '/v1/admin/keys', body)).status).toBe(400);
  }
});

test('the jobs of a key are counted from their admission to their end', async () => {
  const api = await startTestApi();
  const { headers } = await issueKey(api, { limits: { jobs_waiting: 2 } });
  const ask = () => post(api, '/v1/jobs', chatJob(), headers);
  const { id } = z.object({ id: z.string() }).parse(await (await ask()).json());
  expect([(await ask()).status, (await ask()).status]).toEqual([202, 429]);
  await relay(api);
  expect((await ask()).status).toBe(429);
  await complete(api, id);
  await relay(api);
  expect([(await ask()).status, (await ask()).status]).toEqual([202, 429]);
  expect((await post(api, '/v1/jobs', chatJob())).status).toBe(202);
});

test('the job that one of two equal submits at a time makes is counted, whoever took its place', async () => {
  const api = await withLimits('{ jobsWaiting: 5 }');
  const { headers } = await issueKey(api, { limits: { jobs_waiting: 5 } });
  const other = await issueKey(api, { limits: { jobs_waiting: 5 } });
  const waiting = async (asked: Record<string, string>) => {
    const shown = await (await api.call('/v1/limits', { headers: asked })).json();
    const { project, key } = limitsViewSchema.parse(shown);
    return [project.use.jobs_waiting, key.use.jobs_waiting];
  };
  const { store } = api.dispatch;
  const create = store.create.bind(store);
  const race = async (first: Record<string, string>, second: Record<string, string>) => {
    const reached = Promise.withResolvers<void>();
    const made = Promise.withResolvers<void>();
    vi.spyOn(store, 'create').mockImplementationOnce(async (...job) => {
      reached.resolve();
      await made.promise;
      return create(...job);
    });
    const name = { 'idempotency-key': randomUUID() };
    const held = post(api, '/v1/jobs', chatJob(), { ...first, ...name });
    await reached.promise;
    const answer = await post(api, '/v1/jobs', chatJob(), { ...second, ...name });
    made.resolve();
    expect([answer.status, (await held).headers.get('idempotency-replayed')]).toEqual([
      202,
      'true',
    ]);
  };
  await race(headers, headers);
  expect(await waiting(headers)).toEqual([1, 1]);
  await race(headers, other.headers);
  expect([await waiting(headers), await waiting(other.headers)]).toEqual([
    [2, 1],
    [2, 1],
  ]);
  await relay(api);
  expect(await waiting(headers)).toEqual([2, 1]);
});

test('a project that has spent its money is refused until midnight UTC, and SDKs do not ask again', async () => {
  const api = await withLimits('{ spendPerDay: 0.5 }');
  const begun = await post(api, '/v1/jobs', chatJob());
  const { id } = z.object({ id: z.string() }).parse(await begun.json());
  const { store, clock } = api.dispatch;
  const now = clock.now();
  await store.transition(
    { project: 'default', id },
    {
      status: 'failed',
      nextTurn: 2,
      appended: [],
      folded: [],
      end: {
        v: 1,
        cost: { status: 'partial', amount: 0.5, currency: 'USD', prices_as_of: '2026-11-01' },
      },
      endedAt: now,
      keepMs: 60_000,
    },
  );
  // Its owner erases it at once: what it cost was spent all the same.
  expect((await api.call(`/v1/jobs/${id}`, { method: 'DELETE' })).status).toBeLessThan(300);
  await relay(api);
  await relay(api);
  const shown = limitsViewSchema.parse(await (await api.call('/v1/limits')).json());
  expect([shown.project.use.spend_per_day, shown.key.use.spend_per_day]).toEqual([0.5, 0.5]);

  const refused = await post(api, '/v1/jobs', chatJob());
  expect([refused.status, refused.headers.get('x-should-retry')]).toEqual([429, 'false']);
  const left = 86_400 - Math.floor((clock.now() / 1000) % 86_400);
  expect(Math.abs(Number(refused.headers.get('retry-after')) - left)).toBeLessThan(3);
  expect(await refused.text()).toContain('may spend $0.50 a day, and has spent $0.50; the next');
  expect(refused.headers.get('ratelimit-policy')).toBe(
    '"project-spend-per-day";q=50;w=86400;qu="usd-cents"',
  );
  const claude = await post(api, '/anthropic/v1/messages', { ...chat, max_tokens: 5 });
  expect([claude.status, await claude.json()]).toMatchObject([
    429,
    { type: 'error', error: { type: 'rate_limit_error' } },
  ]);
});

test('a key may take the routes it was given, at the priority it was given', async () => {
  const api = await startTestApi();
  const { headers } = await issueKey(api, {
    limits: { routes: ['one-way'], highest_priority: 'low' },
  });
  const ask = (more = {}, body = {}) => post(api, '/v1/jobs', chatJob(more, body), headers);
  const route = await ask();
  expect([route.status, await route.json()]).toMatchObject([
    403,
    {
      error: {
        code: 'forbidden',
        param: 'body.model',
        message: expect.stringContaining('one-way'),
      },
    },
  ]);
  const accepted = await ask({}, { model: 'one-way' });
  expect([accepted.status, await accepted.json()]).toMatchObject([202, { priority: 8 }]);
  const priority = await ask({ priority: 'high' }, { model: 'one-way' });
  expect([priority.status, await priority.json()]).toMatchObject([
    400,
    { error: { param: 'priority', message: expect.stringContaining('8 to 9') } },
  ]);
  const call = await post(
    api,
    '/v1/chat/completions',
    { ...chat, model: 'one-way' },
    {
      ...headers,
      ...respondAsync,
      'understudy-priority': '0',
    },
  );
  expect(await call.json()).toMatchObject({ error: { param: 'Understudy-Priority' } });
});

test('files are stored up to the limit of the project, and of the key', async () => {
  const api = await startFilesApi('projects: { default: { bytesStored: 100 } }');
  const { headers } = await issueKey(api, { limits: { bytes_stored: 50 } });
  const first = await api.upload('x'.repeat(50), { headers });
  const { id } = z.object({ id: z.string() }).parse(await first.json());
  const ofKey = await api.upload('y', { headers });
  expect([ofKey.status, ofKey.headers.get('x-should-retry')]).toEqual([429, 'false']);
  expect(await ofKey.json()).toMatchObject({ 'violated-policies': ['key-bytes-stored'] });
  expect((await api.upload('z'.repeat(51))).status).toBe(429);
  expect(api.stored()).toHaveLength(1);

  const uploads = await Promise.all(Array.from({ length: 20 }, () => api.upload('z'.repeat(10))));
  expect(uploads.filter(({ status }) => status === 200)).toHaveLength(5);
  expect(api.stored()).toHaveLength(6);
  const shown = limitsViewSchema.parse(await (await api.call('/v1/limits', { headers })).json());
  expect([shown.project.use.bytes_stored, shown.key.use.bytes_stored]).toEqual([100, 50]);
  await api.call(`/v1/files/${id}`, { method: 'DELETE' });
  expect((await api.upload('x'.repeat(50), { headers })).status).toBe(200);
});

test('an upload that is refused leaves its idempotency key to a smaller one', async () => {
  const api = await startFilesApi('projects: { default: { bytesStored: 100 } }');
  const upload = async (bytes: number, key: string) => {
    const answer = await api.upload('x'.repeat(bytes), { headers: { 'idempotency-key': key } });
    return { answer, text: await answer.text() };
  };
  // No deleting would make room for it.
  const large = await upload(200, 'one');
  expect([large.answer.status, large.answer.headers.get('retry-after')]).toEqual([413, null]);
  expect(large.text).toContain(
    'a file of 200 bytes is more than this project may store at all: 100',
  );
  expect((await upload(50, 'one')).answer.status).toBe(200);
  expect((await upload(51, 'two')).answer.status).toBe(429);
  expect((await upload(40, 'two')).answer.status).toBe(200);
  expect((await upload(40, 'two')).answer.headers.get('idempotency-replayed')).toBe('true');
  expect((await upload(10, 'two')).answer.status).toBe(422);
  expect(api.stored()).toHaveLength(2);
});

/** An upload that is about to be registered, as an equal one is refused, and then room is made. */
async function openLateUpload() {
  const api = await startFilesApi('projects: { default: { bytesStored: 100 } }');
  const filler = await api.upload('f'.repeat(60));
  const { id } = z.object({ id: z.string() }).parse(await filler.json());
  const upload = (text: string) => api.upload(text, { headers: { 'idempotency-key': 'one' } });
  const { register } = api.parts.files;
  const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  vi.spyOn(api.parts.files, 'register').mockImplementationOnce(async (...given) => {
    reached.resolve();
    await released.promise;
    return register(...given);
  });
  const late = upload('x'.repeat(50));
  await reached.promise;
  expect((await upload('x'.repeat(50))).status).toBe(429);
  await api.call(`/v1/files/${id}`, { method: 'DELETE' });
  const finish = async (): Promise<number> => {
    released.resolve();
    return (await late).status;
  };
  return { api, upload, finish };
}

test('an upload that is kept keeps its idempotency key, though an equal one was refused meanwhile', async () => {
  const { upload, finish } = await openLateUpload();
  expect(await finish()).toBe(200);
  expect((await upload('y'.repeat(10))).status).toBe(422);
  expect((await upload('x'.repeat(50))).headers.get('idempotency-replayed')).toBe('true');
});

test('an upload makes no file once its idempotency key stands for another one', async () => {
  const { api, upload, finish } = await openLateUpload();
  expect((await upload('y'.repeat(10))).status).toBe(200);
  expect(await finish()).toBe(422);
  expect(api.stored()).toHaveLength(1);
});

test('a message batch whose requests are more than may be stored leaves nothing behind', async () => {
  const api = await startFilesApi('projects: { default: { bytesStored: 100 } }');
  await api.upload('x'.repeat(50));
  const params = { model: 'gpt-4o', max_tokens: 5, messages: [] };
  const refuse = async (...ids: string[]) => {
    const body = { requests: ids.map((id) => ({ custom_id: id, params })) };
    const refused = await post(api, '/anthropic/v1/messages/batches', body);
    return [refused.status, await refused.json()];
  };
  expect(await refuse('a')).toMatchObject([429, { error: { type: 'rate_limit_error' } }]);
  expect(await refuse('a', 'b')).toMatchObject([413, { error: { type: 'request_too_large' } }]);
  expect(api.stored()).toHaveLength(1);
});

test('every route that makes work is limited, and cancelling is not', async () => {
  const { built: api, routes } = await collectRoutes(() => withLimits('{ requestsPerMinute: 1 }'));
  const makes = routes.filter(
    ({ method, url, config }) =>
      method === 'POST' && config.scope === 'submit' && !/webhooks|\/cancel$/.test(url),
  );
  expect(makes.map(({ url }) => url)).toEqual(
    expect.arrayContaining([
      '/v1/jobs',
      '/v1/jobs/:id/retry',
      '/v1/files',
      '/v1/batches',
      '/openai/v1/responses',
      '/v1/embeddings',
      '/anthropic/v1/messages',
      '/anthropic/v1/messages/batches',
    ]),
  );
  const id = await submit(api);
  for (const { url } of makes) {
    const answer = await post(api, url.replace(':id', id), {});
    expect([url, answer.status]).toEqual([url, 429]);
  }
  expect((await post(api, `/v1/jobs/${id}/cancel`, undefined)).status).toBe(200);
});

test('limits and what was used of them are shown to their owner, and to operators of every project', async () => {
  const api = await startTestApi({
    configuration: `${PROVIDERS}projects: { acme: { jobsWaiting: 5, requestsPerMinute: 9 } }`,
  });
  await makeProject(api, 'acme');
  const { id, headers } = await issueKey(api, { project: 'acme', limits: { jobs_waiting: 3 } });
  expect((await post(api, '/v1/jobs', chatJob(), headers)).status).toBe(202);
  const shown = limitsViewSchema.parse(await (await api.call('/v1/limits', { headers })).json());
  const used = { bytes_stored: 0, spend_per_day: 0, jobs_waiting: 1 };
  expect(shown).toEqual({
    object: 'limits',
    project: {
      name: 'acme',
      limits: { jobs_waiting: 5, requests_per_minute: 9 },
      use: { ...used, requests_per_minute: 1 },
    },
    key: { id, limits: { jobs_waiting: 3 }, use: used },
  });
  const { data } = projectListSchema.parse(await (await api.call('/v1/admin/projects')).json());
  expect(data.find(({ name }) => name === 'acme')).toMatchObject({
    limits: { jobs_waiting: 5, requests_per_minute: 9 },
    use: { ...used, requests_per_minute: 1 },
  });
  expect(data.find(({ name }) => name === 'default')?.limits).toBeUndefined();
});
