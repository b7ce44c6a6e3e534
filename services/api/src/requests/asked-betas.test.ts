import { expect, test } from 'vitest';
import { startTestApi } from '../testing/start-test-api.ts';
import type { TestApi } from '../testing/start-test-api.ts';

const BODY = { model: 'two-ways', max_tokens: 5, messages: [] };

async function post(api: TestApi, path: string, beta: string): Promise<Response> {
  const headers = { 'anthropic-beta': beta, prefer: 'respond-async' };
  return await api.call(path, { method: 'POST', body: BODY, headers });
}

test.each([
  ['/anthropic/v1/messages', 'one-2025-01-01, two-2025-01-01,one-2025-01-01', ['one', 'two']],
  ['/anthropic/v1/messages', ' , ', undefined],
  ['/v1/chat/completions', 'one-2025-01-01', undefined],
])('a job of %s keeps the betas of %j', async (path, beta, kept) => {
  const api = await startTestApi();
  const response = await post(api, path, beta);
  expect(response.status).toBe(202);
  const id = response.headers.get('understudy-job') ?? '';
  const [record] = await api.dispatch.store.readRecords([{ project: 'default', id }]);
  expect(record?.request.betas).toEqual(kept?.map((name) => `${name}-2025-01-01`));
});

test.each(['a name with blanks', 'x'.repeat(101), Array(33).fill('one').join()])(
  'what are no names of betas is refused by the header: %j',
  async (beta) => {
    const response = await post(await startTestApi(), '/anthropic/v1/messages', beta);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { message: expect.stringContaining('anthropic-beta') },
    });
  },
);
