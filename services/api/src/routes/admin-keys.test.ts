import { isApiKeyIntact } from '@understudy/contracts';
import { expect, onTestFinished, test, vi } from 'vitest';
import { matchingKeys } from '../../../../test/support/matching-keys.ts';
import { listenTo } from '../../../../test/support/event-listener.ts';
import { keyListSchema, projectListSchema } from '../schemas/admin-schemas.ts';
import { issueKey, makeProject, revokeKey } from '../testing/admin-calls.ts';
import { API_KEY, chatJob, startTestApi, submit } from '../testing/start-test-api.ts';
import type { TestApi } from '../testing/start-test-api.ts';
import { openParts } from '../start-api.ts';

async function listKeys(api: TestApi, query = '') {
  return keyListSchema.parse(await (await api.call(`/v1/admin/keys${query}`)).json()).data;
}

const statusOf = async (api: TestApi, headers: Record<string, string>, path = '/v1/jobs') =>
  (await api.call(path, { headers })).status;

test('a project is made once, and listed beside default', async () => {
  const api = await startTestApi();
  await makeProject(api, 'acme');
  const again = await api.call('/v1/admin/projects', { method: 'POST', body: { name: 'acme' } });
  expect([again.status, await again.json()]).toMatchObject([409, { error: { param: 'name' } }]);
  const { data } = (await (await api.call('/v1/admin/projects')).json()) as { data: unknown[] };
  expect(data).toMatchObject([
    { object: 'project', name: 'default' },
    { object: 'project', name: 'acme', created_at: expect.any(String) },
  ]);
});

test('projects are listed by name in pages, default first, also from a name that is not there', async () => {
  const api = await startTestApi();
  for (const name of ['zeta', 'acme', 'cyan', '0-first']) await makeProject(api, name);
  const page = async (query: string) => {
    const answer = await api.call(`/v1/admin/projects?${query}`);
    const {
      data,
      has_more: hasMore,
      next_after: next,
    } = projectListSchema.parse(await answer.json());
    return [data.map(({ name }) => name).join(), hasMore, next];
  };
  expect(await page('')).toEqual(['default,0-first,acme,cyan,zeta', false, undefined]);
  expect(await page('limit=2')).toEqual(['default,0-first', true, '0-first']);
  expect(await page('limit=1')).toEqual(['default', true, 'default']);
  expect(await page('limit=2&after=default')).toEqual(['0-first,acme', true, 'acme']);
  expect(await page('limit=2&after=acme')).toEqual(['cyan,zeta', false, undefined]);
  expect(await page('after=b')).toEqual(['cyan,zeta', false, undefined]);
  expect(await page('after=zeta')).toEqual(['', false, undefined]);
  for (const query of ['limit=0', 'limit=101', 'after=', 'after=Acme', 'cursor=acme']) {
    const refused = await api.call(`/v1/admin/projects?${query}`);
    expect([query, refused.status]).toEqual([query, 400]);
  }
});

test.each(['default', 'Acme', '-a', 'a'.repeat(64), 'a/b', 'a:b', 'a}b', '', 'ä', 'a\u0000'])(
  'no project can be made with the name %j',
  async (name) => {
    const api = await startTestApi();
    const made = await api.call('/v1/admin/projects', { method: 'POST', body: { name } });
    expect([400, 409]).toContain(made.status);
  },
);

test('a key is told once, opens its own project alone, and what Redis holds of it opens nothing', async () => {
  const api = await startTestApi();
  await makeProject(api, 'acme');
  const id = await submit(api);
  const made = await issueKey(api, {
    project: 'acme',
    scopes: ['submit', 'read'],
    name: 'backend',
  });
  expect(made).toMatchObject({ object: 'api_key', project: 'acme', status: 'live', source: 'api' });
  expect(made.key).toMatch(/^us_[0-9A-Za-z]{38}$/);
  expect(isApiKeyIntact(made.key)).toBe(true);
  expect(made.key.startsWith(made.hint ?? '?')).toBe(true);

  expect(await statusOf(api, made.headers, `/v1/jobs/${id}`)).toBe(404);
  const job = await api.call('/v1/jobs', {
    method: 'POST',
    body: chatJob(),
    headers: made.headers,
  });
  expect(job.status).toBe(202);
  expect(await statusOf(api, {}, job.headers.get('location') ?? '')).toBe(404);
  expect(await statusOf(api, made.headers, job.headers.get('location') ?? '')).toBe(200);
  expect(await statusOf(api, made.headers, '/v1/admin/keys')).toBe(403);

  expect(JSON.stringify(await listKeys(api))).not.toContain(made.key);
  const { redis, keyPrefix } = api.dispatch;
  const names = await matchingKeys(redis, `${keyPrefix}:{api-keys}*`);
  const dumps = await Promise.all(names.map((name) => redis.dumpBuffer(name)));
  const stored = names.join() + dumps.join();
  expect(names.length).toBeGreaterThan(5);
  // All but the hint.
  expect(stored).not.toContain(made.key.slice(7));
  for (const [, selector = ''] of stored.matchAll(/([0-9a-f]{32})/g)) {
    expect(await statusOf(api, { 'x-api-key': selector })).toBe(401);
  }
});

test('keys are listed in pages, newest first, each once, also where the last of a page was revoked', async () => {
  const api = await startTestApi();
  await makeProject(api, 'acme');
  const made: string[] = [];
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    made.push((await issueKey(api, { project: 'acme', name })).id);
  }
  const page = async (query: string) => {
    const answer = await api.call(`/v1/admin/keys?project=acme&${query}`);
    return keyListSchema.parse(await answer.json());
  };
  const whole = await page('');
  const times = whole.data.map(({ created_at: at }) => at);
  expect(times).toEqual(times.toSorted().toReversed());
  expect(whole.has_more).toBe(false);
  const all = whole.data.map(({ id }) => id);
  expect(all.toSorted()).toEqual(made.toSorted());
  const listed: string[] = [];
  for (let after = ''; ;) {
    const { data, has_more: hasMore, next_after: next } = await page(`limit=2${after}`);
    listed.push(...data.map(({ id }) => id));
    expect(hasMore).toBe(next !== undefined);
    if (next === undefined) break;
    await revokeKey(api, data.at(-1)?.id ?? '');
    after = `&after=${next}`;
  }
  expect(listed).toEqual(all);
  for (const query of ['limit=0', 'limit=101', `after=${made[0]}`, 'after=']) {
    expect([query, (await api.call(`/v1/admin/keys?${query}`)).status]).toEqual([query, 400]);
  }
});

test('a key for a project that is not there is refused', async () => {
  const api = await startTestApi();
  const body = { project: 'nowhere', scopes: ['read'] };
  const response = await api.call('/v1/admin/keys', { method: 'POST', body });
  expect([response.status, await response.json()]).toMatchObject([
    404,
    { error: { param: 'project' } },
  ]);
});

test.each([
  [{ scopes: [] }],
  [{ scopes: ['root'] }],
  [{ scopes: ['read', 'read'] }],
  [{ name: 'a\nb' }],
  [{ name: ' a' }],
  [{ expires_in: 'soon' }],
  [{ expires_in: 0.2 }],
  [{ expires_in: '4000d' }],
  [{ key: 'one-of-my-own-choice' }],
])('a key is refused with %j', async (wrong) => {
  const api = await startTestApi();
  const body = { project: 'default', scopes: ['read'], ...wrong };
  const response = await api.call('/v1/admin/keys', { method: 'POST', body });
  expect([response.status, (await listKeys(api)).length]).toEqual([400, 1]);
});

test('of a name there are two live keys of a project: the third hears which one is older', async () => {
  const api = await startTestApi();
  await makeProject(api, 'acme');
  const wanted = { project: 'acme', scopes: ['read'], name: 'backend' };
  const first = await issueKey(api, wanted);
  const second = await issueKey(api, wanted);
  const refused = await api.call('/v1/admin/keys', { method: 'POST', body: wanted });
  expect(refused.status).toBe(409);
  expect(await refused.text()).toContain(`or understudy keys revoke ${first.id}`);
  await issueKey(api, { ...wanted, name: 'another' });
  await issueKey(api, { ...wanted, project: 'default' });
  expect(await statusOf(api, second.headers)).toBe(200);
  expect((await revokeKey(api, first.id)).status).toBe(200);
  const third = await issueKey(api, wanted);
  expect((await listKeys(api, '?project=acme')).map(({ id }) => id).toSorted()).toEqual(
    expect.arrayContaining([second.id, third.id]),
  );
});

test('of many who make a key of one name at a time, two get one', async () => {
  const api = await startTestApi();
  const body = { project: 'default', scopes: ['read'], name: 'backend' };
  const statuses = await Promise.all(
    Array.from({ length: 12 }, async () => {
      return (await api.call('/v1/admin/keys', { method: 'POST', body })).status;
    }),
  );
  expect(statuses.filter((status) => status === 201)).toHaveLength(2);
  expect(statuses.filter((status) => status === 409)).toHaveLength(10);
});

test('a revoked key opens nothing at once, on another replica that knew it too', async () => {
  const api = await startTestApi();
  const other = await openParts(api.dispatch, undefined);
  const { id, key, headers } = await issueKey(api);
  expect(await other.keys.find(key)).toBeDefined();
  expect(await statusOf(api, headers)).toBe(200);
  const revoked = await revokeKey(api, id);
  expect([revoked.status, await revoked.json()]).toEqual([
    200,
    { id, object: 'api_key', deleted: true },
  ]);
  expect(await statusOf(api, headers)).toBe(401);
  // Far below the second after which a cached key is read again.
  await vi.waitFor(async () => expect(await other.keys.find(key)).toBeUndefined(), {
    timeout: 500,
    interval: 5,
  });
  expect((await revokeKey(api, id)).status).toBe(404);
});

test('event streams of a project end when one of its keys is revoked', async () => {
  const api = await startTestApi();
  const { id, key } = await issueKey(api);
  const listener = await listenTo(`${api.url}/v1/events`, { apiKey: key });
  expect(api.parts.openStreams.count()).toBe(1);
  await revokeKey(api, id);
  expect(await listener.over).toBe('ended');
});

test('the event streams of a key that was revoked unheard end once there is news again, and no others', async () => {
  const api = await startTestApi();
  const { id, key } = await issueKey(api);
  const listening = (apiKey: string) => listenTo(`${api.url}/v1/events`, { apiKey });
  const [ofRevoked, ofOther] = [await listening(key), await listening(API_KEY)];
  onTestFinished(() => ofOther.hangUp());
  for (const { comments } of [ofRevoked, ofOther]) {
    await expect.poll(() => comments).toEqual(['listening']);
  }
  const { subscriber } = api.dispatch;
  subscriber.disconnect();
  await expect.poll(() => subscriber.status).toBe('end');
  await revokeKey(api, id);
  void subscriber.connect();
  expect(await ofRevoked.over).toBe('ended');
  expect(api.parts.openStreams.count()).toBe(1);
});

test('a key opens nothing once it has expired, though it was just used', async () => {
  const api = await startTestApi();
  const { headers, expires_at: expiresAt = '' } = await issueKey(api, { expires_in: '1s' });
  const used: { before: number; status: number; after: number }[] = [];
  await expect
    .poll(
      async () => {
        const before = api.dispatch.clock.now();
        const status = await statusOf(api, headers);
        used.push({ before, status, after: api.dispatch.clock.now() });
        return status;
      },
      { timeout: 4000, interval: 10 },
    )
    .toBe(401);
  const end = Date.parse(expiresAt);
  expect(used.length).toBeGreaterThan(1);
  for (const { before, status, after } of used) {
    const right = [...(before < end ? [200] : []), ...(after >= end ? [401] : [])];
    expect(right).toContain(status);
  }
  expect((await listKeys(api))[0]).toMatchObject({ status: 'expired' });
});

test('a key that has expired is listed for 30 days, whether another one is made or not', async () => {
  const api = await startTestApi();
  const { id } = await issueKey(api, { expires_in: '60s' });
  const { clock } = api.dispatch;
  const now = clock.now();
  const listedAfter = async (days: number) => {
    vi.spyOn(clock, 'now').mockReturnValue(now + days * 86_400_000);
    return (await listKeys(api)).map((key) => key.id);
  };
  expect(await listedAfter(30)).toEqual([id, 'key_environment']);
  expect(await listedAfter(31)).toEqual(['key_environment']);
});

test('when a key was last used is told, and written once a minute', async () => {
  const api = await startTestApi();
  const { id, headers } = await issueKey(api);
  const lastUse = async () => (await listKeys(api)).find((key) => key.id === id)?.last_used_at;
  expect(await lastUse()).toBeUndefined();
  expect(await statusOf(api, headers)).toBe(200);
  await expect.poll(lastUse).toBeDefined();
  const first = await lastUse();
  expect(await statusOf(api, headers)).toBe(200);
  expect(await lastUse()).toBe(first);
});

test('the key of the environment is listed, and is not revoked while the environment brings it', async () => {
  const api = await startTestApi();
  expect(await listKeys(api)).toMatchObject([{ id: 'key_environment', source: 'environment' }]);
  const refused = await revokeKey(api, 'key_environment');
  expect([refused.status, await refused.text()]).toMatchObject([
    409,
    expect.stringContaining('UNDERSTUDY_API_KEY'),
  ]);
  expect(await statusOf(api, { 'x-api-key': API_KEY })).toBe(200);
  // A replica whose environment names none can take it back.
  const other = await openParts(api.dispatch, undefined);
  expect(await other.keys.managed.revoke('key_environment')).toBe(true);
  expect(await other.keys.find(API_KEY)).toBeUndefined();
});

test('a key that is made again with the same Idempotency-Key is refused, and told by its id', async () => {
  const api = await startTestApi();
  const headers = { 'idempotency-key': 'make-a-key' };
  const make = (body: unknown) => api.call('/v1/admin/keys', { method: 'POST', headers, body });
  const body = { project: 'default', scopes: ['read'] };
  const { id } = (await (await make(body)).json()) as { id: string };
  const again = await make(body);
  expect([again.status, await again.text()]).toMatchObject([409, expect.stringContaining(id)]);
  expect((await make({ ...body, scopes: ['submit'] })).status).toBe(422);
  expect(await listKeys(api)).toHaveLength(2);
});

test('a key of an Idempotency-Key that is no longer known is another one, and each is revoked by its id', async () => {
  const api = await startTestApi();
  const { redis, keyPrefix } = api.dispatch;
  const idempotent = { 'idempotency-key': 'make-a-key' };
  const make = async () => {
    const body = { project: 'default', scopes: ['read'] };
    const answer = await api.call('/v1/admin/keys', { method: 'POST', headers: idempotent, body });
    expect(answer.status).toBe(201);
    const { id, key } = (await answer.json()) as { id: string; key: string };
    return { id, headers: { 'x-api-key': key } };
  };
  const first = await make();
  // As a day later.
  const remembered = await matchingKeys(redis, `${keyPrefix}:{api-keys}:made:*`);
  expect(await redis.del(...remembered)).toBe(1);
  const second = await make();
  expect(second.id).not.toBe(first.id);
  expect((await revokeKey(api, first.id)).status).toBe(200);
  expect(await statusOf(api, first.headers)).toBe(401);
  expect(await statusOf(api, second.headers)).toBe(200);
  expect((await revokeKey(api, second.id)).status).toBe(200);
  expect(await statusOf(api, second.headers)).toBe(401);
});

test('a project that is made again with the same Idempotency-Key is the same one', async () => {
  const api = await startTestApi();
  const headers = { 'idempotency-key': 'make-a-project' };
  const make = (name: string) =>
    api.call('/v1/admin/projects', { method: 'POST', headers, body: { name } });
  const first = await make('acme');
  const again = await make('acme');
  expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
  expect(await again.json()).toEqual(await first.json());
  expect((await make('other')).status).toBe(422);
});
