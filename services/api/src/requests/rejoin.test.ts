import { expect, test } from 'vitest';
import { chatJob, idOf, startTestApi } from '../testing/start-test-api.ts';
import type { TestApi } from '../testing/start-test-api.ts';

const BODY = chatJob();

function post(api: TestApi, retryCount: number, body: unknown = BODY) {
  return api.call('/v1/jobs', {
    method: 'POST',
    body,
    headers: { 'x-stainless-retry-count': String(retryCount) },
  });
}

async function jobsOf(api: TestApi): Promise<number> {
  const { waiting } = await api.dispatch.queue.counts('main');
  return waiting;
}

test('a retry of a post whose answer was lost finds the job that the first one made', async () => {
  const api = await startTestApi();
  // The answer of the first is thrown away, as if the connection had been cut.
  const first = await idOf(await post(api, 0));
  for (const retry of [1, 2]) {
    const again = await post(api, retry);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([202, 'true']);
    expect(await idOf(again)).toBe(first);
  }
  expect(await jobsOf(api)).toBe(1);
});

test('a retry of a post that made nothing makes the job, once', async () => {
  const api = await startTestApi();
  const { store } = api.dispatch;
  const create = store.create;
  // The process dies after it has said what it is going to make, and before it has.
  store.create = () => Promise.reject(new Error('killed'));
  expect((await post(api, 0)).status).toBe(500);
  store.create = create;
  const answers = await Promise.all([post(api, 1), post(api, 2)]);
  const [one, other] = await Promise.all(answers.map(idOf));
  expect(one).toBe(other);
  expect(await jobsOf(api)).toBe(1);
});

test('retries that nobody remembers the first of make one job together', async () => {
  const api = await startTestApi();
  const ids = await Promise.all([1, 1, 2].map(async (retry) => idOf(await post(api, retry))));
  expect(new Set(ids).size).toBe(1);
  expect(await jobsOf(api)).toBe(1);
});

test('a first try is a job of its own, and so is another body', async () => {
  const api = await startTestApi();
  const ids = [
    await idOf(await post(api, 0)),
    await idOf(await post(api, 0)),
    await idOf(await post(api, 1, chatJob({}, { seed: 1 }))),
  ];
  expect(new Set(ids).size).toBe(3);
});

test('a retry after its route is gone is still answered with the job', async () => {
  const api = await startTestApi();
  const first = await idOf(await post(api, 0));
  const { routes } = api.dispatch.views().settings;
  const kept = routes['two-ways'];
  delete routes['two-ways'];
  const again = await post(api, 1);
  expect([again.status, await idOf(again)]).toEqual([202, first]);
  expect((await post(api, 0)).status).not.toBe(202);
  if (kept !== undefined) routes['two-ways'] = kept;
});
