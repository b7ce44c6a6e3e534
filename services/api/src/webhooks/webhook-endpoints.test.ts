import { expect, test } from 'vitest';
import { startTestApi } from '../testing/start-test-api.ts';
import type { TestApi } from '../testing/start-test-api.ts';
import { answerOf, makeDelivery, makeKey, register } from '../testing/webhook-calls.ts';
import {
  deliverySchema,
  endpointDetailSchema,
  endpointListSchema,
  endpointSchema,
  endpointWithSecretSchema,
  removedEndpointSchema,
} from '../schemas/webhook-schemas.ts';

const OWN_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

function change(api: TestApi, id: string, body: unknown) {
  return api.call(`/v1/webhooks/endpoints/${id}`, { method: 'PATCH', body });
}

async function read(api: TestApi, id: string) {
  return answerOf(await api.call(`/v1/webhooks/endpoints/${id}`), 200, endpointDetailSchema);
}

test('an endpoint is registered for the four ends of a job, and shows its secret once', async () => {
  const api = await startTestApi();
  const { secret, ...made } = await register(api, { description: 'the billing backend' });
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/);
  expect(made).toMatchObject({
    object: 'webhook_endpoint',
    url: 'https://hooks.example.com/in',
    description: 'the billing backend',
    events: ['job.completed', 'job.failed', 'job.cancelled', 'job.expired'],
    status: 'enabled',
    keys: [{ kind: 'symmetric' }],
  });
  expect(await read(api, made.id)).toEqual({
    ...made,
    deliveries: { pending: 0, delivered: 0, dead: 0 },
  });
  const list = await (await api.call('/v1/webhooks/endpoints')).text();
  expect(endpointListSchema.parse(JSON.parse(list)).data).toEqual([made]);
  expect(list).not.toContain(secret);
  expect(list).not.toContain(secret.slice(6));
});

test('an endpoint may bring a secret of its own; of an Ed25519 key only the public part is told', async () => {
  const api = await startTestApi();
  expect((await register(api, { secret: OWN_SECRET })).secret).toBe(OWN_SECRET);
  const { secret, keys, id } = await register(api, { kind: 'ed25519' });
  expect(secret).toMatch(/^whpk_/);
  expect(keys).toMatchObject([{ kind: 'ed25519', public_key: secret }]);
  expect((await read(api, id)).keys).toEqual(keys);
});

test('a registration that is repeated under its idempotency key is the same one, with its secret', async () => {
  const api = await startTestApi();
  const wanted = { secret: OWN_SECRET, description: 'the billing backend' };
  const key = { 'idempotency-key': 'once' };
  const [made, ...others] = await Promise.all(
    Array.from({ length: 3 }, () => register(api, wanted, key)),
  );
  expect(others).toEqual([made, made]);
  const list = await api.call('/v1/webhooks/endpoints');
  expect((await answerOf(list, 200, endpointListSchema)).data.map(({ id }) => id)).toEqual([
    made?.id,
  ]);
  const repeat = async (body: object = wanted, headers: Record<string, string> = key) => {
    const response = await api.call('/v1/webhooks/endpoints', {
      method: 'POST',
      headers,
      body: { url: 'https://hooks.example.com/in', ...body },
    });
    return { response, text: await response.text() };
  };
  expect((await repeat()).response.headers.get('idempotency-replayed')).toBe('true');
  const other = await repeat({ description: 'another' });
  expect([other.response.status, other.text]).toEqual([
    422,
    expect.stringContaining('idempotency_mismatch'),
  ]);
  const theirs = await makeKey(api, 'a-key-of-theirs-only', 'theirs');
  expect((await register(api, wanted, { ...key, ...theirs })).id).not.toBe(made?.id);

  await answerOf(
    await api.call(`/v1/webhooks/endpoints/${made?.id}/rotate`, { method: 'POST' }),
    200,
    endpointWithSecretSchema,
  );
  const late = await repeat();
  expect([late.response.status, late.text]).toEqual([
    409,
    expect.stringContaining(`this Idempotency-Key registered ${made?.id}`),
  ]);
  expect(late.text).not.toContain('whsec_');
  await api.call(`/v1/webhooks/endpoints/${made?.id}`, { method: 'DELETE' });
  const removed = await repeat();
  expect([removed.response.status, removed.text]).toEqual([
    409,
    expect.stringContaining(`${made?.id}, which was removed since`),
  ]);
});

test('a registration whose fingerprint the release before dropped is still the same one', async () => {
  const api = await startTestApi();
  const key = { 'idempotency-key': 'once' };
  const { id } = await register(api, {}, key);
  const { redis, keyPrefix } = api.dispatch;
  const place = `${keyPrefix}:{wh:${id}}:endpoint`;
  const { request_fingerprint: dropped, ...kept } = JSON.parse(
    (await redis.hget(place, 'json')) ?? '{}',
  ) as Record<string, unknown>;
  expect(dropped).toEqual(expect.any(String));
  await redis.hset(place, 'json', JSON.stringify(kept));
  expect((await register(api, {}, key)).id).toBe(id);
});

test('a registration is repeated where there is no room for another', async () => {
  const api = await startTestApi();
  const key = { 'idempotency-key': 'once' };
  const { id } = await register(api, {}, key);
  await Promise.all(Array.from({ length: 49 }, () => register(api)));
  expect((await register(api, {}, key)).id).toBe(id);
  await expect(register(api)).rejects.toThrow('409');
});

test('a test event that is asked for again under its idempotency key is sent once', async () => {
  const api = await startTestApi();
  const [one, two] = [await register(api), await register(api)];
  const ask = (id: string, type: string) =>
    api.call(`/v1/webhooks/endpoints/${id}/test`, {
      method: 'POST',
      headers: { 'idempotency-key': 'once' },
      body: { type },
    });
  const first = await answerOf(await ask(one.id, 'job.failed'), 202, deliverySchema);
  const again = await answerOf(await ask(one.id, 'job.failed'), 202, deliverySchema);
  expect(again).toEqual(first);
  expect((await read(api, one.id)).deliveries).toEqual({ pending: 1, delivered: 0, dead: 0 });
  expect((await ask(one.id, 'job.completed')).status).toBe(422);
  const other = await answerOf(await ask(two.id, 'job.failed'), 202, deliverySchema);
  expect(other.id).not.toBe(first.id);
});

test.each([
  ['no URL', {}, 'url'],
  ['no events', { url: 'https://a.example', events: [] }, 'events'],
  ['an unknown event', { url: 'https://a.example', events: ['job.done'] }, 'events.0'],
  ['an event twice', { url: 'https://a.example', events: ['job.failed', 'job.failed'] }, 'events'],
  ['a short secret', { url: 'https://a.example', secret: 'whsec_c2hvcnQ=' }, 'secret'],
  ['a secret without its prefix', { url: 'https://a.example', secret: 'my-password' }, 'secret'],
  [
    'an Ed25519 key of its own',
    { url: 'https://a.example', kind: 'ed25519', secret: OWN_SECRET },
    'secret',
  ],
  ['an unknown member', { url: 'https://a.example', colour: 'red' }, 'colour'],
])('an endpoint with %s is refused', async (_what, body, param) => {
  const api = await startTestApi();
  const response = await api.call('/v1/webhooks/endpoints', { method: 'POST', body });
  const text = await response.text();
  expect([response.status, JSON.parse(text)]).toMatchObject([
    400,
    { error: { code: 'invalid_request', param } },
  ]);
  expect(text).not.toMatch(/c2hvcnQ|my-password/);
});

test.each([
  'http://hooks.example.com/',
  'https://127.0.0.1/',
  'https://2130706433/',
  'https://[::ffff:10.0.0.1]/',
  'https://169.254.169.254/latest/meta-data',
  'https://user:hunter2@hooks.example.com/',
  'https://localhost/',
  'ftp://hooks.example.com/',
  'hooks.example.com',
])('the URL %s is refused with a reason, at registration and on change', async (url) => {
  const api = await startTestApi();
  const { id } = await register(api);
  const calls = [
    await api.call('/v1/webhooks/endpoints', { method: 'POST', body: { url } }),
    await change(api, id, { url }),
  ];
  for (const response of calls) {
    const text = await response.text();
    expect([response.status, text]).toEqual([400, expect.stringMatching(/"param":"url"/)]);
    expect(text).not.toContain('user:hunter2');
  }
  expect((await read(api, id)).url).toBe('https://hooks.example.com/in');
});

test('what the operator allows may be registered', async () => {
  const configuration = `
providers:
  main: { kind: openai, apiKey: unused }
outbound: { allow: ['127.0.0.1:9099'] }
`;
  const api = await startTestApi({ configuration, registered: ['main'] });
  expect(await register(api, { url: 'http://127.0.0.1:9099/in' })).toMatchObject({
    url: 'http://127.0.0.1:9099/in',
  });
  const other = await api.call('/v1/webhooks/endpoints', {
    method: 'POST',
    body: { url: 'http://127.0.0.1:9100/in' },
  });
  expect(other.status).toBe(400);
});

test('an endpoint is changed member by member, and null takes one away', async () => {
  const api = await startTestApi();
  const made = await register(api, { include: 'result', description: 'old' });
  const changed = await answerOf(
    await change(api, made.id, {
      url: 'https://elsewhere.example/',
      events: ['job.failed'],
      include: null,
      description: null,
    }),
    200,
    endpointSchema,
  );
  expect(changed).toMatchObject({ url: 'https://elsewhere.example/', events: ['job.failed'] });
  expect(Object.keys(changed)).not.toContain('include');
  expect(Object.keys(changed)).not.toContain('description');
  expect(changed.keys).toEqual(made.keys);
  expect((await change(api, made.id, {})).status).toBe(400);
  expect((await change(api, made.id, { secret: OWN_SECRET })).status).toBe(400);
});

test('a rotation keeps the old key for a day, or for as long as is asked', async () => {
  const api = await startTestApi();
  const made = await register(api);
  const rotate = async (body?: unknown) =>
    answerOf(
      await api.call(`/v1/webhooks/endpoints/${made.id}/rotate`, {
        method: 'POST',
        ...(body === undefined ? {} : { body }),
      }),
      200,
      endpointWithSecretSchema,
    );
  const first = await rotate();
  expect(first.secret).not.toBe(made.secret);
  const [newest, old] = first.keys;
  expect(newest?.expires_at).toBeUndefined();
  expect(Date.parse(old?.expires_at ?? '') - Date.parse(newest?.created_at ?? '')).toBe(86_400_000);

  const second = await rotate({ grace_period: '0s', secret: OWN_SECRET });
  expect(second.secret).toBe(OWN_SECRET);
  expect(second.keys).toHaveLength(1);

  const third = await rotate({ grace_period: 60, kind: 'ed25519' });
  expect(third.keys.map(({ kind }) => kind)).toEqual(['ed25519', 'symmetric']);
  const shown = await (await api.call(`/v1/webhooks/endpoints/${made.id}`)).text();
  for (const secret of [made.secret, first.secret, OWN_SECRET]) {
    expect(shown).not.toContain(secret.slice(6));
  }
});

test.each(['soon', '31d', -1, '1w'])('a grace period of %s is refused', async (period) => {
  const api = await startTestApi();
  const { id } = await register(api);
  const response = await api.call(`/v1/webhooks/endpoints/${id}/rotate`, {
    method: 'POST',
    body: { grace_period: period },
  });
  expect([response.status, await response.text()]).toEqual([
    400,
    expect.stringContaining('grace_period'),
  ]);
});

test('a disabled endpoint takes no test event until it is enabled', async () => {
  const api = await startTestApi();
  const { id } = await register(api);
  const act = async (action: string) =>
    answerOf(
      await api.call(`/v1/webhooks/endpoints/${id}/${action}`, { method: 'POST' }),
      200,
      endpointSchema,
    );
  expect(await act('disable')).toMatchObject({ status: 'disabled', disabled_reason: 'by_owner' });
  const refused = await api.call(`/v1/webhooks/endpoints/${id}/test`, { method: 'POST' });
  expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining('/enable')]);

  const enabled = await act('enable');
  expect(enabled.status).toBe('enabled');
  expect(enabled.disabled_reason).toBeUndefined();
  await makeDelivery(api, id);
  expect((await read(api, id)).deliveries).toEqual({ pending: 1, delivered: 0, dead: 0 });
});

test('a removed endpoint is gone', async () => {
  const api = await startTestApi();
  const { id } = await register(api);
  const remove = () => api.call(`/v1/webhooks/endpoints/${id}`, { method: 'DELETE' });
  expect(await answerOf(await remove(), 200, removedEndpointSchema)).toMatchObject({ id });
  expect((await remove()).status).toBe(404);
  expect((await api.call(`/v1/webhooks/endpoints/${id}`)).status).toBe(404);
  expect(await (await api.call('/v1/webhooks/endpoints')).json()).toMatchObject({ data: [] });
});

test('a project has at most fifty endpoints', { timeout: 30_000 }, async () => {
  const api = await startTestApi();
  for (let number = 0; number < 50; number += 1) {
    await register(api, { url: `https://hooks.example.com/${number}` });
  }
  const response = await api.call('/v1/webhooks/endpoints', {
    method: 'POST',
    body: { url: 'https://hooks.example.com/51' },
  });
  expect([response.status, await response.text()]).toEqual([409, expect.stringContaining('50')]);
});

test("another project's endpoint answers like one that does not exist", async () => {
  const api = await startTestApi();
  const { id } = await register(api);
  const headers = await makeKey(api, 'the-key-of-another-project', 'another');
  const answers = async (endpoint: string) => {
    const found: unknown[] = [];
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PATCH', '', { events: ['job.failed'] }],
      ['DELETE', '', undefined],
      ['POST', '/rotate', undefined],
      ['POST', '/disable', undefined],
      ['POST', '/enable', undefined],
      ['POST', '/test', undefined],
      ['POST', '/redeliver', { dead_letters: true }],
    ] as const) {
      const response = await api.call(`/v1/webhooks/endpoints/${endpoint}${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
      });
      const { status, detail } = (await response.json()) as { status: number; detail: string };
      found.push([method, path, status, detail]);
    }
    return found;
  };
  const foreign = await answers(id);
  expect(foreign).toEqual(await answers('we_nothing'));
  expect(foreign.map((answer) => (answer as unknown[])[2])).toEqual(foreign.map(() => 404));
  const list = await api.call('/v1/webhooks/endpoints', { headers });
  expect(await list.json()).toEqual({ object: 'list', data: [] });
  expect((await read(api, id)).status).toBe('enabled');
});

test('who may submit manages the endpoints and secrets of its project; who may only read looks', async () => {
  const api = await startTestApi();
  const statusWith =
    (headers: Record<string, string>) => async (method: string, path: string, body?: unknown) =>
      (
        await api.call(`/v1/webhooks/${path}`, {
          method,
          headers,
          ...(body === undefined ? {} : { body }),
        })
      ).status;
  const reads = statusWith(await makeKey(api, 'a-key-that-only-reads', 'acme', ['read']));
  const headers = await makeKey(api, 'a-key-that-only-submits', 'acme', ['submit']);
  const submits = statusWith(headers);
  const { id } = await register(api, {}, headers);
  const changes = [
    ['POST', 'endpoints', 201, { url: 'https://a.example/' }],
    ['PATCH', `endpoints/${id}`, 200, { description: 'a bell' }],
    ['POST', `endpoints/${id}/rotate`, 200],
    ['POST', 'secret/rotate', 200],
    ['POST', `endpoints/${id}/test`, 202],
    ['POST', `endpoints/${id}/disable`, 200],
    ['POST', `endpoints/${id}/enable`, 200],
  ] as const;
  for (const [method, path, status, body] of changes) {
    expect([path, await reads(method, path, body)]).toEqual([path, 403]);
    expect([path, await submits(method, path, body)]).toEqual([path, status]);
  }
  for (const path of ['endpoints', `endpoints/${id}`, 'secret', 'deliveries']) {
    expect([path, await reads('GET', path)]).toEqual([path, 200]);
    expect([path, await submits('GET', path)]).toEqual([path, 403]);
  }
  expect(await reads('DELETE', `endpoints/${id}`)).toBe(403);
  expect(await submits('DELETE', `endpoints/${id}`)).toBe(200);
});
