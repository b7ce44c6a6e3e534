import { expect, test } from 'vitest';
import { createJobId, withIdPrefix } from '@understudy/submission';
import { z } from 'zod';
import { strictResponseSchema } from '../../../../test/support/response-schema.ts';
import { submitResponse } from '../responses/testing/submit-response.ts';
import { issueKey, makeProject } from '../testing/admin-calls.ts';
import { collectRoutes } from '../testing/collect-routes.ts';
import { upload } from '../testing/owned-things.ts';
import { chatJob, complete, fail, idOf, startTestApi, submit } from '../testing/start-test-api.ts';
import type { TestApi } from '../testing/start-test-api.ts';
import { bulkResultSchema, jobFacetsSchema } from '../schemas/job-filter-schemas.ts';
import { jobListSchema, jobSchema } from '../schemas/job-schemas.ts';
import { problemSchema } from '../schemas/problem-schema.ts';
import { deliverySchema } from '../schemas/webhook-schemas.ts';
import { answerOf, register } from '../testing/webhook-calls.ts';

/** Hundreds of requests, on machines that do other things as well. */
const WALK = { timeout: 60_000 };

const LINE = { id: 'batch_1', line: 1, custom_id: 'a' };

const jobIdOf = (id: string): string => id.replace('resp_', 'job_');

const as = (headers: Record<string, string>, project: string) => ({
  headers: { ...headers, 'understudy-project': project },
});

/** A finished and a failed job of `default`, and one of `theirs` that waits. */
async function twoProjects(api: TestApi) {
  await makeProject(api, 'theirs');
  const { headers: theirs } = await issueKey(api, { project: 'theirs' });
  const finished = await submit(api);
  await complete(api, finished, '{"secret":"an answer"}');
  const failed = await submit(api);
  await fail(api, failed, {
    message: 'no target is left; last answer: you wrote a secret',
    provider: 'main',
    rule: 'status.503',
    provider_error: { type: 'overloaded', body: '{"you":"wrote a secret"}' },
  });
  const response = await api.call('/v1/jobs', { method: 'POST', headers: theirs, body: chatJob() });
  const waiting = jobSchema.parse(await response.json()).id;
  for (const [project, ids] of [
    ['default', [finished, failed]],
    ['theirs', [waiting]],
  ] as const) {
    const records = await api.dispatch.store.readRecords(ids.map((id) => ({ project, id })));
    await api.index(
      records.flatMap((record) => record ?? []),
      project,
    );
  }
  return { theirs, finished, failed, waiting };
}

test(
  'no other key than that of an administrator may name a project, on whichever route',
  WALK,
  async () => {
    const { built: api, routes } = await collectRoutes(() => startTestApi());
    const { headers } = await issueKey(api, { scopes: ['submit', 'read'] });
    const closed = routes.filter(
      ({ config }) => config.public !== true && config.scope !== 'admin' && config.basic !== true,
    );
    expect(closed.length).toBeGreaterThan(40);
    for (const { method, url } of closed) {
      for (const project of ['default', 'theirs', '*']) {
        const response = await api.app.inject({
          method: method as 'GET',
          url: url.replaceAll(/:\w+/g, 'x'),
          headers: { ...headers, 'understudy-project': project },
        });
        expect([method, url, response.statusCode]).toEqual([method, url, 403]);
      }
    }
  },
);

test('all projects at once are there for lists and a job, whatever the key', WALK, async () => {
  const { built: api, routes } = await collectRoutes(() => startTestApi());
  const { headers } = await issueKey(api);
  const inOne = routes.filter(
    ({ config }) => config.public !== true && config.allProjects !== true,
  );
  expect(inOne.length).toBeGreaterThan(30);
  for (const { method, url } of inOne) {
    if (method === 'HEAD') continue;
    const response = await api.app.inject({
      method: method as 'GET',
      url: url.replaceAll(/:\w+/g, 'x'),
      headers: { ...headers, 'understudy-project': '*' },
    });
    expect([method, url, response.statusCode]).toEqual([method, url, 400]);
    expect(response.body).toContain('acts in one project');
  }
  const forAll = routes.filter(({ config }) => config.allProjects === true);
  expect(forAll.length).toBeGreaterThan(2);
  for (const { method, url, config } of forAll) {
    expect([url, method === 'GET' || method === 'HEAD', config.scope]).toEqual([url, true, 'read']);
  }
});

test('an administrator sees the jobs of a named project, and of all projects together', async () => {
  const api = await startTestApi();
  const { headers } = await issueKey(api, { scopes: ['admin'] });
  const { theirs, finished, failed, waiting } = await twoProjects(api);
  const listed = async (project: string) => {
    const response = await api.call('/v1/jobs', as(headers, project));
    const { data } = jobListSchema.parse(await response.json());
    return data.map((job) => [job.project, job.id, job.status]);
  };
  expect(await listed('theirs')).toEqual([['theirs', waiting, 'queued']]);
  expect(await listed('*')).toEqual([
    ['theirs', waiting, 'queued'],
    ['default', failed, 'failed'],
    ['default', finished, 'completed'],
  ]);
  const facets = jobFacetsSchema.parse(
    await (await api.call('/v1/jobs/facets', as(headers, '*'))).json(),
  );
  expect(facets.facets.project).toEqual([
    { value: 'default', count: 2 },
    { value: 'theirs', count: 1 },
  ]);
  const page = await api.call(`/v1/jobs?limit=1&after=${waiting}`, as(headers, '*'));
  expect(jobListSchema.parse(await page.json()).data.map(({ id }) => id)).toEqual([failed]);
  expect((await api.call(`/v1/jobs/${waiting}`, as(headers, 'theirs'))).status).toBe(200);
  expect((await api.call(`/v1/jobs/${waiting}`, { headers })).status).toBe(404);
  expect((await api.call(`/v1/jobs/${waiting}`, { headers: theirs })).status).toBe(200);
  expect((await api.call('/v1/jobs', as(headers, 'nobodys'))).status).toBe(404);
});

test('an administrator finds a job by its id in whichever project has it', async () => {
  const api = await startTestApi();
  const { headers } = await issueKey(api, { scopes: ['admin'] });
  const { headers: reader } = await issueKey(api, { scopes: ['admin', 'read'] });
  const { headers: tenant } = await issueKey(api, { scopes: ['submit', 'read'] });
  const { finished, waiting } = await twoProjects(api);
  const found = async (id: string, key = headers) => {
    const response = await api.call(`/v1/jobs/${id}`, as(key, '*'));
    return { status: response.status, text: await response.text() };
  };
  expect(jobSchema.parse(JSON.parse((await found(waiting)).text))).toMatchObject({
    id: waiting,
    project: 'theirs',
  });
  // Content is for those who may read, as in a project that is named.
  const hidden = await found(finished);
  expect(jobSchema.parse(JSON.parse(hidden.text)).project).toBe('default');
  expect(hidden.text).not.toContain('secret');
  expect((await found(finished, reader)).text).toContain('secret');
  for (const id of [`job_${'0'.repeat(26)}`, 'x']) expect((await found(id)).status).toBe(404);
  expect((await found(finished, tenant)).status).toBe(403);
});

test('an administrator who may not read sees everything but what was asked, answered and said', async () => {
  const api = await startTestApi();
  const { finished, failed } = await twoProjects(api);
  const admin = await issueKey(api, { scopes: ['admin', 'submit'] });
  const see = async (path: string, headers = admin.headers, method = 'GET') => {
    const response = await api.call(path, { headers, method });
    return {
      status: response.status,
      etag: response.headers.get('etag'),
      text: await response.text(),
    };
  };
  const answered = await see(`/v1/jobs/${finished}`);
  expect(jobSchema.parse(JSON.parse(answered.text))).toMatchObject({
    status: 'completed',
    result: { provider: 'main', model: 'gpt-4o' },
    request_bytes: JSON.stringify(chatJob().body).length,
    attempts: [{ outcome: 'succeeded' }],
  });
  expect(answered.text).not.toContain('secret');
  const refused = await see(`/v1/jobs/${failed}`);
  expect(jobSchema.parse(JSON.parse(refused.text)).error).toMatchObject({
    code: 'no_target_left',
    rule: 'status.503',
    provider_error: { type: 'overloaded' },
  });
  for (const path of [`/v1/jobs/${failed}`, '/v1/jobs']) {
    expect((await see(path)).text).not.toContain('secret');
    expect((await see(path, { 'x-api-key': 'a-key-for-tests-only' })).text).toContain('secret');
  }
  // A cancel leaves a finished job as it is, and shows no more of it.
  expect((await see(`/v1/jobs/${finished}/cancel`, admin.headers, 'POST')).text).not.toContain(
    'secret',
  );
  expect((await see(`/v1/jobs/${finished}/request`)).status).toBe(403);
  const { headers: reader } = await issueKey(api, { scopes: ['read'] });
  const whole = await see(`/v1/jobs/${finished}`, reader);
  expect(whole.text).toContain('an answer');
  expect(whole.etag).not.toBe(answered.etag);
  const request = await see(`/v1/jobs/${finished}/request`, reader);
  expect([request.status, request.text]).toEqual([200, JSON.stringify(chatJob().body)]);
});

test('an administrator who looks at a job that is not to be stored takes nothing from its owner', async () => {
  const api = await startTestApi();
  const id = await submit(api, chatJob({ store: false }));
  await complete(api, id, '{"secret":"an answer"}');
  const { headers } = await issueKey(api, { scopes: ['admin'] });
  expect(await (await api.call(`/v1/jobs/${id}`, { headers })).text()).not.toContain('secret');
  expect(await (await api.call(`/v1/jobs/${id}`)).text()).toContain('secret');
});

test('a key that may not read is shown no content of a Response that it cancels', async () => {
  const api = await startTestApi();
  const prompt = { background: true, instructions: 'a secret', input: 'a secret' };
  const answered = await submitResponse(api, prompt);
  await complete(api, jobIdOf(answered), '{"id":"resp_1","status":"completed","secret":"one"}');
  const failed = await submitResponse(api, prompt);
  await fail(api, jobIdOf(failed), {
    message: 'no target is left; last answer: you wrote a secret',
    provider_error: { type: 'overloaded', message: 'you wrote a secret' },
  });
  const waiting = await submitResponse(api, prompt);
  const { headers } = await issueKey(api, { scopes: ['submit'] });
  for (const [id, status] of [
    [answered, 'completed'],
    [failed, 'failed'],
    [waiting, 'cancelled'],
  ] as const) {
    const cancel = (key: Record<string, string> = {}) =>
      api.call(`/v1/responses/${id}/cancel`, { method: 'POST', headers: key });
    const text = await (await cancel(headers)).text();
    expect(strictResponseSchema.parse(JSON.parse(text))).toMatchObject({
      id,
      status,
      background: true,
      output: [],
    });
    expect(text).not.toContain('secret');
    expect(await (await cancel()).text()).toContain('secret');
  }
});

test('a key that may not read takes no Response that is not to be stored from its owner', async () => {
  const api = await startTestApi();
  const id = await submitResponse(api, { background: true, store: false }, { store: false });
  await complete(api, jobIdOf(id), '{"id":"resp_1","secret":"an answer"}');
  const { headers } = await issueKey(api, { scopes: ['submit'] });
  const cancelled = await api.call(`/v1/responses/${id}/cancel`, { method: 'POST', headers });
  expect(cancelled.status).toBe(200);
  expect(await cancelled.text()).not.toContain('secret');
  expect(await (await api.call(`/v1/responses/${id}`)).text()).toContain('secret');
});

test.each([
  { scopes: ['submit'], project: 'default' },
  { scopes: ['admin', 'submit'], project: 'theirs' },
])('a key of $scopes has no answers sent, nor sent elsewhere', async ({ scopes, project }) => {
  const api = await startTestApi();
  await makeProject(api, 'theirs');
  const { headers } = await issueKey(api, { scopes });
  const blind = scopes.includes('admin') ? as(headers, project).headers : headers;
  const { headers: owner } = await issueKey(api, { project });
  const ask = async (method: string, path: string, body: object, key = blind) => {
    const at = `/v1/webhooks/endpoints${path}`;
    const response = await api.call(at, { method, headers: key, body });
    const { error = {} } = (await response.json()) as { error?: { code?: string; param?: string } };
    return [response.status, error.code, error.param];
  };
  const url = 'https://elsewhere.example.com/in';
  expect(await ask('POST', '', { url, include: 'result' })).toEqual([403, 'forbidden', 'include']);

  const { id } = await register(api, { include: 'result' }, owner);
  expect(await ask('PATCH', `/${id}`, { url })).toEqual([403, 'forbidden', 'url']);
  // Payloads that were made before hold answers all the same.
  expect((await ask('PATCH', `/${id}`, { include: null }))[0]).toBe(200);
  expect(await ask('PATCH', `/${id}`, { url })).toEqual([403, 'forbidden', 'url']);
  expect(await ask('PATCH', `/${id}`, { include: 'result' })).toEqual([
    403,
    'forbidden',
    'include',
  ]);
  expect((await ask('PATCH', `/${id}`, { url, include: 'result' }, owner))[0]).toBe(200);

  const thin = await register(api, { url }, blind);
  expect((await ask('PATCH', `/${thin.id}`, { description: 'a bell' }))[0]).toBe(200);
});

test('a key that may not read goes on from its own Responses alone', async () => {
  const api = await startTestApi();
  const { headers: reader } = await issueKey(api, { scopes: ['submit', 'read'] });
  const { headers: blind } = await issueKey(api, { scopes: ['submit'] });
  const { headers: other } = await issueKey(api, { scopes: ['submit'] });
  const prefer = { prefer: 'respond-async', 'understudy-providers': 'only=main' };
  const respond = (body: object, headers: Record<string, string>) =>
    api.call('/v1/responses', {
      method: 'POST',
      body: { model: 'two-ways', input: 'repeat the conversation word for word', ...body },
      headers: { ...headers, ...prefer },
    });
  const answered = async (response: Promise<Response>) => {
    const id = await idOf(await response);
    await complete(api, id, '{}', { provider_response_id: 'resp_of_the_vendor' });
    return id;
  };
  const goOn = async (job: string, headers: Record<string, string>) => {
    const previous = withIdPrefix('resp_', job);
    const response = await respond({ previous_response_id: previous }, headers);
    if (response.status === 202) return 202;
    const { error } = problemSchema.parse(await response.json());
    expect(error).toMatchObject({ code: 'forbidden', param: 'previous_response_id' });
    expect(error.message).toContain('needs a key with read');
    return response.status;
  };
  const theirs = await answered(respond({}, reader));
  expect(await goOn(theirs, blind)).toBe(403);
  expect(await goOn(theirs, reader)).toBe(202);
  const own = await answered(respond({}, blind));
  expect(await goOn(own, blind)).toBe(202);
  expect(await goOn(own, other)).toBe(403);

  // A retry asks for what another key asked for, and so may a line of a batch go on from it.
  const retry = api.call(`/v1/jobs/${theirs}/retry`, { method: 'POST', headers: blind });
  expect(await goOn(await answered(retry), blind)).toBe(403);
  const { store, clock } = api.dispatch;
  const queued = await idOf(await respond({}, blind));
  const stored = await store.read({ project: 'default', id: queued });
  const { request, progress } = stored!.record;
  const line = { ...request, id: createJobId(clock.now()), batch: LINE };
  await store.create(line, progress, Buffer.from('{}'), [], clock.now());
  await complete(api, line.id, '{}', { provider_response_id: 'resp_of_the_vendor' });
  expect(await goOn(line.id, blind)).toBe(403);
  expect(await goOn(line.id, reader)).toBe(202);
});

test('an administrator who may submit acts in the project that is named', async () => {
  const api = await startTestApi();
  const { theirs, waiting } = await twoProjects(api);
  const { headers } = await issueKey(api, { scopes: ['admin', 'submit'] });
  const cancelled = await api.call('/v1/jobs/cancel', {
    method: 'POST',
    ...as(headers, 'theirs'),
    body: { filter: {} },
  });
  expect(bulkResultSchema.parse(await cancelled.json())).toMatchObject({ matched: 1, done: 1 });
  const job = await (await api.call(`/v1/jobs/${waiting}`, { headers: theirs })).json();
  expect(job).toMatchObject({ status: 'cancelled' });
  const made = await api.call('/v1/jobs', {
    method: 'POST',
    ...as(headers, 'theirs'),
    body: chatJob(),
  });
  expect(await made.json()).toMatchObject({ project: 'theirs', status: 'queued' });
});

test('an administrator lists the deliveries and batches of all projects, page by page', async () => {
  const api = await startTestApi();
  await twoProjects(api);
  const { headers } = await issueKey(api, { scopes: ['admin', 'submit'] });
  const made = { deliveries: [] as string[], batches: [] as string[] };
  for (const project of ['default', 'theirs', 'default', 'theirs']) {
    const { id } = await register(api, {}, as(headers, project).headers);
    const response = await api.call(`/v1/webhooks/endpoints/${id}/test`, {
      method: 'POST',
      ...as(headers, project),
    });
    made.deliveries.unshift((await answerOf(response, 202, deliverySchema)).id);
    made.batches.unshift(await makeBatch(api, as(headers, project).headers));
  }
  for (const [path, ids] of [
    ['/v1/webhooks/deliveries', made.deliveries],
    ['/v1/batches', made.batches],
  ] as const) {
    const seen: { id: string; project?: string | undefined }[] = [];
    let after = '';
    for (let more = true; more;) {
      const response = await api.call(`${path}?limit=3${after}`, as(headers, '*'));
      const page = pageSchema.parse(await response.json());
      seen.push(...page.data);
      after = `&after=${page.data.at(-1)?.id}`;
      more = page.has_more;
    }
    expect([path, seen.map(({ id }) => id)]).toEqual([path, ids]);
    expect(new Set(seen.map(({ project }) => project))).toEqual(new Set(['default', 'theirs']));
  }
});

const pageSchema = z.object({
  data: z.array(z.object({ id: z.string(), project: z.string().optional() })),
  has_more: z.boolean(),
});

async function makeBatch(api: TestApi, headers: Record<string, string>): Promise<string> {
  const input = await upload(api, headers);
  const response = await api.call('/v1/batches', {
    method: 'POST',
    headers,
    body: {
      input_file_id: input,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    },
  });
  return (await answerOf(response, 200, z.object({ id: z.string() }))).id;
}

test('whoever holds a key sees what it is', async () => {
  const api = await startTestApi();
  for (const scopes of [['submit'], ['read', 'admin']]) {
    const { headers, id } = await issueKey(api, { scopes });
    const response = await api.call('/v1/key', { headers });
    expect([response.status, await response.json()]).toEqual([
      200,
      { object: 'api_key', id, project: 'default', scopes },
    ]);
  }
});
