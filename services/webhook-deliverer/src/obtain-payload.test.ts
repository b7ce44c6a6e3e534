import { SCHEMA_VERSION } from '@understudy/contracts';
import type { JobProgress, JobRequest } from '@understudy/contracts';
import { createJobStore, eraseRecord } from '@understudy/job-store';
import type { JobStore } from '@understudy/job-store';
import { createWebhookTurns } from '@understudy/queue';
import { createWebhookStore, openWebhookParts, wishesFor } from '@understudy/webhooks';
import { expect, onTestFinished, test } from 'vitest';
import { openTestRedis, uniqueKeyPrefix } from '../../../test/support/redis.ts';
import { obtainPayload } from './obtain-payload.ts';

const ANSWER = 'an-answer-that-was-erased';
const JOB = { project: 'acme', id: 'job_1' };
const NOW = Date.now();

/** A completed job, and a delivery of it that is to hold the answer and stands in no list yet. */
async function openErasable() {
  const [redis, keyPrefix] = [openTestRedis(), uniqueKeyPrefix()];
  const turns = createWebhookTurns(redis, keyPrefix);
  onTestFinished(() => turns.close());
  const clock = { now: () => NOW, monotonic: () => NOW };
  const options = { retriesMs: [0], retentionMs: 60_000 };
  const shared = { redis, keyPrefix, clock, turns, settings: options };
  const parts = openWebhookParts(shared);
  const jobs = createJobStore(redis, keyPrefix);
  await complete(jobs);

  const event = { ...JOB, id: 'evt_1_v2', type: 'job.completed' as const, job: JOB.id, at: NOW };
  const callback = { url: 'https://hooks.example.com/in', include: 'result' as const };
  const wish = wishesFor(event, { ...callback, events: ['job.completed'] }, [])[0]!;
  await parts.deliveries.create({ ...wish, dueAt: NOW }, NOW, 60_000);
  const { order } = wish;
  const key = `${keyPrefix}:{wh:${order.endpoint}}:delivery:${order.id}`;
  return {
    jobs,
    delivery: { id: order.id, order },
    context: (store: JobStore) => ({
      parts,
      jobs: store,
      settings: {
        ...options,
        timeoutMs: 1000,
        concurrency: 1,
        maxEventBytes: 65_536,
      },
    }),
    /** As the API erases. */
    erase: async () => {
      expect(await eraseRecord(redis, keyPrefix, JOB)).toBe('erased');
      await createWebhookStore(shared).forgetPayloads(JOB.project, JOB.id);
    },
    kept: () => redis.hget(key, 'payload'),
  };
}

async function complete(jobs: JobStore): Promise<void> {
  const request: JobRequest = {
    ...JOB,
    v: SCHEMA_VERSION,
    endpoint: '/v1/chat/completions',
    dialect: 'chat-completions',
    model: 'm',
    priority: 5,
    order: 1,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    created_at: NOW,
    expires_at: NOW + 60_000,
  };
  const progress: JobProgress = {
    v: SCHEMA_VERSION,
    route: 'm',
    round: 1,
    calls: 0,
    round_calls: 0,
    visited: ['a'],
    closed: {},
    draws: {},
    place: { kind: 'queue', since: NOW, planned: { target: 'a', provider: 'a' } },
    waits: [],
    skips: {},
  };
  await jobs.create(request, progress, Buffer.from('{"model":"m"}'), [], NOW + 30_000);
  const change = await jobs.transition(JOB, {
    status: 'completed',
    nextTurn: 2,
    appended: [],
    folded: [],
    end: { v: SCHEMA_VERSION, result: { provider: 'a' } },
    endedAt: NOW,
    keepMs: 60_000,
    result: Buffer.from(JSON.stringify({ text: ANSWER })),
  });
  expect(change.ok).toBe(true);
}

test('the payload of the first try holds the answer and is kept', async () => {
  const { context, jobs, delivery, kept } = await openErasable();
  const payload = await obtainPayload(context(jobs), delivery);
  expect(payload).toContain(ANSWER);
  expect(await kept()).toBe(payload);
});

test('a job that is erased once its answer was read leaves no payload behind, nor is it sent', async () => {
  const { context, jobs, delivery, erase, kept } = await openErasable();
  let erased = false;
  const readThenErased: JobStore = {
    ...jobs,
    readResult: async (job) => {
      const result = await jobs.readResult(job);
      if (!erased) await erase();
      erased = true;
      return result;
    },
  };
  const payload = await obtainPayload(context(readThenErased), delivery);
  expect(erased).toBe(true);
  expect(JSON.parse(payload)).toMatchObject({ type: 'job.completed', data: { id: JOB.id } });
  expect(payload).not.toContain(ANSWER);
  expect(await kept()).toBeNull();
});

test('a job that is erased after its payload was kept takes the payload with it', async () => {
  const { context, jobs, delivery, erase, kept } = await openErasable();
  await obtainPayload(context(jobs), delivery);
  await erase();
  expect(await kept()).toBeNull();
  expect(await obtainPayload(context(jobs), delivery)).not.toContain(ANSWER);
});
