import { endJob } from '@understudy/dispatch';
import { jobKeys } from '@understudy/job-store';
import { expect, test } from 'vitest';
import { strictResponseSchema } from '../../../../test/support/response-schema.ts';
import { complete, fail, startTestApi } from '../testing/start-test-api.ts';
import type { TestApi } from '../testing/start-test-api.ts';
import { submitResponse } from './testing/submit-response.ts';

const ANSWER = {
  id: 'resp_of_the_vendor',
  object: 'response',
  created_at: 1,
  status: 'completed',
  error: null,
  incomplete_details: null,
  instructions: null,
  metadata: {},
  model: 'gpt-4o-2024-08-06',
  output: [
    {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: 'Hello', annotations: [] }],
    },
  ],
  parallel_tool_calls: true,
  temperature: 1,
  tool_choice: 'auto',
  tools: [],
  top_p: 1,
};

const jobIdOf = (id: string): string => id.replace('resp_', 'job_');

async function read(api: TestApi, path: string): Promise<unknown> {
  const response = await api.call(path);
  expect({ path, status: response.status }).toEqual({ path, status: 200 });
  return response.json();
}

test.each(['/v1', '/openai/v1'])(
  '%s shows a waiting Response with what it was asked',
  async (prefix) => {
    const api = await startTestApi();
    const id = await submitResponse(api, {
      background: true,
      instructions: 'Be brief.',
      temperature: 0.2,
      metadata: { team: 'search' },
      tools: [{ type: 'function', name: 'f', parameters: {}, strict: true }],
      tool_choice: 'required',
      parallel_tool_calls: false,
      reasoning: { effort: 'low' },
      max_output_tokens: 50,
      store: false,
    });
    const shown = strictResponseSchema.parse(await read(api, `${prefix}/responses/${id}`));
    expect(shown).toMatchObject({
      id,
      object: 'response',
      status: 'queued',
      background: true,
      model: 'one-way',
      output: [],
      error: null,
      incomplete_details: null,
      instructions: 'Be brief.',
      temperature: 0.2,
      top_p: null,
      metadata: { team: 'search' },
      tools: [{ type: 'function', name: 'f' }],
      tool_choice: 'required',
      parallel_tool_calls: false,
      reasoning: { effort: 'low', summary: null },
      max_output_tokens: 50,
      store: false,
    });
    expect(shown).not.toHaveProperty('usage');
    expect(shown).not.toHaveProperty('completed_at');
  },
);

test('a completed Response is the answer as it came, with our id and what was asked', async () => {
  const api = await startTestApi();
  const id = await submitResponse(api, { background: true, metadata: { team: 'search' } });
  const extra = '"vendor_extra":12345678901234567890.10';
  await complete(api, jobIdOf(id), `${JSON.stringify(ANSWER).slice(0, -1)},${extra}}`);
  const response = await api.call(`/v1/responses/${id}`);
  const text = await response.text();
  expect(response.headers.get('location')).toBe(`/v1/jobs/${jobIdOf(id)}`);
  expect(text).toContain(extra);
  const { created_at: created } = (await (await api.call(`/v1/jobs/${jobIdOf(id)}`)).json()) as {
    created_at: string;
  };
  expect(JSON.parse(text)).toMatchObject({
    ...ANSWER,
    id,
    background: true,
    metadata: { team: 'search' },
    created_at: Math.floor(Date.parse(created) / 1000),
  });
});

test('members that a provider left out of its answer are added', async () => {
  const api = await startTestApi();
  const id = await submitResponse(api, { temperature: 0.5 });
  const { output, model } = ANSWER;
  await complete(api, jobIdOf(id), JSON.stringify({ id: 'chatcmpl-9', model, output }));
  const shown = strictResponseSchema.parse(await read(api, `/v1/responses/${id}`));
  expect(shown).toMatchObject({
    id,
    model,
    output,
    status: 'completed',
    temperature: 0.5,
    background: false,
    tools: [],
    tool_choice: 'auto',
  });
});

test.each([
  [429, 'rate_limit_exceeded'],
  [400, 'invalid_prompt'],
  [500, 'server_error'],
  [undefined, 'server_error'],
])('a job that failed with status %s is a failed Response of %s', async (status, code) => {
  const api = await startTestApi();
  const id = await submitResponse(api, { background: true });
  await fail(api, jobIdOf(id), {
    message: 'no target is left',
    ...(status === undefined ? {} : { status_code: status }),
    provider_error: { message: 'the provider says no' },
  });
  const shown = strictResponseSchema.parse(await read(api, `/v1/responses/${id}`));
  expect(shown).toMatchObject({
    status: 'failed',
    error: { code, message: 'the provider says no' },
    output: [],
  });
});

test('a Response whose prompt could be sent to no target failed for its prompt', async () => {
  const api = await startTestApi();
  const id = await submitResponse(api, { background: true });
  const message = 'input[0] is not carried: there is no place for it';
  await fail(api, jobIdOf(id), { rule: 'untranslatable', provider_error: { message } });
  const shown = strictResponseSchema.parse(await read(api, `/v1/responses/${id}`));
  expect(shown.error).toEqual({ code: 'invalid_prompt', message });
});

test('a cancelled Response stays cancelled however often it is cancelled', async () => {
  const api = await startTestApi();
  const id = await submitResponse(api, { background: true });
  for (let times = 0; times < 2; times += 1) {
    const response = await api.call(`/v1/responses/${id}/cancel`, { method: 'POST' });
    expect(response.status).toBe(200);
    const shown = strictResponseSchema.parse(await response.json());
    expect(shown).toMatchObject({ id, status: 'cancelled', output: [], error: null });
  }
  expect(await read(api, `/v1/jobs/${jobIdOf(id)}`)).toMatchObject({ status: 'cancelled' });
});

test('cancelling a completed Response gives it unchanged', async () => {
  const api = await startTestApi();
  const id = await submitResponse(api, { background: true });
  await complete(api, jobIdOf(id), JSON.stringify(ANSWER));
  const response = await api.call(`/v1/responses/${id}/cancel`, { method: 'POST' });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual(await read(api, `/v1/responses/${id}`));
});

test('a Response that is not in the background is not cancelled', async () => {
  const api = await startTestApi();
  const id = await submitResponse(api);
  const response = await api.call(`/v1/responses/${id}/cancel`, { method: 'POST' });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: { type: 'invalid_request_error', code: 'invalid_request' },
  });
  expect(await read(api, `/v1/responses/${id}`)).toMatchObject({ status: 'queued' });
});

test('an expired Response has failed, and says that it expired', async () => {
  const api = await startTestApi();
  const id = await submitResponse(api, { background: true });
  const job = { project: 'default', id: jobIdOf(id) };
  await endJob(api.dispatch, job, 'expired');
  const shown = strictResponseSchema.parse(await read(api, `/v1/responses/${id}`));
  expect(shown).toMatchObject({ status: 'failed', error: { code: 'server_error' } });
  expect(shown.error?.message).toContain('expired');
});

test('a deleted Response is gone, and its job with it', async () => {
  const api = await startTestApi();
  const id = await submitResponse(api, { background: true });
  await complete(api, jobIdOf(id), JSON.stringify(ANSWER));
  const response = await api.call(`/v1/responses/${id}`, { method: 'DELETE' });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ id, object: 'response', deleted: true });
  for (const path of [`/v1/responses/${id}`, `/v1/jobs/${jobIdOf(id)}`]) {
    expect((await api.call(path)).status).toBe(404);
  }
  expect((await api.call(`/v1/responses/${id}`, { method: 'DELETE' })).status).toBe(404);
});

test('an answer and an input that are no longer kept are gone, which is no 404', async () => {
  const api = await startTestApi();
  const id = await submitResponse(api, { background: true });
  await complete(api, jobIdOf(id), JSON.stringify(ANSWER));
  const { redis, keyPrefix } = api.dispatch;
  const { request, result } = jobKeys(keyPrefix, { project: 'default', id: jobIdOf(id) });
  expect(await redis.unlink(request, result)).toBe(2);
  for (const path of ['', '/input_items']) {
    const response = await api.call(`/v1/responses/${id}${path}`);
    expect(response.status).toBe(410);
    expect(await response.json()).toMatchObject({ error: { code: 'gone' } });
  }
});

test('a Response that has not ended is not deleted, and SDKs do not ask again', async () => {
  const api = await startTestApi();
  const id = await submitResponse(api, { background: true });
  const response = await api.call(`/v1/responses/${id}`, { method: 'DELETE' });
  expect(response.status).toBe(409);
  expect(response.headers.get('x-should-retry')).toBe('false');
  expect(await read(api, `/v1/responses/${id}`)).toMatchObject({ status: 'queued' });
});

test.each([
  ['GET', ''],
  ['POST', '/cancel'],
  ['DELETE', ''],
  ['GET', '/input_items'],
  ['GET', '?stream=true'],
])('%s%s finds neither a job of another dialect nor what cannot be an id', async (method, rest) => {
  const api = await startTestApi();
  const response = await api.call('/v1/jobs', {
    method: 'POST',
    body: {
      endpoint: '/v1/chat/completions',
      body: { model: 'one-way', messages: [{ role: 'user', content: 'hello' }] },
    },
  });
  const { id } = (await response.json()) as { id: string };
  await complete(api, id);
  const asked = [id.replace('job_', 'resp_'), `resp_${'0'.repeat(26)}`, 'resp_1', id];
  const answers = await Promise.all(
    asked.map(async (one) => {
      const answer = await api.call(`/v1/responses/${one}${rest}`, { method });
      const { instance: _path, ...problem } = (await answer.json()) as Record<string, unknown>;
      return problem;
    }),
  );
  for (const answer of answers) {
    expect(answer).toMatchObject({ status: 404, error: { code: 'not_found' } });
    expect(answer).toEqual(answers[0]);
  }
});
