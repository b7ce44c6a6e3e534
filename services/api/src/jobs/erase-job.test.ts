import {
  STREAM_START,
  appendEvents,
  attemptEvent,
  eraseRecord,
  jobKeys,
  readEvents,
  statusEvent,
} from '@understudy/job-store';
import type { JobRecord } from '@understudy/contracts';
import { createWebhookTurns } from '@understudy/queue';
import { createDeliveries, openWebhookParts, wishesFor } from '@understudy/webhooks';
import { expect, onTestFinished, test } from 'vitest';
import { eraseJob } from './erase-job.ts';
import { chatJob, complete, startTestApi, submit } from '../testing/start-test-api.ts';
import type { TestApi } from '../testing/start-test-api.ts';
import { redisContents } from '../../../../test/support/redis-contents.ts';
import { makeKey } from '../testing/webhook-calls.ts';

const PROMPT = 'canary-of-the-prompt-4711';
const ANSWER = 'canary-of-the-answer-4711';
const NOTE = 'canary-of-the-metadata-4711';
const PROVIDERS_WORDS = 'canary-of-the-error-4711';
const CANARIES = [PROMPT, ANSWER, NOTE, PROVIDERS_WORDS];

const callback = { url: 'https://hooks.example.com/in', include: 'result' };

function canaryJob(more: Record<string, unknown> = {}) {
  const messages = [{ role: 'user', content: PROMPT }];
  return chatJob({ metadata: { note: NOTE }, callback, ...more }, { messages });
}

const remove = (api: TestApi, id: string, headers: Record<string, string> = {}) =>
  api.call(`/v1/jobs/${id}`, { method: 'DELETE', headers });

async function readRecord(api: TestApi, id: string): Promise<JobRecord> {
  const [record] = await api.dispatch.store.readRecords([{ project: 'default', id }]);
  if (record === undefined) throw new Error(`there is no job ${id}`);
  return record;
}

/** A job with a failed attempt whose error quotes the prompt. */
async function failAndComplete(api: TestApi, id: string): Promise<void> {
  const { store, clock } = api.dispatch;
  const job = { project: 'default', id };
  const begun = await store.begin(job, 1, clock.now(), clock.now() + 10_000);
  if (begun.kind !== 'started') throw new Error(begun.kind);
  const words = { type: 'server_error', message: PROVIDERS_WORDS, body: PROVIDERS_WORDS };
  const change = await store.transition(job, {
    token: begun.token,
    status: 'completed',
    nextTurn: 2,
    appended: [
      {
        number: 1,
        round: 1,
        target: 'main/gpt-4o',
        provider: 'main',
        model_requested: 'two-ways',
        outcome: 'failed',
        error: words,
        started_at: clock.now(),
        token: begun.token,
      },
    ],
    folded: [],
    end: { v: 1, result: { provider: 'main', model: 'gpt-4o' } },
    endedAt: clock.now(),
    keepMs: 60_000,
    result: Buffer.from(JSON.stringify({ text: ANSWER })),
  });
  expect(change.ok).toBe(true);
}

/** Does what scheduler and deliverer do of a job's end: lists, event stream, and a first try. */
async function tellEverybody(api: TestApi, id: string): Promise<void> {
  const { redis, keyPrefix, clock, store } = api.dispatch;
  const record = await readRecord(api, id);
  await api.index([record]);
  const [attempt] = (await store.read(record.request))?.attempts ?? [];
  const at = clock.now();
  const events = [
    ...(attempt === undefined ? [] : [attemptEvent(id, attempt, record)]),
    statusEvent({ id, version: record.version, status: record.status, at }, record),
  ];
  await appendEvents(redis, keyPrefix, 'default', [{ shard: 0, entryId: '1-0', events }]);

  const turns = createWebhookTurns(redis, keyPrefix);
  onTestFinished(() => turns.close());
  const { webhooks: settings } = api.dispatch.views().settings;
  const parts = openWebhookParts({ redis, keyPrefix, clock, turns, settings });
  const event = {
    id: `evt_${id.slice(4)}_v3`,
    type: 'job.completed' as const,
    project: 'default',
    job: id,
    at,
  };
  const wishes = wishesFor(event, record.request.callback, []);
  await createDeliveries(parts, wishes, () => 0);
  const result = await store.readResult(record.request);
  for (const { order } of wishes) {
    await parts.turns.keepPayload(order.endpoint, order.id, `{"result":${String(result)}}`);
  }
}

test('an erased job leaves nothing in Redis that a caller or a provider wrote', async () => {
  const api = await startTestApi();
  const { redis, keyPrefix } = api.dispatch;
  const id = await submit(api, canaryJob());
  await failAndComplete(api, id);
  await tellEverybody(api, id);
  const before = await redisContents(redis, keyPrefix);
  for (const canary of CANARIES) expect(before).toContain(canary);

  const response = await remove(api, id);
  expect([response.status, await response.text()]).toEqual([204, '']);
  const after = await redisContents(redis, keyPrefix);
  for (const canary of CANARIES) expect(after).not.toContain(canary);
  expect(after).not.toContain(`:default:job:${id}`);
  expect((await api.call(`/v1/jobs/${id}`)).status).toBe(404);
  expect((await remove(api, id)).status).toBe(404);
  expect(await (await api.call('/v1/jobs')).json()).toMatchObject({ data: [] });
  // The stream still tells that there was a job and how it ended.
  const { events } = await readEvents(redis, keyPrefix, 'default', STREAM_START, 10);
  expect(events.map(({ type }) => type)).toEqual(['job.attempt_failed', 'job.completed']);
});

test('a job that has not ended cannot be erased, and goes on', async () => {
  const api = await startTestApi();
  const id = await submit(api);
  const queued = await remove(api, id);
  expect([queued.status, await queued.text()]).toMatchObject([
    409,
    expect.stringContaining(`/v1/jobs/${id}/cancel`),
  ]);
  const { store, clock } = api.dispatch;
  await store.begin({ project: 'default', id }, 1, clock.now(), clock.now() + 10_000);
  expect((await remove(api, id)).status).toBe(409);
  await complete(api, id);
  expect((await remove(api, id)).status).toBe(204);
});

test('of an erased job the idempotency key stays: the same submit is 410, another one 422', async () => {
  const api = await startTestApi();
  const headers = { 'idempotency-key': 'once' };
  const post = (job: unknown) => api.call('/v1/jobs', { method: 'POST', headers, body: job });
  const { id } = (await (await post(canaryJob())).json()) as { id: string };
  await complete(api, id);
  expect((await remove(api, id)).status).toBe(204);
  expect((await post(canaryJob())).status).toBe(410);
  expect((await post(chatJob())).status).toBe(422);
  expect((await api.call(`/v1/jobs/${id}`)).status).toBe(404);
});

test('an erasure that a crash interrupted is finished by the next one', async () => {
  const api = await startTestApi();
  const { redis, keyPrefix } = api.dispatch;
  const id = await submit(api, canaryJob());
  await complete(api, id, JSON.stringify({ text: ANSWER }));
  await tellEverybody(api, id);
  const job = { project: 'default', id };
  // A process that dies right after the record was erased.
  expect(await eraseRecord(redis, keyPrefix, job)).toBe('erased');
  expect(await redisContents(redis, keyPrefix)).toContain(ANSWER);
  expect(await eraseJob(api.parts, job)).toBe('erased');
  expect(await redisContents(redis, keyPrefix)).not.toContain(ANSWER);
  expect(await eraseJob(api.parts, job)).toBe('missing');
});

test('of many who erase a job at a time each hears that it is gone', async () => {
  const api = await startTestApi();
  const id = await submit(api);
  await complete(api, id);
  const statuses = await Promise.all(
    Array.from({ length: 8 }, async () => (await remove(api, id)).status),
  );
  expect(statuses).toContain(204);
  expect(statuses.every((status) => status === 204 || status === 404)).toBe(true);
});

test('a job that no key opens any more is erased', async () => {
  const api = await startTestApi();
  const { redis, keyPrefix } = api.dispatch;
  const id = await submit(api, canaryJob());
  await complete(api, id, JSON.stringify({ text: ANSWER }));
  await tellEverybody(api, id);
  const job = { project: 'default', id };
  await redis.hset(jobKeys(keyPrefix, job).record, 'req', `${PROMPT} no key opens`);
  expect((await api.call(`/v1/jobs/${id}`)).status).toBe(500);

  expect((await remove(api, id)).status).toBe(204);
  const kept = await redisContents(redis, keyPrefix);
  for (const canary of CANARIES) expect(kept).not.toContain(canary);
});

test('the line of a batch is erased only once its answer stands in a file', async () => {
  const api = await startTestApi();
  const { redis, keyPrefix, store } = api.dispatch;
  const id = await submit(api);
  await complete(api, id);
  const { request } = await readRecord(api, id);
  const { record } = jobKeys(keyPrefix, request);
  await redis.hset(record, 'line', '1');
  expect((await remove(api, id)).status).toBe(409);
  await redis.hset(record, 'file', 'file-1');
  expect((await store.readRecords([request]))[0]?.resultFile).toBe('file-1');
  expect((await remove(api, id)).status).toBe(204);
});

test.each(['job_00000000000000000000000000', 'job_1', '%2e%2e', 'x'])(
  'there is no job %s to be erased',
  async (id) => {
    const api = await startTestApi();
    expect((await remove(api, id)).status).toBe(404);
  },
);

test('a job of another project is not erased', async () => {
  const api = await startTestApi();
  const id = await submit(api);
  await complete(api, id);
  const theirs = await makeKey(api, 'a-key-of-theirs-only', 'theirs');
  expect((await remove(api, id, theirs)).status).toBe(404);
  expect((await api.call(`/v1/jobs/${id}`)).status).toBe(200);
});
