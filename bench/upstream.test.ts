import { afterAll, beforeAll, expect, test } from 'vitest';
import { startUpstream, type Upstream } from './upstream.ts';

let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream(0);
}, 20_000);
afterAll(() => upstream.stop());

function call(path = '/v1'): Promise<Response> {
  return fetch(`${upstream.origin}${path}/chat/completions`, { method: 'POST', body: '{}' });
}

test('an upstream that holds its calls answers them when it is opened', async () => {
  await upstream.become({ state: 'held' });
  let answered = false;
  const answer = call().then((response) => {
    answered = true;
    return response;
  });
  await upstream.calls();
  expect(answered).toBe(false);
  await upstream.become({ state: 'open' });
  expect((await answer).status).toBe(200);
});

test('an upstream that is down says when to come again, and counts no answer', async () => {
  const { answered } = await upstream.calls();
  await upstream.become({ state: 'down', retryAfterSeconds: 7 });
  const { status, headers } = await call();
  expect([status, headers.get('retry-after')]).toEqual([503, '7']);
  expect((await upstream.calls()).answered).toBe(answered);
  await upstream.become({ state: 'open' });
});

test('the failing provider fails with 200 bytes, whatever the state', async () => {
  const before = process.hrtime.bigint();
  const failed = await call('/failing/v1');
  expect([failed.status, (await failed.bytes()).length]).toEqual([409, 200]);
  expect((await upstream.calls()).lastFailedNs).toBeGreaterThan(before);
});
