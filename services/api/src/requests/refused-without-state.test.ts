import { expect, test } from 'vitest';
import { chatJob, startTestApi } from '../testing/start-test-api.ts';
import { matchingKeys } from '../../../../test/support/matching-keys.ts';

/** What the vendors' SDKs send with their first try, so that a retry can be known. */
const FIRST_TRY = { 'x-stainless-retry-count': '0' };
const RETRY = { 'x-stainless-retry-count': '1' };
const UNKNOWN_MODEL = { model: 'nobody-knows-it', messages: [] };
const NO_FILE = { input_file_id: 'file-0', endpoint: '/v1/chat/completions' };

test.each([
  ['/v1/jobs', chatJob({}, UNKNOWN_MODEL), 404],
  ['/v1/chat/completions', UNKNOWN_MODEL, 404],
  ['/v1/batches', { ...NO_FILE, completion_window: '24h' }, 400],
])('a refused POST %s is not remembered for an SDK that may retry', async (path, body, status) => {
  const api = await startTestApi();
  const { redis, keyPrefix } = api.dispatch;
  // But for the queues, which note their version some time after the start.
  const names = async () =>
    (await matchingKeys(redis, `${keyPrefix}:*`))
      .filter((name) => !name.includes('queue:{'))
      .toSorted();
  const before = await names();
  for (const headers of [FIRST_TRY, RETRY]) {
    const response = await api.call(path, { method: 'POST', body, headers });
    expect(response.status).toBe(status);
  }
  expect(await names()).toEqual(before);
});

test('a retry of what was accepted still finds it', async () => {
  const api = await startTestApi();
  const send = (headers: Record<string, string>) =>
    api.call('/v1/jobs', { method: 'POST', body: chatJob(), headers });
  const [first, again] = [await send(FIRST_TRY), await send(RETRY)];
  expect(again.headers.get('location')).toBe(first.headers.get('location'));
  expect(first.status).toBe(202);
});
