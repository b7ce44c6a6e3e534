import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { chatLine, chatLines, startBatchScene, type BatchScene } from '../support/batch-scene.ts';

/** Of a provider, where nothing else is configured. */
const CONCURRENCY = 16;
/** Calls that may have been on their way to the vendor. */
const A_FEW = 5;

let scene: BatchScene;

beforeAll(async () => {
  scene = await startBatchScene({ batches: '{ linesInFlight: 100 }' });
});
afterAll(() => scene[Symbol.asyncDispose]());
beforeEach(() => scene.vendor.reset());

const ids = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `r${index + 1}`);

test('a batch answers every line in the order of its input, whatever the order of the answers', async () => {
  const { vendor, create, ended, results } = scene;
  vendor.onCall(
    () => true,
    (_call, matched) => ({ delayMs: (matched * 37) % 90 }),
  );
  const { id } = await create(chatLines(300));
  const batch = await ended(id);
  expect(batch).toMatchObject({
    status: 'completed',
    request_counts: { total: 300, completed: 300, failed: 0 },
  });
  expect(batch.error_file_id).toBeUndefined();
  const lines = await results(batch.output_file_id);
  expect(lines.map((line) => line.custom_id)).toEqual(ids(300));
  expect(new Set(lines.map((line) => line.id)).size).toBe(300);
  for (const { response, error } of lines) {
    expect(error).toBeNull();
    expect(response).toMatchObject({ status_code: 200, body: { object: 'chat.completion' } });
  }
  expect(vendor.calls).toHaveLength(300);
});

test('the lines of a batch are jobs that can be listed, and say where their answers are', async () => {
  const { broker, create, ended } = scene;
  const { id } = await create(chatLines(3));
  const { output_file_id: file } = await ended(id);
  const response = await broker.request(`/v1/jobs?batch=${id}&status=completed`);
  const { data } = (await response.json()) as { data: { id: string; batch: object }[] };
  expect(data).toHaveLength(3);
  expect(data).toContainEqual(
    expect.objectContaining({ batch: { id, line: 2, custom_id: 'r2' }, priority: 8 }),
  );
  const job = await broker.getJob(data[0]?.id ?? '');
  expect(job['result']).toEqual({ provider: 'first', model: 'm', file });
  const none = await broker.request('/v1/jobs?batch=batch_00000000000000000000000000');
  expect(await none.json()).toMatchObject({ data: [] });
});

test('models are mixed in one batch; a line that falls through and one that nobody knows stand on their own', async () => {
  const { vendor, create, ended, results } = scene;
  vendor.onCall(/\/first\//, { status: 404, body: { error: { message: 'no such model' } } });
  const { id } = await create(
    [
      chatLine('a', 'chat'),
      chatLine('b', 'other'),
      '',
      chatLine('c', 'nobody-knows-this'),
      JSON.stringify({
        custom_id: 'd',
        method: 'POST',
        url: '/openai/v1/chat/completions',
        body: { messages: [] },
      }),
      chatLine('e', 'other'),
    ].join('\r\n'),
  );
  const batch = await ended(id);
  expect(batch).toMatchObject({
    status: 'completed',
    request_counts: { total: 5, completed: 3, failed: 2 },
  });
  const lines = await results(batch.output_file_id);
  expect(lines.map((line) => line.custom_id)).toEqual(['a', 'b', 'e']);
  const errors = await results(batch.error_file_id);
  expect(errors).toMatchObject([
    {
      custom_id: 'c',
      response: { status_code: 404, body: { error: { code: 'model_not_found', param: 'model' } } },
      error: null,
    },
    { custom_id: 'd', response: { status_code: 400, body: { error: { param: 'model' } } } },
  ]);
});

test('a line that a provider refuses keeps its status and its error', async () => {
  const { vendor, create, ended, results } = scene;
  vendor.onCall((call) => call.body.includes('"bad"'), {
    status: 400,
    body: { error: { message: 'too hot', type: 'invalid_request_error', code: 'x' } },
  });
  const { id } = await create(`${chatLine('good')}\n${chatLine('bad', 'other')}\n`);
  const batch = await ended(id);
  expect(batch.request_counts).toEqual({ total: 2, completed: 1, failed: 1 });
  expect(await results(batch.error_file_id)).toMatchObject([
    {
      custom_id: 'bad',
      response: {
        status_code: 400,
        body: { error: { message: 'too hot', type: 'invalid_request_error', code: 'x' } },
      },
      error: null,
    },
  ]);
});

test('an input that cannot be run fails its batch, and names each line', async () => {
  const { create, ended, vendor } = scene;
  const { id, status } = await create(
    [
      chatLine('a'),
      '{"custom_id":',
      chatLine('a'),
      chatLine('b').replace('/v1/chat/completions', '/v1/embeddings'),
      '{"custom_id":"c","method":"POST","url":"/v1/chat/completions"}',
    ].join('\n'),
  );
  expect(status).toBe('validating');
  const batch = await ended(id);
  expect(batch.status).toBe('failed');
  expect(batch.errors?.data.map(({ code, line }) => `${line} ${code}`)).toEqual([
    '2 invalid_json_line',
    '3 duplicate_custom_id',
    '4 url_mismatch',
    '5 missing_required_parameter',
  ]);
  expect((await ended((await create('\n\n')).id)).errors?.data).toMatchObject([
    { code: 'empty_file' },
  ]);
  expect(vendor.calls).toEqual([]);
});

test('what was answered can be read while the batch runs', async () => {
  const { vendor, create, becomes, results, ended } = scene;
  vendor.onCall((call) => call.body.includes('"slow"'), { delayMs: 6000 });
  const { id } = await create(`${chatLine('slow')}\n${chatLines(20)}`);
  const running = await becomes(id, (batch) => batch.request_counts?.completed === 20);
  const seen = await becomes(id, (batch) => batch.output_file_id !== undefined);
  expect(running.status).toBe('in_progress');
  expect((await results(seen.output_file_id)).length).toBeGreaterThan(0);
  const batch = await ended(id);
  const lines = await results(batch.output_file_id);
  expect(lines.map((line) => line.custom_id)).toEqual(['slow', ...ids(20)]);
});

test('cancelling ends every line within seconds and keeps what was answered', async () => {
  const { vendor, create, becomes, cancel, ended, results } = scene;
  vendor.onCall(
    () => true,
    (_call, matched) => (matched <= 30 ? {} : { answer: 'never' }),
  );
  const { id } = await create(chatLines(1500));
  await becomes(id, (batch) => (batch.request_counts?.completed ?? 0) >= 10);
  expect((await cancel(id)).status).toBe('cancelling');
  const batch = await ended(id, 20_000);
  expect(batch.status).toBe('cancelled');
  const answered = await results(batch.output_file_id);
  const others = await results(batch.error_file_id);
  expect(answered.length).toBe(batch.request_counts?.completed);
  expect(answered.length + others.length).toBe(1500);
  expect(new Set([...answered, ...others].map((line) => line.custom_id))).toEqual(
    new Set(ids(1500)),
  );
  expect(others.every((line) => line.error?.code === 'batch_cancelled')).toBe(true);
  const calls = vendor.calls.length;
  expect((await cancel(id)).status).toBe('cancelled');
  expect(vendor.calls.length).toBe(calls);
});

test('cancelling begins no call for the lines that wait, whose turn would come as others are hung up', async () => {
  const { vendor, create, cancel, ended } = scene;
  vendor.onCall(
    () => true,
    () => ({ answer: 'never' }),
  );
  const { id } = await create(chatLines(300));
  const { length: open } = await vendor.waitForCalls(CONCURRENCY);
  expect(open).toBe(CONCURRENCY);
  await cancel(id);
  const batch = await ended(id, 20_000);
  expect(batch.request_counts).toMatchObject({ total: 300, completed: 0 });
  expect(vendor.calls.length - open).toBeLessThanOrEqual(A_FEW);
});

test('a batch that expires keeps what was answered and says of the rest that it expired', async () => {
  const { vendor, create, ended, results } = scene;
  vendor.onCall(
    () => true,
    (_call, matched) => (matched <= 5 ? {} : { answer: 'never' }),
  );
  const { id } = await create(chatLines(400), { 'understudy-expires-in': '15s' });
  const batch = await ended(id);
  expect(batch.status).toBe('expired');
  const answered = await results(batch.output_file_id);
  const others = await results(batch.error_file_id);
  expect(answered).toHaveLength(5);
  expect(others).toHaveLength(395);
  expect(new Set(others.map((line) => line.error?.code))).toEqual(new Set(['batch_expired']));
  expect(batch.request_counts).toMatchObject({ total: 400, completed: 5 });
});

test('a runner that is killed again and again loses no line and answers none twice', async () => {
  const { broker, vendor, create, ended, results } = scene;
  vendor.onCall(
    () => true,
    () => ({ delayMs: 5 }),
  );
  const { id } = await create(`${chatLines(1200)}\n${chatLine('unknown', 'nobody-knows-this')}`);
  for (let kills = 0; kills < 6; kills += 1) {
    const runner = broker.services.get('batch-runner');
    // At a moment nobody chose: in the midst of whatever it does.
    await sleep(300 + Math.random() * 900);
    runner?.kill('SIGKILL');
    await runner?.ended;
    await broker.startService('batch-runner');
  }
  const batch = await ended(id, 100_000);
  expect(batch).toMatchObject({
    status: 'completed',
    request_counts: { total: 1201, completed: 1200, failed: 1 },
  });
  const lines = await results(batch.output_file_id);
  expect(lines.map((line) => line.custom_id)).toEqual(ids(1200));
  expect(await results(batch.error_file_id)).toHaveLength(1);
  expect(vendor.calls).toHaveLength(1200);
});

test('a runner that stops hands its batch to another one at once', async () => {
  const { broker, create, ended, becomes, vendor } = scene;
  vendor.onCall(
    () => true,
    () => ({ delayMs: 50 }),
  );
  const { id } = await create(chatLines(400));
  await becomes(id, (batch) => (batch.request_counts?.completed ?? 0) > 20);
  const first = broker.services.get('batch-runner');
  await broker.startService('batch-runner');
  first?.kill('SIGTERM');
  expect(await first?.ended).toBe(0);
  expect(await ended(id, 30_000)).toMatchObject({ request_counts: { completed: 400 } });
  expect(vendor.calls).toHaveLength(400);
});
