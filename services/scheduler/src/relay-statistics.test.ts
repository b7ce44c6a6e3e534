import type { Attempt, JobEnd, JobProgress } from '@understudy/contracts';
import { endJob } from '@understudy/dispatch';
import { openDispatchScene } from '@understudy/dispatch/testing';
import { SHARD_COUNT } from '@understudy/job-store';
import type { JobReference } from '@understudy/job-store';
import { readBuckets, summarizeStatistics } from '@understudy/statistics';
import { expect, test } from 'vitest';
import { readOutboxPage } from './outbox-page.ts';
import { relayOutbox } from './relay-outbox.ts';
import { createStatisticsRelay } from './relay-statistics.ts';

const SHARDS = Array.from({ length: SHARD_COUNT }, (_, shard) => shard);
const HOUR_MS = 3_600_000;

async function openScene() {
  const scene = await openDispatchScene([{ provider: 'a' }, { provider: 'b' }]);
  const { dispatch } = scene;
  const { redis, keyPrefix, clock, store } = dispatch;
  const attempt = (number: number, given: Partial<Attempt>): Attempt => ({
    number,
    round: 1,
    target: given.provider ?? 'a',
    provider: 'a',
    model_requested: 'm',
    outcome: 'failed',
    verdict: 'next',
    rule: 'default.status_500',
    duration_ms: 30,
    started_at: clock.now(),
    ...given,
  });
  return {
    ...scene,
    relay: createStatisticsRelay(dispatch),
    /** A worker's call failed, and the job goes on to provider `b`. */
    fallThrough: async (job: JobReference, progress: JobProgress) => {
      const moved: JobProgress = {
        ...progress,
        place: {
          kind: 'queue',
          since: clock.now(),
          planned: { target: 'b', provider: 'b' },
        },
      };
      const begun = await store.begin(job, 1, clock.now(), clock.now() + 1000);
      if (begun.kind !== 'started') throw new Error(`the job did not start: ${begun.kind}`);
      await store.transition(job, {
        token: begun.token,
        status: 'queued',
        nextTurn: 2,
        progress: moved,
        dueAt: clock.now() + 10_000,
        appended: [attempt(1, {})],
        folded: [],
      });
    },
    /** A worker's second call is answered. */
    answer: async (job: JobReference) => {
      const end: JobEnd = {
        v: 1,
        result: { provider: 'b' },
        usage: { input_tokens: 5, output_tokens: 7 },
        cost: { status: 'known', amount: 0.25, currency: 'USD', prices_as_of: '2026-11-01' },
      };
      await store.transition(job, {
        turn: 2,
        status: 'completed',
        nextTurn: 3,
        appended: [attempt(2, { provider: 'b', outcome: 'succeeded', duration_ms: 500 })],
        folded: [],
        end,
        endedAt: clock.now(),
        keepMs: 60_000,
      });
    },
    read: async () => {
      const now = clock.now();
      const range = { resolution: 'hour' as const, from: now - HOUR_MS, to: now + HOUR_MS };
      const statistics = summarizeStatistics(
        await readBuckets(redis, keyPrefix, { project: 'acme' }, range),
      );
      const sum = (name: 'accepted' | 'completed' | 'cancelled' | 'costUsd' | 'outputTokens') =>
        statistics.buckets.reduce((total, bucket) => total + bucket[name], 0);
      return { ...statistics, sum };
    },
  };
}

test('a relay that dies before it has trimmed the outbox counts no job and no call twice', async () => {
  const { dispatch, relay, submit, read, fallThrough, answer } = await openScene();
  const first = await submit({ id: 'job_1' });
  const second = await submit({ id: 'job_2', batch: { id: 'batch_1', line: 1, custom_id: 'r1' } });
  const { record } = (await dispatch.store.read(first))!;
  await fallThrough(first, record.progress);
  const page = await readOutboxPage(dispatch, SHARDS, 100);
  await relay(page);
  await relay(page);
  await relayOutbox(dispatch, [relay]);
  await answer(first);
  await endJob(dispatch, second, 'cancelled');
  const next = await readOutboxPage(dispatch, SHARDS, 100);
  await relay(next);
  await relayOutbox(dispatch, [relay]);
  await relayOutbox(dispatch, [relay]);

  const { sum, providers, flows } = await read();
  expect([sum('accepted'), sum('completed'), sum('cancelled')]).toEqual([2, 1, 1]);
  expect([sum('costUsd'), sum('outputTokens')]).toEqual([0.25, 7]);
  expect(
    providers.map(({ provider, attempts, succeeded, failed }) => [
      provider,
      attempts,
      succeeded,
      failed,
    ]),
  ).toEqual([
    ['a', 1, 0, 1],
    ['b', 1, 1, 0],
  ]);
  expect(providers[1]?.latency?.p50Ms).toBeGreaterThan(400);
  expect(providers[1]?.latency?.p50Ms).toBeLessThan(600);
  expect(flows).toEqual([{ from: 'a', to: 'b', count: 1 }]);
});

test('a target that is passed over at submit is a skip and a flow to the next', async () => {
  const { dispatch, relay, submit, read, cool } = await openScene();
  await cool('a', 60_000);
  await submit();
  await relayOutbox(dispatch, [relay]);
  const { providers, flows } = await read();
  expect(providers).toMatchObject([{ provider: 'a', attempts: 0, skipped: 1 }]);
  expect(flows).toEqual([{ from: 'a', to: 'b', count: 1 }]);
});

test('a start that never ended is counted as interrupted when the next takes its place', async () => {
  const { dispatch, relay, submit, read } = await openScene();
  const job = await submit();
  const { store, clock } = dispatch;
  for (let times = 0; times < 2; times += 1) {
    await store.begin(job, 1, clock.now(), clock.now() + 1000);
  }
  await relayOutbox(dispatch, [relay]);
  const { providers } = await read();
  expect(providers).toMatchObject([{ provider: 'a', attempts: 1, interrupted: 1 }]);
});
