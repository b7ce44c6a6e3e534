import { expect, test } from 'vitest';
import { startTestApi } from '../testing/start-test-api.ts';
import type { TestApi } from '../testing/start-test-api.ts';
import { answerOf, makeDelivery, makeKey, register } from '../testing/webhook-calls.ts';
import {
  defaultSecretSchema,
  deliveryDetailSchema,
  deliveryListSchema,
  deliverySchema,
  newDefaultSecretSchema,
  replayedSchema,
} from '../schemas/webhook-schemas.ts';

async function list(api: TestApi, query = '') {
  return answerOf(await api.call(`/v1/webhooks/deliveries${query}`), 200, deliveryListSchema);
}

function post(api: TestApi, path: string, body?: unknown) {
  const given = body === undefined ? {} : { body };
  return api.call(`/v1/webhooks/${path}`, { method: 'POST', ...given });
}

test('a test event makes a delivery that is shown with its event and its tries', async () => {
  const api = await startTestApi();
  const { id: endpoint } = await register(api);
  const made = await makeDelivery(api, endpoint, 'job.failed');
  expect(made).toMatchObject({
    object: 'webhook_delivery',
    endpoint,
    url: 'https://hooks.example.com/in',
    event: { id: expect.stringMatching(/^evt_[^.]+$/), type: 'job.failed' },
    state: 'pending',
    try_count: 0,
    next_try_at: expect.any(String),
  });
  const path = `/v1/webhooks/deliveries/${made.id}`;
  expect(await answerOf(await api.call(path), 200, deliveryDetailSchema)).toEqual({
    ...made,
    tries: [],
  });
});

test('deliveries are listed newest first, page by page, by endpoint, state and time', async () => {
  const api = await startTestApi();
  const [one, two] = [await register(api), await register(api, { url: 'https://b.example/' })];
  const ids: string[] = [];
  for (let number = 0; number < 5; number += 1) {
    ids.unshift((await makeDelivery(api, (number % 2 === 0 ? one : two).id)).id);
  }
  const seen: string[] = [];
  let after = '';
  for (;;) {
    const page = await list(api, `?limit=2${after}`);
    seen.push(...page.data.map(({ id }) => id));
    if (!page.has_more) break;
    after = `&after=${page.next_after}`;
  }
  expect(seen.toSorted()).toEqual(ids.toSorted());
  const times = (await list(api)).data.map(({ created_at: at }) => at);
  expect(times).toEqual(times.toSorted().toReversed());

  const listed = async (query: string) => (await list(api, query)).data.map(({ id }) => id);
  expect(new Set(await listed(`?endpoint=${two.id}`))).toEqual(new Set([ids[1], ids[3]]));
  expect(await listed('?state=dead')).toEqual([]);
  expect(await listed('?job=job_of_nobody')).toEqual([]);
  expect(await listed('?since=2999-01-01T00:00:00Z')).toEqual([]);
  expect(await listed('?before=2999-01-01T00:00:00%2B02:00')).toHaveLength(5);
});

test('a log that names thousands which are no longer kept is read to its end', async () => {
  const api = await startTestApi();
  const { redis, keyPrefix } = api.dispatch;
  const { id: endpoint } = await register(api);
  const oldest = await makeDelivery(api, endpoint);
  const newest = await makeDelivery(api, endpoint);
  const lists = `${keyPrefix}:{p:default}:deliveries`;
  const record = `${keyPrefix}:{wh:${endpoint}}:delivery:${oldest.id}`;
  const end = Date.parse(oldest.created_at) - 10_000;
  await redis.hset(record, 'created', end);
  await redis.zadd(`${lists}:all`, 'XX', end, oldest.id);
  const gone = Array.from({ length: 4500 }, (_, index) => `del_${index}_v1_0123456789ab`);
  await redis.hset(`${lists}:endpoint-of`, ...gone.flatMap((id) => [id, endpoint]));
  await redis.zadd(`${lists}:all`, ...gone.flatMap((id, index) => [end + 1 + index, id]));

  const seen: string[] = [];
  let pages = 0;
  for (let after = ''; ; pages += 1) {
    const page = await list(api, `?limit=1${after}`);
    seen.push(...page.data.map(({ id }) => id));
    if (!page.has_more) break;
    after = `&after=${page.next_after}`;
  }
  expect(seen).toEqual([newest.id, oldest.id]);
  expect(pages).toBeGreaterThan(1);
  const behind = await list(api, `?after=${newest.id}&limit=1`);
  expect(behind).toMatchObject({ data: [], has_more: true });
});

test.each(['after=del_nothing', 'limit=0', 'limit=101', 'state=lost', 'since=yesterday', 'x=1'])(
  'a list with %s is refused',
  async (query) => {
    const api = await startTestApi();
    expect((await api.call(`/v1/webhooks/deliveries?${query}`)).status).toBe(400);
  },
);

test('a redelivery keeps the event; to a disabled endpoint there is none', async () => {
  const api = await startTestApi();
  const { id: endpoint } = await register(api);
  const made = await makeDelivery(api, endpoint);
  const again = await post(api, `deliveries/${made.id}/redeliver`);
  expect(await answerOf(again, 202, deliverySchema)).toMatchObject({
    id: made.id,
    event: made.event,
    state: 'pending',
    try_count: 0,
  });
  await post(api, `endpoints/${endpoint}/disable`);
  for (const path of [`deliveries/${made.id}/redeliver`, `endpoints/${endpoint}/redeliver`]) {
    const refused = await post(
      api,
      path,
      path.startsWith('e') ? { dead_letters: true } : undefined,
    );
    expect([refused.status, await refused.text()]).toEqual([
      409,
      expect.stringContaining(`/v1/webhooks/endpoints/${endpoint}/enable`),
    ]);
  }
});

test('a replay says what it means, and passes over what is still pending', async () => {
  const api = await startTestApi();
  const { id: endpoint } = await register(api);
  const made = await makeDelivery(api, endpoint);
  const replay = (body: unknown) => post(api, `endpoints/${endpoint}/redeliver`, body);
  for (const body of [{ since: made.created_at }, { dead_letters: true }]) {
    expect(await answerOf(await replay(body), 202, replayedSchema)).toEqual({
      object: 'webhook_replay',
      endpoint,
      redelivered: 0,
      has_more: false,
    });
  }
  for (const body of [{}, { dead_letters: false }, { since: 'yesterday' }, undefined]) {
    expect((await replay(body)).status).toBe(400);
  }
});

test("another project's delivery answers like one that does not exist", async () => {
  const api = await startTestApi();
  const { id } = await makeDelivery(api, (await register(api)).id);
  const headers = await makeKey(api, 'the-key-of-another-project', 'another');
  for (const [method, path] of [
    ['GET', ''],
    ['POST', '/redeliver'],
  ] as const) {
    const foreign = await api.call(`/v1/webhooks/deliveries/${id}${path}`, { method, headers });
    const missing = await api.call(`/v1/webhooks/deliveries/del_x${path}`, { method, headers });
    const [a, b] = [await foreign.json(), await missing.json()] as Record<string, unknown>[];
    expect([foreign.status, a?.['detail']]).toEqual([404, b?.['detail']]);
  }
  const none = await api.call('/v1/webhooks/deliveries', { headers });
  expect(await none.json()).toMatchObject({ data: [] });
});

test("the project's default secret is told once, and its rotation overlaps", async () => {
  const api = await startTestApi();
  const read = async (headers = {}) =>
    answerOf(await api.call('/v1/webhooks/secret', { headers }), 200, defaultSecretSchema);
  expect(await read()).toEqual({ object: 'webhook_secret', exists: false, keys: 0 });
  const rotate = async (body?: unknown) =>
    answerOf(await post(api, 'secret/rotate', body), 200, newDefaultSecretSchema);
  const first = await rotate();
  expect(first).toMatchObject({ exists: true, keys: 1, secret: expect.stringMatching(/^whsec_/) });
  const second = await rotate({ grace_period: '1h' });
  expect(second.keys).toBe(2);
  expect(second.secret).not.toBe(first.secret);
  expect((await rotate({ grace_period: 0 })).keys).toBe(1);
  expect(await read()).toMatchObject({ exists: true, keys: 1, created_at: expect.any(String) });
  expect(JSON.stringify(await read())).not.toContain('whsec_');
  const headers = await makeKey(api, 'the-key-of-another-project', 'another');
  expect(await read(headers)).toMatchObject({ exists: false });
});
