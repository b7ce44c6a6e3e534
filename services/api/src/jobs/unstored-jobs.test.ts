import { jobIdOfKey } from '@understudy/submission';
import { expect, test, vi } from 'vitest';
import { redisContents } from '../../../../test/support/redis-contents.ts';
import { submitResponse } from '../responses/testing/submit-response.ts';
import { jobSchema } from '../schemas/job-schemas.ts';
import { openCall } from '../testing/open-call.ts';
import { chatJob, complete, fail, startTestApi, submit } from '../testing/start-test-api.ts';
import type { TestApi } from '../testing/start-test-api.ts';

const PROMPT = 'canary-of-the-prompt';
const ANSWER = 'canary-of-the-answer';
const WORDS = 'canary-of-the-error';
const CANARIES = [PROMPT, ANSWER, WORDS];

const MESSAGES = [{ role: 'user', content: PROMPT }];
const unstored = (more: Record<string, unknown> = {}) =>
  chatJob({ store: false, ...more }, { messages: MESSAGES });
const RESULT = JSON.stringify({ text: ANSWER });
/** A first target that failed, in words which repeat the prompt. */
const SAID = { error: { type: 'server_error', message: WORDS, body: WORDS } };

async function found({ dispatch }: TestApi): Promise<string[]> {
  const contents = await redisContents(dispatch.redis, dispatch.keyPrefix);
  return CANARIES.filter((canary) => contents.includes(canary));
}

const read = async (api: TestApi, id: string) =>
  jobSchema.parse(await (await api.call(`/v1/jobs/${id}`)).json());

async function becomesForgotten(api: TestApi, id: string): Promise<void> {
  await vi.waitFor(async () => {
    const [record] = await api.dispatch.store.readRecords([{ project: 'default', id }]);
    expect(record?.payloadForgotten).toBe(true);
  });
  expect(await found(api)).toEqual([]);
}

test('the first GET that has the answer is the last: request, answer and errors are gone from Redis', async () => {
  const api = await startTestApi();
  const id = await submit(api, unstored());
  expect(await read(api, id)).toMatchObject({ status: 'queued', store: false });
  await complete(api, id, RESULT, SAID);
  expect(await found(api)).toEqual(CANARIES);

  const first = await api.call(`/v1/jobs/${id}`);
  expect(jobSchema.parse(await first.json())).toMatchObject({
    result: { body: { text: ANSWER } },
    attempts: [SAID],
  });
  await becomesForgotten(api, id);

  const second = await api.call(`/v1/jobs/${id}`);
  expect(second.headers.get('etag')).not.toBe(first.headers.get('etag'));
  const job = jobSchema.parse(await second.json());
  expect(job).toMatchObject({
    status: 'completed',
    store: false,
    payload_forgotten: true,
    result: { provider: 'main', model: 'gpt-4o' },
    usage: { input_tokens: 1 },
    attempts: [{ outcome: 'succeeded', error: { type: 'server_error' } }],
  });
  expect(job.result).not.toHaveProperty('body');
  expect((await api.call(`/v1/jobs/${id}/retry`, { method: 'POST' })).status).toBe(410);
});

test('what tells no answer forgets none: a job that runs, a list of jobs, a HEAD, a job without its answer', async () => {
  const api = await startTestApi();
  const id = await submit(api, unstored());
  await read(api, id);
  await complete(api, id, RESULT);
  const [record] = await api.dispatch.store.readRecords([{ project: 'default', id }]);
  await api.index([record!]);
  await (await api.call('/v1/jobs')).text();
  await api.call(`/v1/jobs/${id}`, { method: 'HEAD' });
  const look = await api.call(`/v1/jobs/${id}?without=result`);
  const looked = await look.text();
  expect(jobSchema.parse(JSON.parse(looked))).toMatchObject({
    status: 'completed',
    result: { provider: 'main', model: 'gpt-4o' },
  });
  expect(looked).not.toContain(ANSWER);
  const tag = look.headers.get('etag') ?? '';
  expect(await api.dispatch.store.readResult({ project: 'default', id })).toEqual(
    Buffer.from(RESULT),
  );
  // Who has a copy without the answer has none of the whole.
  const got = await api.call(`/v1/jobs/${id}`, { headers: { 'if-none-match': tag } });
  expect(await got.text()).toContain(ANSWER);
  await becomesForgotten(api, id);
});

test('a job that may be stored stays, however often it is read', async () => {
  const api = await startTestApi();
  const id = await submit(api, unstored({ store: true }));
  await complete(api, id, RESULT);
  expect(await read(api, id)).not.toHaveProperty('store');
  expect(await read(api, id)).toMatchObject({ result: { body: { text: ANSWER } } });
});

test('a long-poll that brings the answer delivers it', async () => {
  const api = await startTestApi();
  const id = await submit(api, unstored());
  const polled = api.call(`/v1/jobs/${id}`, { headers: { prefer: 'wait=20' } });
  await vi.waitFor(() => expect(api.parts.longPolls.waiting()).toBe(1));
  await complete(api, id, RESULT);
  expect(await (await polled).text()).toContain(ANSWER);
  await becomesForgotten(api, id);
});

test.each([
  ['an answer', {}],
  ['a stream', { stream: true }],
])('a waiting call with Understudy-Store: false that got %s leaves nothing', async (_, more) => {
  const api = await startTestApi();
  const body = { model: 'two-ways', messages: MESSAGES, ...more };
  const headers = { 'understudy-store': 'false' };
  const { id, answer } = await openCall(api, '/v1/chat/completions', body, headers);
  const message = { role: 'assistant', content: ANSWER };
  const choices = [{ index: 0, message, finish_reason: 'stop' }];
  await complete(api, id, JSON.stringify({ id: 'x', object: 'chat.completion', choices }), SAID);
  expect(await (await answer).text()).toContain('canary');
  await becomesForgotten(api, id);
});

test('a waiting call that failed was told why, and then the words are gone', async () => {
  const api = await startTestApi();
  const body = { model: 'two-ways', messages: MESSAGES };
  const { id, answer } = await openCall(api, '/v1/chat/completions', body, {
    'understudy-store': 'false',
  });
  await fail(api, id, {
    message: `no target is left; last answer: ${WORDS}`,
    status_code: 500,
    provider_error: { type: 'server_error', message: WORDS, body: WORDS },
  });
  expect(await (await answer).text()).toContain(WORDS);
  await becomesForgotten(api, id);
  expect(await read(api, id)).toMatchObject({
    error: { code: 'no_target_left', provider_error: { type: 'server_error' } },
  });
});

test('a Response that was retrieved, or heard to its end, is gone for the next reader', async () => {
  const api = await startTestApi();
  for (const query of ['', '?stream=true']) {
    const id = await submitResponse(api, { input: PROMPT, background: true }, { store: false });
    const job = id.replace('resp_', 'job_');
    const output = [{ type: 'message', content: [{ type: 'output_text', text: ANSWER }] }];
    await complete(
      api,
      job,
      JSON.stringify({ id: 'v', object: 'response', status: 'completed', output }),
    );
    expect(await (await api.call(`/v1/responses/${id}${query}`)).text()).toContain(ANSWER);
    await becomesForgotten(api, job);
    expect((await api.call(`/v1/responses/${id}`)).status).toBe(410);
    expect((await api.call(`/v1/responses/${id}/input_items`)).status).toBe(410);
  }
});

test('a repeated submit finds the job whose answer was delivered, and makes none', async () => {
  const api = await startTestApi();
  const post = () =>
    api.call('/v1/jobs', {
      method: 'POST',
      headers: { 'idempotency-key': 'once' },
      body: unstored(),
    });
  const id = jobIdOfKey('default', 'once');
  expect((await post()).status).toBe(202);
  await complete(api, id, RESULT);
  await (await api.call(`/v1/jobs/${id}`)).text();
  await becomesForgotten(api, id);
  const replay = await post();
  expect(replay.headers.get('idempotency-replayed')).toBe('true');
  expect(await replay.json()).toMatchObject({ id, payload_forgotten: true });
});

test('a batch cannot ask for it, and is told what to do instead', async () => {
  const api = await startTestApi();
  for (const [path, body] of [
    [
      '/v1/batches',
      { input_file_id: 'file-x', endpoint: '/v1/embeddings', completion_window: '24h' },
    ],
    ['/anthropic/v1/messages/batches', { requests: [] }],
  ] as const) {
    const headers = { 'understudy-store': 'false' };
    const response = await api.call(path, { method: 'POST', headers, body });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('delete the files of a batch');
  }
});
