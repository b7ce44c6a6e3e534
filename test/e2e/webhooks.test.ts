import { afterAll, beforeAll, expect, test } from 'vitest';
import { openai } from '../support/fake-vendor-errors.ts';
import { verifyDelivery, type ReceivedDelivery } from '../support/webhook-receiver.ts';
import { startWebhookScene, type Answer, type WebhookScene } from '../support/webhook-scene.ts';

const SECRET = `whsec_${Buffer.from('a secret that nobody must ever see').toString('base64')}`;

let scene: WebhookScene;

beforeAll(async () => {
  // Everything that could be logged is.
  scene = await startWebhookScene({ environment: { LOG_LEVEL: 'trace' } });
});
afterAll(() => scene[Symbol.asyncDispose]());

const hook = (path: string) => `${scene.receiver.url}${path}`;

async function register(path: string, more: Record<string, unknown> = {}): Promise<Answer> {
  return scene.api('POST', '/endpoints', 201, { url: hook(path), ...more });
}

function isVerified(delivery: ReceivedDelivery, secret: unknown): boolean {
  try {
    verifyDelivery(delivery, String(secret));
    return true;
  } catch {
    return false;
  }
}

async function remove({ id }: Answer): Promise<void> {
  await scene.api('DELETE', `/endpoints/${id}`, 200);
}

test("a job's callback arrives once, signed with its own secret, thin and with its links", async () => {
  const id = await scene.submit({ url: hook('/own'), secret: SECRET });
  const [delivery] = await scene.receiver.waitFor('/own');
  expect(delivery?.id).toMatch(/^evt_[^.]+$/);
  expect(delivery?.headers['content-type']).toContain('application/json');
  expect(isVerified(delivery!, SECRET)).toBe(true);
  expect(delivery?.event).toMatchObject({
    id: delivery?.id,
    type: 'job.completed',
    data: {
      id,
      status: 'completed',
      route: 'chat',
      links: { self: `/v1/jobs/${id}` },
      usage: expect.any(Object),
    },
  });
  expect(delivery?.body).not.toContain('Good day');
  expect(delivery?.body).not.toContain('A prompt of nobody');

  const settled = await scene.settled(`job=${id}`);
  expect(settled).toMatchObject({
    state: 'delivered',
    event: { id: delivery?.id, type: 'job.completed' },
    tries: [{ number: 1, outcome: 'delivered', status_code: 204, duration_ms: expect.any(Number) }],
  });
  expect(scene.receiver.at('/own')).toHaveLength(1);
});

test('a callback that asks for the result gets it, and a redelivery is the same to the byte', async () => {
  const id = await scene.submit({ url: hook('/full'), secret: SECRET, include: 'result' });
  const [first] = await scene.receiver.waitFor('/full');
  expect(JSON.stringify(first?.event.data['result'])).toContain('Good day from the fake vendor.');
  const { id: delivery } = await scene.settled(`job=${id}`);
  await scene.api('POST', `/deliveries/${delivery}/redeliver`, 202);
  const [, second] = await scene.receiver.waitFor('/full', 2);
  expect([second?.id, second?.body]).toEqual([first?.id, first?.body]);
  expect(isVerified(second!, SECRET)).toBe(true);
});

test("a callback without a secret is signed with the project's default one", async () => {
  const { secret } = await scene.api('POST', '/secret/rotate', 200);
  await scene.submit({ url: hook('/default') });
  const [delivery] = await scene.receiver.waitFor('/default');
  expect(isVerified(delivery!, secret)).toBe(true);
  const next = await scene.api('POST', '/secret/rotate', 200, { grace_period: '1h' });
  await scene.submit({ url: hook('/default') });
  const [, later] = await scene.receiver.waitFor('/default', 2);
  expect([isVerified(later!, secret), isVerified(later!, next['secret'])]).toEqual([true, true]);
});

test('a failed and a cancelled job tell of it, and of failed attempts where that was asked', async () => {
  const back = scene.vendor.onCall(/^\/v1\//, openai.serverError);
  const forgotten = scene.vendor.onCall(/^\/backup\//, {
    status: 400,
    body: { error: { message: 'no', type: 'invalid_request_error' } },
  });
  const events = ['job.attempt_failed', 'job.failed', 'job.cancelled'];
  await scene.submit({ url: hook('/failed'), secret: SECRET, events });
  const failed = await scene.receiver.waitFor('/failed', 3);
  expect(failed.map(({ event }) => event.type).toSorted()).toEqual([
    'job.attempt_failed',
    'job.attempt_failed',
    'job.failed',
  ]);
  expect(new Set(failed.map(({ id }) => id)).size).toBe(3);
  for (const delivery of failed) expect(isVerified(delivery, SECRET)).toBe(true);
  back();
  forgotten();

  const silent = scene.vendor.onCall(/^\//, { answer: 'never' });
  const id = await scene.submit({ url: hook('/cancelled'), secret: SECRET, events });
  await scene.broker.request(`/v1/jobs/${id}/cancel`, { method: 'POST' });
  const [cancelled] = await scene.receiver.waitFor('/cancelled');
  expect(cancelled?.event).toMatchObject({ type: 'job.cancelled', data: { id } });
  silent();
});

test('a registered endpoint hears of every job, by the events it chose', async () => {
  const all = await register('/all');
  const none = await register('/none', { events: ['job.failed'] });
  const id = await scene.submit();
  const [delivery] = await scene.receiver.waitFor('/all');
  expect(delivery?.event.data).toMatchObject({ id });
  expect(isVerified(delivery!, all['secret'])).toBe(true);
  expect(isVerified(delivery!, none['secret'])).toBe(false);

  await scene.api('POST', `/endpoints/${none.id}/test`, 202, { type: 'job.failed' });
  const [made] = await scene.receiver.waitFor('/none');
  expect(made?.event).toMatchObject({ type: 'job.failed', data: { test: true } });
  expect(isVerified(made!, none['secret'])).toBe(true);
  expect(scene.receiver.at('/none')).toHaveLength(1);
  await remove(all);
  await remove(none);
});

test('during a rotation every delivery carries both signatures, and then the new one alone', async () => {
  const endpoint = await register('/rotated');
  const fire = async (count: number) => {
    await scene.api('POST', `/endpoints/${endpoint.id}/test`, 202);
    return (await scene.receiver.waitFor('/rotated', count)).at(-1)!;
  };
  const rotated = await scene.api('POST', `/endpoints/${endpoint.id}/rotate`, 200);
  const both = await fire(1);
  expect(both.headers['webhook-signature']?.split(' ')).toHaveLength(2);
  expect(isVerified(both, endpoint['secret'])).toBe(true);
  expect(isVerified(both, rotated['secret'])).toBe(true);

  const last = await scene.api('POST', `/endpoints/${endpoint.id}/rotate`, 200, {
    grace_period: 0,
  });
  const one = await fire(2);
  expect(one.headers['webhook-signature']?.split(' ')).toHaveLength(1);
  expect(isVerified(one, last['secret'])).toBe(true);
  expect(isVerified(one, rotated['secret'])).toBe(false);
  await remove(endpoint);
});

test('a redirect is a failure and is not followed; after the last try the delivery is a dead letter', async () => {
  const endpoint = await register('/moved');
  const restore = scene.receiver.answer('/moved', {
    status: 307,
    headers: { location: hook('/secret-place') },
    body: 'x'.repeat(5000),
  });
  await scene.api('POST', `/endpoints/${endpoint.id}/test`, 202);
  const dead = await scene.settled(`endpoint=${endpoint.id}`);
  expect(dead).toMatchObject({ state: 'dead', reason: 'tries_exhausted', last_status_code: 307 });
  const tries = dead['tries'] as { status_code: number; outcome: string; answer: string }[];
  expect(tries.map(({ status_code: status, outcome }) => [status, outcome])).toEqual([
    [307, 'failed'],
    [307, 'failed'],
    [307, 'failed'],
  ]);
  expect(tries[0]?.answer).toMatch(/^x{1000}/);
  expect(Buffer.byteLength(tries[0]?.answer ?? '')).toBeLessThanOrEqual(1024);
  expect(scene.receiver.at('/secret-place')).toEqual([]);
  const came = scene.receiver.at('/moved');
  expect(new Set(came.map(({ id, body }) => `${id} ${body}`)).size).toBe(1);

  restore();
  const replay = await scene.api('POST', `/endpoints/${endpoint.id}/redeliver`, 202, {
    dead_letters: true,
  });
  expect(replay).toMatchObject({ redelivered: 1, has_more: false });
  const [, , , again] = await scene.receiver.waitFor('/moved', 4);
  expect([again?.id, again?.body]).toEqual([came[0]?.id, came[0]?.body]);
  const delivered = await scene.settled(`endpoint=${endpoint.id}`);
  expect(delivered).toMatchObject({ state: 'delivered', try_count: 1 });
  expect(delivered['tries']).toHaveLength(4);

  const since = await scene.api('POST', `/endpoints/${endpoint.id}/redeliver`, 202, {
    since: delivered['created_at'],
  });
  expect(since).toMatchObject({ redelivered: 1 });
  const [, , , , last] = await scene.receiver.waitFor('/moved', 5);
  expect(last?.id).toBe(came[0]?.id);
  await remove(endpoint);
});

test('410 disables an endpoint; enabled again, its dead letters can be replayed', async () => {
  const endpoint = await register('/gone');
  const restore = scene.receiver.answer('/gone', { status: 410, body: 'no more' });
  await scene.api('POST', `/endpoints/${endpoint.id}/test`, 202);
  const dead = await scene.settled(`endpoint=${endpoint.id}`);
  expect(dead).toMatchObject({ state: 'dead', reason: 'endpoint_disabled' });
  const path = `/endpoints/${endpoint.id}`;
  expect(await scene.api('GET', path, 200)).toMatchObject({
    status: 'disabled',
    disabled_reason: 'gone',
    deliveries: { dead: 1, pending: 0 },
  });
  await scene.api('POST', `${path}/test`, 409);
  restore();
  await scene.api('POST', `${path}/enable`, 200);
  await scene.api('POST', `${path}/redeliver`, 202, { dead_letters: true });
  await scene.receiver.waitFor('/gone', 2);
  expect(await scene.settled(`endpoint=${endpoint.id}`)).toMatchObject({ state: 'delivered' });
  await remove(endpoint);
});

test('what is pending when an endpoint is disabled becomes a dead letter', async () => {
  const endpoint = await register('/slow');
  scene.receiver.answer('/slow', { status: 429, headers: { 'retry-after': '600' }, body: '' });
  await scene.api('POST', `/endpoints/${endpoint.id}/test`, 202);
  await scene.receiver.waitFor('/slow');
  await scene.api('POST', `/endpoints/${endpoint.id}/disable`, 200);
  expect(await scene.settled(`endpoint=${endpoint.id}`)).toMatchObject({
    state: 'dead',
    reason: 'endpoint_disabled',
  });
  await remove(endpoint);
});

test('the endpoint behind callbacks to one URL can be looked at, disabled and enabled, and no more', async () => {
  const first = await scene.submit({ url: hook('/behind'), secret: SECRET });
  const { endpoint } = await scene.settled(`job=${first}`);
  const path = `/endpoints/${String(endpoint)}`;
  expect(endpoint).toMatch(/^cb_/);
  expect(await scene.api('GET', path, 200)).toMatchObject({
    url: hook('/behind'),
    events: [],
    keys: [],
    deliveries: { delivered: 1 },
  });
  await scene.api('PATCH', path, 409, { url: 'https://elsewhere.example/' });
  await scene.api('POST', `${path}/rotate`, 409);
  await scene.api('DELETE', path, 409);
  const { data } = await scene.api('GET', '/endpoints', 200);
  expect(JSON.stringify(data)).not.toContain(String(endpoint));

  await scene.api('POST', `${path}/disable`, 200);
  const second = await scene.submit({ url: hook('/behind'), secret: SECRET });
  const dead = await scene.settled(`job=${second}`);
  expect(dead).toMatchObject({
    endpoint,
    state: 'dead',
    reason: 'endpoint_disabled',
    try_count: 0,
  });
  await scene.api('POST', `/deliveries/${dead.id}/redeliver`, 409);
  await scene.api('POST', `${path}/enable`, 200);
  await scene.api('POST', `/deliveries/${dead.id}/redeliver`, 202);
  const [, came] = await scene.receiver.waitFor('/behind', 2);
  expect(came?.event.data).toMatchObject({ id: second });
});

test('a callback to loopback is refused, but for what the operator allows', async () => {
  const submit = (url: string) =>
    scene.broker.request('/v1/jobs', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        endpoint: '/v1/chat/completions',
        body: { model: 'chat', messages: [] },
        callback: { url, secret: SECRET },
      }),
    });
  for (const url of [
    `http://127.0.0.1:${scene.vendor.port}/`,
    'https://127.0.0.1/',
    'https://[::1]/',
  ]) {
    const response = await submit(url);
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { error: { code: 'invalid_request', param: 'callback.url' } },
    ]);
  }
  expect((await submit(hook('/allowed'))).status).toBe(202);
  await scene.receiver.waitFor('/allowed');
});

test('no secret is in a log, and none in an answer but the one that tells it', async () => {
  const told = scene.answers.flatMap((text) => text.match(/"secret":"whsec_[^"]+"/g) ?? []);
  const secrets = [SECRET, ...told.map((text) => text.slice('"secret":"'.length, -1))];
  expect(secrets.length).toBeGreaterThan(8);
  const log = [...scene.broker.services.values()].flatMap(({ output }) => output).join('\n');
  expect(log).toContain('request answered');
  for (const secret of secrets) {
    const bare = secret.slice('whsec_'.length);
    expect(log).not.toContain(bare);
    const telling = scene.answers.filter((text) => text.includes(bare));
    expect(telling.length).toBeLessThanOrEqual(secret === SECRET ? 0 : 1);
  }
  expect(log).not.toContain('A prompt of nobody');
  expect(log).not.toContain('Good day from the fake vendor.');
});
