import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { createRegistryWriter } from '@understudy/availability';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { issueKey, makeProject } from '../testing/admin-calls.ts';
import { chatJob, coolDown, startTestApi, submit } from '../testing/start-test-api.ts';
import {
  explainedRouteSchema,
  modelListSchema,
  providerListSchema,
  routeListSchema,
} from '../schemas/provider-schemas.ts';

const openApiSchema = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        requestBody: z.unknown().optional(),
        responses: z.record(z.string(), z.unknown()),
      }),
    ),
  ),
});

test('routes are listed, those made from what providers know among them', async () => {
  const api = await startTestApi();
  const { data } = routeListSchema.parse(await (await api.call('/v1/routes')).json());
  expect(data).toContainEqual({
    object: 'route',
    name: 'two-ways',
    automatic: false,
    targets: ['main/gpt-4o', 'backup/gpt-4o'],
  });
  expect(data).toContainEqual({
    object: 'route',
    name: 'gpt-4o-mini',
    automatic: true,
    targets: ['main', 'backup'],
  });
});

test('a route is explained for an endpoint without a call', async () => {
  const api = await startTestApi();
  const explain = async (path: string) =>
    explainedRouteSchema.parse(await (await api.call(`/v1/routes/${path}`)).json());
  const open = await explain('two-ways');
  expect(open.targets.map(({ target, state }) => [target, state])).toEqual([
    ['main/gpt-4o', 'open'],
    ['backup/gpt-4o', 'open'],
  ]);
  const other = await explain('two-ways?endpoint=/v1/messages');
  // Neither speaks the endpoint's own dialect: the body would be translated.
  expect(other.targets.map(({ state, dialect }) => [state, dialect])).toEqual([
    ['open', 'chat-completions'],
    ['open', 'chat-completions'],
  ]);
  const unknown = await api.call('/v1/routes/gpt-4o-mimi');
  expect([unknown.status, await unknown.text()]).toEqual([
    404,
    expect.stringContaining('gpt-4o-mini'),
  ]);
  expect((await api.call('/v1/routes/two-ways?endpoint=/v2')).status).toBe(400);
});

test('models come in the shape of the OpenAI list', async () => {
  const api = await startTestApi();
  const { data } = modelListSchema.parse(await (await api.call('/v1/models')).json());
  expect(data.find(({ id }) => id === 'gpt-4o')).toEqual({
    id: 'gpt-4o',
    object: 'model',
    created: 0,
    owned_by: 'openai',
    providers: ['main', 'backup'],
  });
});

test('providers show workers, queues and cool-downs', async () => {
  const api = await startTestApi({ registered: ['main'] });
  await submit(api, chatJob());
  await coolDown(api, 'main');
  const { data } = providerListSchema.parse(await (await api.call('/v1/providers')).json());
  expect(data).toMatchObject([
    {
      id: 'main',
      kind: 'openai',
      alive: true,
      queue: { waiting: 1, active: 0 },
      cooldowns: [{ scope: 'provider', state: 'cooling', rule: 'test.billing', alert: true }],
    },
    { id: 'backup', registered: false, alive: false, cooldowns: [] },
  ]);
});

test('a model name that a project made up is shown to no other project, but to an administrator', async () => {
  const api = await startTestApi();
  const { cooldowns, staleNames, registry, redis, keyPrefix, clock, reload } = api.dispatch;
  const registration = registry.registration('main');
  if (registration === undefined) throw new Error('main is not registered');
  const writer = createRegistryWriter(redis, keyPrefix, 'worker', clock);
  await writer.register([{ ...registration, passthrough: true }]);
  const model = 'acme-secret-model';
  const failed = { provider: 'main', now: clock.now(), callStartedAt: clock.now(), rule: 'test' };
  for (const name of [model, 'gpt-4o']) {
    await staleNames.reportMissing({ ...failed, model: name });
    await cooldowns.reportFailure({
      ...failed,
      model: name,
      scope: 'model',
      counted: false,
      jobId: 'another',
      holder: 'another:1',
      delayMs: 60_000,
      alert: false,
    });
  }
  await coolDown(api, 'main');
  await reload();
  await submit(api, chatJob({}, { model }));

  const namesSeenBy = async (headers: Record<string, string>) => {
    const response = await api.call('/v1/providers', { headers });
    const [main] = providerListSchema.parse(await response.json()).data;
    return [main?.stale_names, main?.cooldowns, main?.waiting].map((named) =>
      named?.map((one) => one.model).toSorted(),
    );
  };
  await makeProject(api, 'theirs');
  const reader = await issueKey(api, { project: 'theirs', scopes: ['read'] });
  expect(await namesSeenBy(reader.headers)).toEqual([
    ['gpt-4o', 'other'],
    ['*', 'gpt-4o', 'other'],
    ['other'],
  ]);
  const operator = await issueKey(api, { scopes: ['admin'] });
  expect(await namesSeenBy(operator.headers)).toEqual([
    [model, 'gpt-4o'],
    ['*', model, 'gpt-4o'],
    [model],
  ]);
});

test('a name that a provider did not know is shown, and a route says that it is passed over', async () => {
  const api = await startTestApi();
  const { staleNames, clock, reload } = api.dispatch;
  const now = clock.now();
  const stale = await staleNames.reportMissing({
    provider: 'main',
    model: 'gpt-4o',
    now,
    callStartedAt: now,
    rule: 'default.code_model_not_found',
  });
  await reload();
  const until = new Date(stale.until).toISOString();

  const { data } = providerListSchema.parse(await (await api.call('/v1/providers')).json());
  expect(data.map(({ id, stale_names }) => [id, stale_names])).toEqual([
    [
      'main',
      [
        {
          model: 'gpt-4o',
          since: new Date(now).toISOString(),
          until,
          rule: 'default.code_model_not_found',
          failures: 1,
        },
      ],
    ],
    ['backup', []],
  ]);
  const explain = async (route: string) =>
    explainedRouteSchema.parse(await (await api.call(`/v1/routes/${route}`)).json()).targets;
  expect(await explain('two-ways')).toMatchObject([
    { state: 'stale_name', until },
    { state: 'open' },
  ]);
  expect(await explain('one-way')).toMatchObject([{ state: 'open' }]);
});

test('it is ready once every provider has a worker, and says which has none before', async () => {
  const half = await startTestApi({ registered: ['main'] });
  const waiting = await half.call('/readyz');
  expect([waiting.status, await waiting.json()]).toEqual([
    503,
    { status: 'not_ready', missing: ['no worker serves the provider backup'] },
  ]);
  expect((await half.call('/healthz')).status).toBe(200);

  const whole = await startTestApi();
  expect(await (await whole.call('/readyz')).json()).toEqual({ status: 'ready' });
  const { redis, keyPrefix } = whole.dispatch;
  await redis.del(`${keyPrefix}:{backup}:beats`);
  await whole.dispatch.reload();
  const degraded = await whole.call('/readyz');
  expect([degraded.status, await degraded.json()]).toEqual([
    200,
    { status: 'degraded', degraded: ['no worker serves the provider backup'] },
  ]);
});

test('a replica that starts while a provider has no worker is ready, if there ever was one', async () => {
  const api = await startTestApi();
  const { redis, keyPrefix, reload } = api.dispatch;
  await redis.del(`${keyPrefix}:{backup}:beats`);
  await reload();
  const answer = await api.call('/readyz');
  expect([answer.status, await answer.json()]).toEqual([
    200,
    { status: 'degraded', degraded: ['no worker serves the provider backup'] },
  ]);
});

test('an unknown path is 404, a known one by another method 405 with what is allowed', async () => {
  const api = await startTestApi();
  const unknown = await api.call('/v1/nothing?a=secret');
  expect([unknown.status, await unknown.json()]).toMatchObject([
    404,
    { instance: '/v1/nothing', error: { code: 'not_found' } },
  ]);
  const wrong = await api.call('/v1/jobs/some', { method: 'PUT' });
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD, DELETE']);
  expect((await api.call('/v1/jobs', { method: 'DELETE' })).status).toBe(405);
});

test.each([
  ['/v1/messages', '/anthropic/v1/messages'],
  ['/anthropic/messages', '/anthropic/v1/messages'],
  ['/anthropic/v1/v1/messages', '/anthropic/v1/messages'],
  ['/chat/completions', '/v1/chat/completions'],
  ['/openai/chat/completions', '/v1/chat/completions'],
  ['/v1/v1/responses/resp_1', '/v1/responses/resp_1'],
  ['/jobs', '/v1/jobs'],
])('%s, of an SDK with another base URL, is told of %s', async (path, meant) => {
  const api = await startTestApi();
  const answer = await api.call(path, { method: 'POST' });
  expect([answer.status, await answer.text()]).toEqual([
    404,
    expect.stringContaining(`may be at ${meant}: check the base URL`),
  ]);
});

test('paths and connections that are no HTTP get a problem too', async () => {
  const api = await startTestApi();
  const badPath = await api.call('/v1/jobs/%zz');
  expect([badPath.status, badPath.headers.get('content-type')]).toEqual([
    400,
    'application/problem+json',
  ]);
  expect(badPath.headers.get('x-request-id')).toMatch(/^req_/);
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  socket.write('NONSENSE\r\n\r\n');
  const answer = await text(socket);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('application/problem+json');
});

/** What every prefix of OpenAI's API has. */
const OPENAI_PATHS = [
  '/batches',
  '/batches/{id}',
  '/batches/{id}/cancel',
  '/chat/completions',
  '/embeddings',
  '/files',
  '/files/{id}',
  '/files/{id}/content',
  '/models',
  '/models/{model}',
  '/responses',
  '/responses/{id}',
  '/responses/{id}/cancel',
  '/responses/{id}/input_items',
];

const ALL_PATHS = [
  ...OPENAI_PATHS.flatMap((path) => [`/v1${path}`, `/openai/v1${path}`]),
  '/anthropic/v1/messages',
  '/anthropic/v1/messages/batches',
  '/anthropic/v1/messages/batches/{id}',
  '/anthropic/v1/messages/batches/{id}/cancel',
  '/anthropic/v1/messages/batches/{id}/results',
  '/anthropic/v1/models',
  '/anthropic/v1/models/{model}',
  '/healthz',
  '/metrics',
  '/readyz',
  '/v1/admin/keys',
  '/v1/admin/keys/{id}',
  '/v1/admin/projects',
  '/v1/admin/projects/{name}',
  '/v1/events',
  '/v1/jobs',
  '/v1/jobs/cancel',
  '/v1/jobs/facets',
  '/v1/jobs/retry',
  '/v1/jobs/{id}',
  '/v1/jobs/{id}/cancel',
  '/v1/jobs/{id}/events',
  '/v1/jobs/{id}/request',
  '/v1/jobs/{id}/retry',
  '/v1/key',
  '/v1/limits',
  '/v1/providers',
  '/v1/providers/{id}/clear-cooldown',
  '/v1/providers/{id}/pause',
  '/v1/providers/{id}/resume',
  '/v1/routes',
  '/v1/routes/{model}',
  '/v1/statistics',
  '/v1/webhooks/deliveries',
  '/v1/webhooks/deliveries/{id}',
  '/v1/webhooks/deliveries/{id}/redeliver',
  '/v1/webhooks/endpoints',
  '/v1/webhooks/endpoints/{id}',
  '/v1/webhooks/endpoints/{id}/disable',
  '/v1/webhooks/endpoints/{id}/enable',
  '/v1/webhooks/endpoints/{id}/redeliver',
  '/v1/webhooks/endpoints/{id}/rotate',
  '/v1/webhooks/endpoints/{id}/test',
  '/v1/webhooks/secret',
  '/v1/webhooks/secret/rotate',
].toSorted();

test('the OpenAPI document holds every route of the API, and the pages load nothing from elsewhere', async () => {
  const api = await startTestApi();
  const document = openApiSchema.parse(await (await fetch(`${api.url}/openapi.json`)).json());
  expect(Object.keys(document.paths).toSorted()).toEqual(ALL_PATHS);
  const submitting = document.paths['/v1/jobs']?.['post'];
  expect(JSON.stringify(submitting?.requestBody)).toContain('expires_in');
  expect(Object.keys(submitting?.responses ?? {})).toEqual(
    expect.arrayContaining(['202', '400', '503']),
  );

  const page = await fetch(`${api.url}/docs`);
  expect(page.status).toBe(200);
  const html = await page.text();
  const initializer = await (await fetch(`${api.url}/docs/static/swagger-initializer.js`)).text();
  expect(html + initializer).not.toMatch(/(?:src|href|url)["'=:\s]+https?:\/\//i);
  expect(initializer).toContain('validatorUrl: null');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
});
