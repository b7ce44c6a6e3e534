import { expect, test } from 'vitest';
import { openai } from '../../../test/support/fake-vendor-errors.ts';
import { openWorker, plannedFor } from './testing/worker-scene.ts';

const ab = [{ provider: 'a' }, { provider: 'b' }];
const status = (code: number, message = 'no', headers = {}) => ({
  status: code,
  body: { error: { message } },
  headers: { 'x-request-id': `req_${code}`, ...headers },
});

test('a 404, then a 429 with a delay, a wait, a probe and an answer: the whole story', async () => {
  const { vendor, submit, takeTurn, wake, advance } = await openWorker(ab);
  vendor.onCall(/^\/a\//, openai.modelNotFound);
  vendor.onCall(/^\/b\//, [status(429, 'slow down', { 'retry-after': '30' })]);
  const job = await submit();

  const after404 = await takeTurn(job);
  expect(after404.record).toMatchObject({ status: 'queued', turn: 2 });
  expect(plannedFor(after404.record.progress).provider).toBe('b');
  expect(after404.record.progress.closed).toHaveProperty('a');

  const after429 = await takeTurn(job);
  expect(after429.record.progress.place).toMatchObject({
    kind: 'waiting',
    reason: 'cooling_down',
    rooms: [{ provider: 'b', model: 'm-at-b' }],
  });
  advance(30_500);
  expect(plannedFor((await wake(job)).record.progress).provider).toBe('b');
  const { record, attempts } = await takeTurn(job);

  expect(record).toMatchObject({
    status: 'completed',
    end: { result: { provider: 'b', model: 'm-at-b' } },
    progress: { waits: [{ reason: 'cooling_down' }] },
  });
  expect(attempts).toMatchObject([
    {
      number: 1,
      round: 1,
      provider: 'a',
      kind: 'openai',
      dialect: 'chat-completions',
      model_requested: 'm',
      model_sent: 'm-at-a',
      outcome: 'failed',
      status_code: 404,
      verdict: 'next_for_good',
      error: { code: 'model_not_found' },
    },
    {
      number: 2,
      round: 1,
      provider: 'b',
      outcome: 'failed',
      status_code: 429,
      verdict: 'next',
      rule: 'default.status_429',
      request_id: 'req_429',
      retry_after_ms: 30_000,
      cooldown: { scope: 'model' },
    },
    {
      number: 3,
      round: 2,
      provider: 'b',
      model_served: 'm-at-b',
      outcome: 'succeeded',
      status_code: 200,
      probe: true,
    },
  ]);
  expect(attempts[1]!.cooldown!.until - attempts[1]!.started_at).toBeGreaterThanOrEqual(30_000);
});

test('a provider that says in words which member it does not take ends no job', async () => {
  const { vendor, submit, takeTurn } = await openWorker(ab);
  vendor.onCall(/^\/a\//, status(400, "property 'store' is unsupported, did you mean 'stop'?"));
  const job = await submit();
  await takeTurn(job);
  const { record, attempts } = await takeTurn(job);
  expect(record).toMatchObject({ status: 'completed', end: { result: { provider: 'b' } } });
  expect(attempts).toMatchObject([
    { provider: 'a', verdict: 'next_for_good', rule: 'default.message_unsupported_parameter' },
    { provider: 'b', outcome: 'succeeded' },
  ]);
});

test('the body reaches the provider byte for byte, but for the model', async () => {
  const { vendor, submit, takeTurn } = await openWorker(ab);
  const job = await submit();
  await takeTurn(job);
  expect(vendor.calls).toMatchObject([
    {
      path: '/a/v1/chat/completions',
      headers: { authorization: 'Bearer key-of-a-1234567890' },
      body: '{ "model":"m-at-a", "messages":[{"role":"user","content":"Hi"}], "seed":12345678901234567890 }',
    },
  ]);
});

test('three different jobs that meet a 500 close the target to the fourth', async () => {
  const { vendor, submit, takeTurn } = await openWorker(ab);
  vendor.onCall(/^\/a\//, status(500));
  const jobs = [await submit(), await submit(), await submit(), await submit()];
  for (const job of jobs.slice(0, 3)) {
    expect(plannedFor((await takeTurn(job)).record.progress).provider).toBe('b');
  }
  const { record, attempts } = await takeTurn(jobs[3]!);
  expect(plannedFor(record.progress).provider).toBe('b');
  expect(attempts).toMatchObject([
    { provider: 'a', outcome: 'skipped', rule: 'cooling_down', verdict: 'next' },
  ]);
  expect(vendor.calls).toHaveLength(3);
});

test('account trouble closes the provider to every job, and is not the job’s fault', async () => {
  const { vendor, submit, takeTurn } = await openWorker(ab);
  vendor.onCall(/^\/a\//, openai.invalidApiKey);
  const [one, two] = [await submit(), await submit()];
  const first = await takeTurn(one);
  expect(first.record.progress.closed).toEqual({});
  expect(first.attempts).toMatchObject([{ verdict: 'next', cooldown: { scope: 'provider' } }]);
  expect((await takeTurn(two)).attempts).toMatchObject([
    { provider: 'a', outcome: 'skipped', rule: 'cooling_down' },
  ]);
});

test('what no provider would accept fails at once with the provider’s own words', async () => {
  const { vendor, submit, takeTurn } = await openWorker(ab);
  vendor.onCall(/^\/a\//, status(400, 'messages: at least one is needed'));
  const { record } = await takeTurn(await submit());
  expect(record).toMatchObject({
    status: 'failed',
    end: {
      error: {
        code: 'provider_rejected',
        provider: 'a',
        status_code: 400,
        rule: 'default.status_400',
      },
    },
  });
  expect(record.end?.error?.message).toContain('messages: at least one is needed');
  expect(vendor.calls).toHaveLength(1);
});

test('a credential that a provider repeats is masked in the attempt', async () => {
  const { vendor, submit, takeTurn } = await openWorker(ab);
  vendor.onCall(/^\/a\//, status(403, 'the key key-of-a-1234567890 may not'));
  const { attempts } = await takeTurn(await submit());
  expect(JSON.stringify(attempts)).not.toContain('key-of-a-1234567890');
  expect(attempts[0]?.error?.message).toContain('may not');
});

test('a body too long for a window goes to a larger window and to no other', async () => {
  const { vendor, submit, takeTurn } = await openWorker([
    { provider: 'a', contextWindow: 128_000 },
    { provider: 'b' },
    { provider: 'c', contextWindow: 1_000_000 },
  ]);
  vendor.onCall(/^\/a\//, openai.contextLengthExceeded);
  const job = await submit();
  const { record, attempts } = await takeTurn(job);
  expect(plannedFor(record.progress).provider).toBe('c');
  expect(attempts.map(({ provider, rule }) => [provider, rule])).toEqual([
    ['a', expect.stringContaining('context')],
    ['b', 'window_too_small'],
  ]);
  expect((await takeTurn(job)).record.status).toBe('completed');
});

test('a body too long for every window fails with the provider’s own words', async () => {
  const { vendor, submit, takeTurn } = await openWorker(ab);
  vendor.onCall(/^\/a\//, openai.contextLengthExceeded);
  const { record } = await takeTurn(await submit());
  expect(record).toMatchObject({
    status: 'failed',
    end: { error: { code: 'no_target_left', provider: 'a', status_code: 400 } },
  });
});

test('a refusal is an answer, flagged', async () => {
  const { vendor, submit, takeTurn } = await openWorker(ab);
  vendor.onCall(/^\/a\//, { body: refusal });
  const { record } = await takeTurn(await submit());
  expect(record).toMatchObject({
    status: 'completed',
    end: { result: { provider: 'a', refusal: true } },
  });
});

test('a route that wants it goes on after a refusal, and never comes back to it', async () => {
  const { vendor, submit, takeTurn } = await openWorker(ab, { onRefusal: 'next' });
  vendor.onCall(/^\/a\//, { body: refusal });
  const job = await submit();
  const { record, attempts } = await takeTurn(job);
  expect(record.progress.closed).toEqual({ a: 'refusal' });
  expect(attempts).toMatchObject([
    { outcome: 'failed', verdict: 'next_for_good', rule: 'refusal' },
  ]);
  expect((await takeTurn(job)).record).toMatchObject({
    status: 'completed',
    end: { result: { provider: 'b' } },
  });
});

test('a job whose paid refusals have cost what it may cost is sent to nobody else', async () => {
  const targets = [{ provider: 'a', model: 'gpt-4o' }, { provider: 'b' }];
  const { vendor, submit, takeTurn } = await openWorker(targets, { onRefusal: 'next' });
  vendor.onCall(/^\/a\//, { body: refusal });
  const { record, attempts } = await takeTurn(await submit({ max_cost: 0.000_01 }));
  expect(record).toMatchObject({
    status: 'failed',
    end: {
      error: { code: 'max_cost', provider: 'a', rule: 'refusal' },
      cost: { status: 'known', amount: expect.any(Number) },
    },
  });
  expect(attempts).toMatchObject([{ outcome: 'failed', rule: 'refusal' }]);
  expect(vendor.calls.map(({ path }) => path.split('/')[1])).toEqual(['a']);
  const rich = await submit({ max_cost: 1 });
  await takeTurn(rich);
  expect((await takeTurn(rich)).record.status).toBe('completed');
});

test('a job that a service without knowledge of costs has queued is not called for either', async () => {
  const { dispatch, vendor, submit, takeTurn, read } = await openWorker(ab);
  const job = await submit({ max_cost: 0.5 });
  const { record } = await read(job);
  const cost = {
    status: 'known',
    amount: 0.6,
    currency: 'USD',
    prices_as_of: '2026-11-01',
  } as const;
  await dispatch.store.transition(job, {
    turn: record.turn,
    status: 'queued',
    nextTurn: record.turn + 1,
    progress: { ...record.progress, cost },
    dueAt: job.expires_at,
    appended: [],
    folded: [],
  });
  expect((await takeTurn(job)).record).toMatchObject({
    status: 'failed',
    end: { error: { code: 'max_cost' }, cost },
  });
  expect(vendor.calls).toEqual([]);
});

test('a Responses answer carries our id and keeps the vendor’s on the attempt', async () => {
  const { vendor, dispatch, submit, takeTurn } = await openWorker(ab);
  const body = '{"model":"m","input":"Hi"}';
  const job = await submit({ endpoint: '/v1/responses', dialect: 'responses' }, body);
  const { record, attempts } = await takeTurn(job);
  expect(record.status).toBe('completed');
  expect(vendor.calls[0]?.path).toBe('/a/v1/responses');
  const result: unknown = JSON.parse(String(await dispatch.store.readResult(job)));
  expect(result).toMatchObject({ id: job.id.replace('job_', 'resp_'), object: 'response' });
  const vendorId = attempts[0]?.provider_response_id;
  expect(vendorId).toMatch(/^resp_/);
  expect(vendorId).not.toBe(job.id.replace('job_', 'resp_'));
});

test('a Responses answer behind a byte order mark carries our id too, and is kept without the mark', async () => {
  const { vendor, dispatch, submit, takeTurn } = await openWorker(ab);
  const output = [{ type: 'message', content: [{ type: 'output_text', text: 'Hi' }] }];
  const answer = { id: 'resp_1', status: 'completed', model: 'm-at-a', output };
  vendor.onCall(/^\/a\//, { body: `\uFEFF${JSON.stringify(answer)}` });
  const body = '{"model":"m","input":"Hi"}';
  const job = await submit({ endpoint: '/v1/responses', dialect: 'responses' }, body);
  const { record, attempts } = await takeTurn(job);
  expect(record.status).toBe('completed');
  expect(attempts).toMatchObject([{ outcome: 'succeeded', provider_response_id: 'resp_1' }]);
  const id = job.id.replace('job_', 'resp_');
  expect(String(await dispatch.store.readResult(job))).toBe(JSON.stringify({ ...answer, id }));
});

test('a Responses answer that goes on from another names it by our id', async () => {
  const { dispatch, submit, takeTurn } = await openWorker(ab);
  const asked = { endpoint: '/v1/responses', dialect: 'responses' } as const;
  const body = '{"model":"m","input":"Hi","previous_response_id":"resp_of_the_vendor"}';
  const job = await submit({ ...asked, previous_response_id: 'resp_of_ours' }, body);
  await takeTurn(job);
  const result: unknown = JSON.parse(String(await dispatch.store.readResult(job)));
  expect(result).toMatchObject({
    id: job.id.replace('job_', 'resp_'),
    previous_response_id: 'resp_of_ours',
  });
});

test('any other answer keeps the id that the provider gave it, which is on the attempt too', async () => {
  const { dispatch, submit, takeTurn } = await openWorker(ab);
  const job = await submit();
  const { attempts } = await takeTurn(job);
  const result = JSON.parse(String(await dispatch.store.readResult(job))) as { id: string };
  expect(result.id).toMatch(/^chatcmpl-/);
  expect(attempts.at(-1)?.provider_response_id).toBe(result.id);
});

test('a job whose calls are spent fails', async () => {
  const { vendor, submit, takeTurn } = await openWorker(ab, { maxCalls: 1 });
  vendor.onCall(/^\/a\//, status(500, 'oh dear'));
  const { record } = await takeTurn(await submit());
  expect(record).toMatchObject({
    status: 'failed',
    end: { error: { code: 'max_calls', status_code: 500 } },
  });
  expect(record.end?.error?.message).toContain('oh dear');
});

const refusal = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  model: 'm-at-a',
  choices: [
    {
      index: 0,
      finish_reason: 'stop',
      message: { role: 'assistant', content: null, refusal: 'I cannot help with that.' },
    },
  ],
  usage: { prompt_tokens: 3, completion_tokens: 7, total_tokens: 10 },
};

test('a key is masked wherever a provider repeats it, also where its words are cut', async () => {
  const { vendor, submit, takeTurn } = await openWorker([{ provider: 'a' }]);
  const key = 'key-of-a-1234567890';
  const words = `${'x'.repeat(2030)} ${key}`;
  const error = { type: `refused ${key}`, code: `no ${key}`, message: `${words} ${words}` };
  vendor.onCall(/^\/a\//, { status: 400, body: { error } });
  const { attempts } = await takeTurn(await submit());
  expect(attempts).toMatchObject([
    { error: { type: 'refused [masked]', code: 'no [masked]', message: expect.any(String) } },
  ]);
  const { message = '' } = attempts[0]?.error ?? {};
  expect(JSON.stringify(attempts)).not.toContain('key-of');
  expect(message).toMatch(/^x+ \[masked\].*… \[cut\]$/);
  expect(Buffer.byteLength(message)).toBeLessThanOrEqual(2048);
});
