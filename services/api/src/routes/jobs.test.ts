import { once } from 'node:events';
import { RECORD_VERSIONS } from '@understudy/contracts';
import { submitJob } from '@understudy/dispatch';
import { requestAt, sealedDispatch } from '@understudy/dispatch/testing';
import { jobKeys } from '@understudy/job-store';
import { createJobId } from '@understudy/submission';
import { expect, test } from 'vitest';
import { chatJob, complete, coolDown, startTestApi, submit } from '../testing/start-test-api.ts';
import { jobSchema } from '../schemas/job-schemas.ts';
import { makeKey } from '../testing/webhook-calls.ts';

test('a finished job carries its answer byte for byte, and its attempts without what is internal', async () => {
  const api = await startTestApi();
  const id = await submit(api);
  const answer = '{ "id" : 12345678901234567890123,\n "a":1,"a":2.0 }';
  await complete(api, id, answer);
  const text = await (await api.call(`/v1/jobs/${id}`)).text();
  expect(text).toContain(`"result":{"provider":"main","model":"gpt-4o","body":${answer}}`);
  const job = jobSchema.parse(JSON.parse(text));
  expect(job).toMatchObject({ status: 'completed', usage: { input_tokens: 1 } });
  expect(job.attempts[0]).toMatchObject({ number: 1, outcome: 'succeeded', provider: 'main' });
  expect(text).not.toContain('token":1');
});

test('the tag changes exactly when the job does, and a fresh copy is answered with 304', async () => {
  const api = await startTestApi();
  const id = await submit(api);
  const get = (tag?: string) =>
    api.call(`/v1/jobs/${id}`, tag === undefined ? {} : { headers: { 'if-none-match': tag } });
  const first = (await get()).headers.get('etag') ?? '';
  const fresh = await get(`"other", W/${first}`);
  expect([fresh.status, await fresh.text(), fresh.headers.get('etag')]).toEqual([304, '', first]);

  await complete(api, id);
  const changed = await get(first);
  expect(changed.status).toBe(200);
  expect(changed.headers.get('etag')).not.toBe(first);
  expect((await get(changed.headers.get('etag') ?? '')).status).toBe(304);
});

test('a long-poll is woken by the end of its job', async () => {
  const api = await startTestApi();
  const id = await submit(api);
  const poll = api.call(`/v1/jobs/${id}`, { headers: { prefer: 'wait=50' } });
  await expect.poll(() => api.parts.longPolls.waiting()).toBe(1);
  const endedAt = performance.now();
  await complete(api, id);
  const response = await poll;
  // Far below any interval of polling: only the event can have woken it.
  expect(performance.now() - endedAt).toBeLessThan(10_000);
  expect(response.headers.get('preference-applied')).toBe('wait=50');
  expect(await response.json()).toMatchObject({ id, status: 'completed' });
  expect(api.parts.longPolls.waiting()).toBe(0);
});

test('a long-poll whose time is over answers with the job as it is; longer ones are capped', async () => {
  const api = await startTestApi();
  const id = await submit(api);
  const response = await api.call(`/v1/jobs/${id}`, { headers: { prefer: 'wait=1' } });
  expect([response.status, await response.json()]).toMatchObject([200, { status: 'queued' }]);
  await complete(api, id);
  const capped = await api.call(`/v1/jobs/${id}`, { headers: { prefer: 'wait=600' } });
  expect(capped.headers.get('preference-applied')).toBe('wait=55');
});

test('a long-poll that lost its connection to Redis looks again when it is back', async () => {
  const api = await startTestApi();
  const id = await submit(api);
  const poll = api.call(`/v1/jobs/${id}`, { headers: { prefer: 'wait=50' } });
  await expect.poll(() => api.parts.longPolls.waiting()).toBe(1);
  const { subscriber } = api.dispatch;
  const ended = once(subscriber, 'end');
  subscriber.disconnect();
  await ended;
  await complete(api, id);
  void subscriber.connect();
  expect(await (await poll).json()).toMatchObject({ status: 'completed' });
});

test('a caller who hangs up is waited for no longer', async () => {
  const api = await startTestApi();
  const id = await submit(api);
  const hangUp = new AbortController();
  const poll = api.call(`/v1/jobs/${id}`, {
    headers: { prefer: 'wait=50' },
    signal: hangUp.signal,
  });
  await expect.poll(() => api.parts.longPolls.waiting()).toBe(1);
  hangUp.abort();
  await expect(poll).rejects.toThrow('aborted');
  await expect.poll(() => api.parts.longPolls.waiting()).toBe(0);
});

test('open long-polls are answered with the job as it is when the service stops', async () => {
  const api = await startTestApi();
  const id = await submit(api);
  const poll = api.call(`/v1/jobs/${id}`, { headers: { prefer: 'wait=50' } });
  await expect.poll(() => api.parts.longPolls.waiting()).toBe(1);
  await api.app.close();
  expect(await (await poll).json()).toMatchObject({ id, status: 'queued' });
});

test('a queued job is cancelled, never starts, and a second cancel changes nothing', async () => {
  const api = await startTestApi();
  const id = await submit(api);
  const cancel = () => api.call(`/v1/jobs/${id}/cancel`, { method: 'POST' });
  const first = await cancel();
  const job: unknown = await first.json();
  expect([first.status, job]).toMatchObject([
    200,
    { status: 'cancelled', error: { code: 'cancelled' } },
  ]);
  expect(await (await cancel()).json()).toEqual(job);
  expect(await api.dispatch.queue.counts('main')).toEqual({ waiting: 0, active: 0, resting: 0 });
});

test('a finished job stays as it is when it is cancelled', async () => {
  const api = await startTestApi();
  const id = await submit(api);
  await complete(api, id);
  const response = await api.call(`/v1/jobs/${id}/cancel`, { method: 'POST' });
  expect([response.status, await response.json()]).toMatchObject([200, { status: 'completed' }]);
});

test('a waiting job says what it waits for and when it may go on', async () => {
  const api = await startTestApi();
  await coolDown(api, 'main');
  await coolDown(api, 'backup');
  const response = await api.call('/v1/jobs', { method: 'POST', body: chatJob() });
  const job = jobSchema.parse(await response.json());
  expect(job).toMatchObject({
    status: 'queued',
    waiting: { reason: 'cooling_down', until: job.next_attempt_at },
  });
  expect(job.waiting?.rooms.map(({ provider }) => provider)).toEqual(['main', 'backup']);
  expect(job.attempts.map(({ outcome, rule }) => [outcome, rule])).toEqual([
    ['skipped', 'cooling_down'],
    ['skipped', 'cooling_down'],
  ]);
});

test.each(['job_00000000000000000000000000', 'job_1', 'x', '%2e%2e', 'job_1:2'])(
  'there is no job %s',
  async (id) => {
    const api = await startTestApi();
    expect((await api.call(`/v1/jobs/${id}`)).status).toBe(404);
    expect((await api.call(`/v1/jobs/${id}/cancel`, { method: 'POST' })).status).toBe(404);
  },
);

test('a job of another project is not there', async () => {
  const api = await startTestApi();
  const id = await submit(api);
  const headers = await makeKey(api, 'a-key-of-theirs-only', 'theirs', ['read', 'submit']);
  expect((await api.call(`/v1/jobs/${id}`, { headers })).status).toBe(404);
  expect((await api.call(`/v1/jobs/${id}/cancel`, { method: 'POST', headers })).status).toBe(404);
  expect((await api.call(`/v1/jobs?after=${id}`, { headers })).status).toBe(400);
});

test.each([
  ['its record needs', { metadata: { customer: 'c1' } }, 500],
  ['its request alone needs', {}, 200],
])('a job whose key is missing, which %s, says so instead of a fault', async (_, given, status) => {
  const api = await startTestApi();
  const keyed = sealedDispatch(api.dispatch).dispatch;
  const job = requestAt(keyed.clock.now(), {
    id: createJobId(keyed.clock.now()),
    project: 'default',
    model: 'two-ways',
    ...given,
  });
  await submitJob(keyed, job, Buffer.from('{"model":"two-ways"}'));
  expect((await api.call(`/v1/jobs/${job.id}`)).status).toBe(status);
  const paths = status === 200 ? ['/request'] : ['', '/request'];
  for (const path of paths) {
    const answer = await api.call(`/v1/jobs/${job.id}${path}`);
    expect(answer.status).toBe(500);
    expect(await answer.text()).toContain('encrypted under a key that this service does not have');
  }
});

test('a job whose record a newer release wrote is left to it: 503, and cancelling changes nothing', async () => {
  const api = await startTestApi();
  const id = await submit(api);
  const { redis, keyPrefix } = api.dispatch;
  const { record } = jobKeys(keyPrefix, { project: 'default', id });
  await redis.hset(record, 'v', RECORD_VERSIONS.newest + 1);
  const before = await redis.hgetall(record);
  const answers = [
    await api.call(`/v1/jobs/${id}`),
    await api.call(`/v1/jobs/${id}/cancel`, { method: 'POST' }),
    await api.call(`/v1/jobs/${id}`, { method: 'DELETE' }),
  ];
  for (const answer of answers) {
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await answer.text()).toContain('a newer release wrote the record');
  }
  expect(await redis.hgetall(record)).toEqual(before);
});

test('a queued job names the queue it stands in, a running one the target that is called', async () => {
  const api = await startTestApi();
  const id = await submit(api);
  const current = async () => {
    const { status, current: found } = jobSchema.parse(
      await (await api.call(`/v1/jobs/${id}`)).json(),
    );
    return { status, ...found };
  };
  const queued = await current();
  const target = { provider: 'main', model: 'gpt-4o', target: queued.target };
  expect(queued).toMatchObject({ status: 'queued', ...target });
  expect(target.target).toMatch(/main/);
  const { store, clock } = api.dispatch;
  const begunAt = clock.now() + 5000;
  await store.begin({ project: 'default', id }, 1, begunAt, begunAt);
  expect(await current()).toEqual({
    status: 'in_progress',
    ...target,
    since: new Date(begunAt).toISOString(),
  });
  await api.call(`/v1/jobs/${id}/cancel`, { method: 'POST' });
  expect(await current()).toEqual({ status: 'cancelled' });
});
